using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Accounts;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class AccountsModule
{
    public static IServiceCollection AddAccounts(this IServiceCollection services) => services;

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder app) => app;
}
