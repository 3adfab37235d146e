using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;
using Squero.Ui;

namespace Squero.Accounts;

/// <summary>People, sign-in, sessions, access tokens, and the gate that every request passes.</summary>
public static class AccountsModule
{
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddMigrations(typeof(AccountsModule).Assembly);
        services.AddSingleton<PersonStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<CreatePerson>();
        services.AddSingleton<BlockPerson>();
        services.AddSingleton<SetupLink>();
        services.AddSingleton<Credentials>();
        services.AddSingleton<IPersonMenuSource, PersonMenuSource>();
        services.AddAdminArea(new AdminArea("People", 10, "people"));
        return services;
    }

    /// <summary>After routing, before every endpoint.</summary>
    public static IApplicationBuilder UseAccessGate(this IApplicationBuilder app) => app.UseMiddleware<AccessGate>();

    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder app)
    {
        SessionEndpoints.Map(app);
        TokenEndpoints.Map(app);
        PeopleEndpoints.Map(app);
        return app;
    }
}
