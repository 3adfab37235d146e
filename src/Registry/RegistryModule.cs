using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Registry;

/// <summary>Models, their versions, aliases and production history.</summary>
public static class RegistryModule
{
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.AddMigrations(typeof(RegistryModule).Assembly);
        services.AddSingleton<ModelStore>();
        services.AddSingleton<ModelDetails>();
        services.AddSingleton<ModelEdits>();
        services.AddSingleton<VersionEdits>();
        services.AddSingleton<AliasEdits>();
        services.AddSingleton<RegistrySearch>();
        services.AddSingleton<ModelFileCheck>();
        services.AddSingleton<IFileSummary, OnnxPreview>();
        services.AddSingleton<RegisterVersion>();
        services.AddSingleton<PromoteCandidate>();
        services.AddSingleton<HookStore>();
        services.TryAddSingleton(new HookLimits());
        services.AddSingleton(provider => new HookSender(
            provider.GetRequiredService<HookStore>(), provider.GetRequiredService<IHookMessage>(), provider.GetRequiredService<HookLimits>()));
        services.AddHostedService<HookPump>();
        services.AddProjectArea(new ProjectArea("Models", 40, "models", Role.None));
        return services;
    }

    public static IEndpointRouteBuilder MapRegistry(this IEndpointRouteBuilder app)
    {
        ModelApi.Map(app);
        return app;
    }
}
