using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class ExperimentsModule
{
    public static IServiceCollection AddExperiments(this IServiceCollection services)
    {
        services.AddMigrations(typeof(ExperimentsModule).Assembly);
        services.AddSingleton<CandidateStore>();
        services.AddSingleton<CandidateFiles>();
        return services;
    }

    public static IEndpointRouteBuilder MapExperiments(this IEndpointRouteBuilder app) => app;
}
