using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Repositories;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class RepositoriesModule
{
    public static IServiceCollection AddRepositories(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapRepositories(this IEndpointRouteBuilder app) => app;
}
