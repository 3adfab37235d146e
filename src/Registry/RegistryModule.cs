using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Registry;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class RegistryModule
{
    public static IServiceCollection AddRegistry(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapRegistry(this IEndpointRouteBuilder app) => app;
}
