using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;

namespace Squero.Discussions;

/// <summary>Table of contents of the module: what it registers. Pages and REST calls belong to the subjects' modules.</summary>
public static class DiscussionsModule
{
    public static IServiceCollection AddDiscussions(this IServiceCollection services)
    {
        services.AddMigrations(typeof(DiscussionsModule).Assembly);
        services.AddSingleton<ThreadStore>();
        services.AddSingleton<StartThread>();
        services.AddSingleton<ReplyToThread>();
        services.AddSingleton<ResolveThread>();
        services.AddSingleton<BlockThread>();
        return services;
    }

    public static IEndpointRouteBuilder MapDiscussions(this IEndpointRouteBuilder app) => app;
}
