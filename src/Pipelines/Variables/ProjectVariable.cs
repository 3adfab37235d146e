using System.Text.RegularExpressions;
using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>A variable from a project's settings, given to its jobs.</summary>
internal sealed partial record ProjectVariable
{
    public long Id { get; init; }

    public long ProjectId { get; init; }

    public string Key { get; init; } = "";

    public string Value { get; init; } = "";

    /// <summary>Starred out in logs.</summary>
    public bool Masked { get; init; }

    /// <summary>Only for jobs on protected branches.</summary>
    public bool Protected { get; init; }

    public bool File { get; init; }

    public bool Raw { get; init; }

    public string EnvironmentScope { get; init; } = "*";

    internal byte[] SealedValue { get; init; } = [];

    public void Check()
    {
        if (!KeyPattern().IsMatch(Key))
        {
            throw Refusal.Invalid($"`{Key}` cannot be the name of a variable: use up to 255 letters, digits and underscores, beginning with a letter or underscore.");
        }

        if (Value.Length > 10_000 || Value.Contains('\0', StringComparison.Ordinal))
        {
            throw Refusal.Invalid($"The value of `{Key}` is longer than 10,000 characters or holds a NUL character.");
        }

        if (EnvironmentScope.Length is 0 or > 255 || EnvironmentScope.Any(char.IsControl))
        {
            throw Refusal.Invalid($"The environment scope of `{Key}` has 1 to 255 characters; `*` means everywhere.");
        }

        if (Masked && (Value.Length < 8 || Value.Any(char.IsWhiteSpace)))
        {
            throw Refusal.Invalid($"The value of `{Key}` cannot be masked: a masked value is one word of at least 8 characters.");
        }
    }

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]{0,254}$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();
}
