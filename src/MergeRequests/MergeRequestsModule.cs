using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.MergeRequests;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class MergeRequestsModule
{
    public static IServiceCollection AddMergeRequests(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapMergeRequests(this IEndpointRouteBuilder app) => app;
}
