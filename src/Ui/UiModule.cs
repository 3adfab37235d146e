using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Ui;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class UiModule
{
    public static IServiceCollection AddUi(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapUi(this IEndpointRouteBuilder app) => app;
}
