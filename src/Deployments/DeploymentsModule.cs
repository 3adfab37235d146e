using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;
using Squero.Projects;
using Squero.Registry;
using Squero.Ui;

namespace Squero.Deployments;

/// <summary>Serving: which version answers where, and the way requests take to it.</summary>
public static class DeploymentsModule
{
    public static IServiceCollection AddDeployments(this IServiceCollection services)
    {
        services.AddMigrations(typeof(DeploymentsModule).Assembly);
        services.AddSingleton<DeploymentStore>();
        services.AddSingleton<WorkerProgram>();
        services.AddSingleton<ServingSupervisor>();
        services.AddHostedService(provider => provider.GetRequiredService<ServingSupervisor>());
        services.AddHandler<AliasMoved, DeployProduction>();
        services.AddHandler<AliasRemoved, EndProduction>();
        services.AddSlot<VersionServing, ServingNotice>(order: 10);
        services.AddProjectArea(new ProjectArea("Deployments", 60, "deployments", Role.None));
        return services;
    }

    public static IEndpointRouteBuilder MapDeployments(this IEndpointRouteBuilder app)
    {
        ServeEndpoints.Map(app);
        return app;
    }
}
