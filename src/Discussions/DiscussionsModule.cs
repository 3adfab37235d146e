using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Discussions;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class DiscussionsModule
{
    public static IServiceCollection AddDiscussions(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapDiscussions(this IEndpointRouteBuilder app) => app;
}
