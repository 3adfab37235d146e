using System.Text.RegularExpressions;
using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Somebody with an account. The user name is also the name of the person's own namespace.</summary>
public sealed partial record Person
{
    public long Id { get; init; }

    public string Username { get; init; } = "";

    public string Name { get; init; } = "";

    public string Email { get; init; } = "";

    public bool IsAdmin { get; init; }

    public bool Blocked { get; init; }

    public long CreatedUs { get; init; }

    internal string? PasswordHash { get; init; }

    /// <summary>Refuses names that could not stand as the first segment of an address.</summary>
    public static void CheckUsername(string username)
    {
        if (!UsernamePattern().IsMatch(username) || username.Contains("..", StringComparison.Ordinal)
            || username.EndsWith(".git", StringComparison.OrdinalIgnoreCase) || ReservedNames.Contains(username))
        {
            throw Refusal.Invalid(
                $"The name `{username}` cannot be used: take 2 to 64 letters, digits, dashes, dots or underscores, beginning with a letter or digit, that is not a reserved word.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}[A-Za-z0-9_-]\\z", RegexOptions.CultureInvariant)]
    private static partial Regex UsernamePattern();
}

/// <summary>First path segments that belong to the server itself.</summary>
public static class ReservedNames
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "-", "api", "serve", "git", "project", "namespace", "group", "health", "ready", "metrics", "assets", "build", "css", "js", "_content", "_framework", "favicon.ico", "robots.txt",
        "admin", "explore", "groups", "help", "jwt", "oauth", "projects", "public", "search", "snippets", "uploads", "users", "v2", "version", "login",
    };

    public static bool Contains(string name) => Names.Contains(name);
}

/// <summary>Stated in the transaction that creates an account.</summary>
public sealed record PersonCreated(long PersonId, string Username, string Name);
