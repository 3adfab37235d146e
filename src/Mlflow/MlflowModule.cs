using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Mlflow;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class MlflowModule
{
    public static IServiceCollection AddMlflow(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapMlflow(this IEndpointRouteBuilder app) => app;
}
