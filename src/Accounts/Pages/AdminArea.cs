using Microsoft.Extensions.DependencyInjection;

namespace Squero.Accounts;

/// <summary>A page for administrators in the menu behind their name, contributed by the module that has the page.</summary>
/// <param name="Word">A word of the domain: "Runners".</param>
/// <param name="Path">Below <c>/-/admin/</c>: "runners".</param>
public sealed record AdminArea(string Word, int Order, string Path)
{
    public string Href => "/-/admin/" + Path;
}

public static class AdminAreaRegistration
{
    public static IServiceCollection AddAdminArea(this IServiceCollection services, AdminArea area) => services.AddSingleton(area);
}
