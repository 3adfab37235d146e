using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Deployments;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class DeploymentsModule
{
    public static IServiceCollection AddDeployments(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapDeployments(this IEndpointRouteBuilder app) => app;
}
