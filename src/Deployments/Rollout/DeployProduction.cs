using Squero.Kernel;
using Squero.Registry;

namespace Squero.Deployments;

/// <summary>Where the alias production points, production follows.</summary>
internal sealed class DeployProduction(DeploymentStore deployments, ServingSupervisor supervisor) : IHandle<AliasMoved>
{
    public async Task HandleAsync(AliasMoved fact, CancellationToken cancel)
    {
        if (fact.Alias != Model.Production)
        {
            return;
        }

        await deployments.RequestAsync(fact.ProjectId, fact.ModelId, fact.VersionId, fact.PersonId, cancel);
        supervisor.Wake();
    }
}
