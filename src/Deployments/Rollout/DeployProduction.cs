using Squero.Kernel;
using Squero.Registry;

namespace Squero.Deployments;

/// <summary>Where the alias production points, production follows.</summary>
internal sealed class DeployProduction(DeploymentStore deployments, ModelStore models, ServingSupervisor supervisor) : IHandle<AliasMoved>
{
    public async Task HandleAsync(AliasMoved fact, CancellationToken cancel)
    {
        if (fact.Alias != Model.Production)
        {
            return;
        }

        // A fact that was handled late must not bring an older version back.
        if (await models.AliasedAsync(fact.ModelId, fact.Alias, cancel) is not { } present || present.Id != fact.VersionId)
        {
            return;
        }

        await deployments.RequestAsync(fact.ProjectId, fact.ModelId, fact.VersionId, fact.PersonId, cancel);
        supervisor.Wake();
    }
}
