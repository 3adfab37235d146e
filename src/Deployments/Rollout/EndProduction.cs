using Squero.Kernel;
using Squero.Registry;

namespace Squero.Deployments;

/// <summary>Where the alias production is gone, nothing serves.</summary>
internal sealed class EndProduction(DeploymentStore deployments, ModelStore models, ServingSupervisor supervisor) : IHandle<AliasRemoved>
{
    public async Task HandleAsync(AliasRemoved fact, CancellationToken cancel)
    {
        // A fact that was handled late must not end what serves again.
        if (fact.Alias == Model.Production && await models.AliasedAsync(fact.ModelId, fact.Alias, cancel) is null)
        {
            await deployments.EndAsync(fact.ModelId, cancel);
            supervisor.Wake();
        }
    }
}
