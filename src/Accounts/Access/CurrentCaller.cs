using Microsoft.AspNetCore.Http;

namespace Squero.Accounts;

/// <summary>The caller of a request, put there by the gate before any handler runs.</summary>
public static class CurrentCaller
{
    private static readonly object Key = new();

    public static Caller Caller(this HttpContext context) => (Caller?)context.Items[Key] ?? Accounts.Caller.Anonymous;

    internal static void SetCaller(this HttpContext context, Caller caller) => context.Items[Key] = caller;
}
