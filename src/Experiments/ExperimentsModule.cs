using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Experiments;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class ExperimentsModule
{
    public static IServiceCollection AddExperiments(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapExperiments(this IEndpointRouteBuilder app) => app;
}
