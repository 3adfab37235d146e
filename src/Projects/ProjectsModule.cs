using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Projects;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class ProjectsModule
{
    public static IServiceCollection AddProjects(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapProjects(this IEndpointRouteBuilder app) => app;
}
