using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;

namespace Squero.Kernel;

/// <summary>Regular expressions of people in SQL: only such as take time in proportion to the text, whatever the text.</summary>
public static class SqlPattern
{
    public const int MaxLength = 500;

    /// <summary>The pattern, or a refusal that says what is wrong with it.</summary>
    public static string Check(string pattern)
    {
        if (pattern.Length > MaxLength)
        {
            throw Refusal.Invalid($"A regular expression has at most {MaxLength} characters.");
        }

        try
        {
            _ = Compile(pattern);
            return pattern;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw Refusal.Invalid($"'{pattern}' is no regular expression that can be searched for: {error.Message}");
        }
    }

    /// <summary>SQLite has no regular expressions of its own: this lends it ours for one session.</summary>
    public static void Allow(Session session)
    {
        if (session.Connection is SqliteConnection sqlite)
        {
            var (known, compiled) = ("", Compile(""));
            sqlite.CreateFunction(
                "regexp",
                (string? pattern, string? text) =>
                {
                    if (pattern is not null && pattern != known)
                    {
                        (known, compiled) = (pattern, Compile(pattern));
                    }

                    return pattern is not null && text is not null && compiled.IsMatch(text);
                },
                isDeterministic: true);
        }
    }

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
