using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Pipelines;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class PipelinesModule
{
    public static IServiceCollection AddPipelines(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapPipelines(this IEndpointRouteBuilder app) => app;
}
