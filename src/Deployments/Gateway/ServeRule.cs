using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;
using Squero.Projects;

namespace Squero.Deployments;

/// <summary>
/// Serving addresses are <c>/serve/PROJECT/v2/…</c> with a project path of any depth. Callers need an account and must see the project;
/// tokens need read_api. Anonymous callers are turned away even from public projects: answers cost computing time.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ServeRule : Attribute, IAccessRule
{
    private static readonly object Key = new();

    public async ValueTask<AccessVerdict> CheckAsync(HttpContext context, Caller caller)
    {
        if (!caller.IsSignedIn)
        {
            return AccessVerdict.SignInFirst;
        }

        if (!caller.Has(Scope.ReadApi))
        {
            return AccessVerdict.NotAllowed($"This token lacks the scope `{Scope.ReadApi.Name}`.");
        }

        var address = ServeAddress.Parse(context.GetRouteValue("rest") as string);
        var door = context.RequestServices.GetRequiredService<ProjectDoor>();
        if (address is null || await door.FindAsync(address.Project, caller, context.RequestAborted) is not { } access)
        {
            return AccessVerdict.NotFound("Model");
        }

        context.Items[Key] = (address, access.Project);
        return AccessVerdict.Allowed;
    }

    public static (ServeAddress Address, Project Project) Of(HttpContext context) => ((ServeAddress, Project))context.Items[Key]!;
}

/// <summary>A serving address taken apart: the project's path and the segments after <c>/v2</c>.</summary>
internal sealed record ServeAddress(string Project, IReadOnlyList<string> Segments)
{
    /// <summary>Null when it is not one. Projects and models may be called <c>v2</c> themselves: the protocol's is followed by one of its own words.</summary>
    public static ServeAddress? Parse(string? rest)
    {
        var parts = (rest ?? "").Split('/');
        for (var marker = 2; marker < parts.Length; marker++)
        {
            var next = marker + 1 < parts.Length ? parts[marker + 1] : "";
            if (parts[marker] == "v2" && (next is "" or "models" or "health"))
            {
                return new ServeAddress(string.Join('/', parts[..marker]), parts[(marker + 1)..]);
            }
        }

        return null;
    }
}
