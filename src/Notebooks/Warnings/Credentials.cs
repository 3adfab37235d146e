using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// Keys and tokens by the shapes that their makers gave them, private keys, addresses with a password in them, and a
/// long random value right after a word such as password.
/// </summary>
internal static class Credentials
{
    private static readonly (string Prefix, int Tail)[] Shapes =
    [
        ("AKIA", 16), ("ASIA", 16), ("ghp_", 36), ("gho_", 36), ("ghu_", 36), ("ghs_", 36), ("ghr_", 36), ("github_pat_", 40), ("glpat-", 20), ("sk-ant-", 40), ("sk-proj-", 40),
        ("sk-", 40), ("hf_", 30), ("xoxb-", 30), ("xoxp-", 30), ("AIza", 35), ("wandb_v1_", 40), ("sqp_", 20),
    ];

    /// <summary>Of a shorter secret four letters would tell too much.</summary>
    private const int Telling = 16;

    private static readonly string[] Names = ["password", "passwd", "secret", "api_key", "apikey", "api-key", "access_key", "auth_token", "access_token"];

    private static readonly SearchValues<string> Starts = SearchValues.Create([.. Shapes.Select(shape => shape.Prefix), "-----BEGIN ", "eyJ", "://"], StringComparison.Ordinal);
    private static readonly SearchValues<string> NameStarts = SearchValues.Create(Names, StringComparison.OrdinalIgnoreCase);

    /// <summary>Where one is, and how it is told without being repeated.</summary>
    private readonly record struct Found(int Start, int Length, string Excerpt);

    public static string? Find(ReadOnlySpan<char> text) => (FindShape(text, 0) ?? FindNamed(text, 0))?.Excerpt;

    /// <summary>The same text, line for line, with every credential cut to its first letters.</summary>
    public static string Mask(string text) => Mask(text, text);

    /// <summary>The same of JSON as it stands in a file.</summary>
    public static string MaskJson(string json) => Mask(json, Unescaped(json));

    /// <param name="text">What is masked.</param>
    /// <param name="read">The same, letter for letter, as it is read.</param>
    private static string Mask(string text, ReadOnlySpan<char> read)
    {
        StringBuilder? masked = null;
        var done = 0;
        var (shape, named) = (FindShape(read, 0), FindNamed(read, 0));
        while ((shape ?? named) is not null)
        {
            var found = shape is { } one && (named is null || one.Start <= named.Value.Start) ? one : named!.Value;
            masked ??= new StringBuilder(text.Length);
            masked.Append(text, done, found.Start - done).Append(Hidden(text.AsSpan(found.Start, found.Length)));
            done = found.Start + found.Length;

            // Each is looked for once: a text of nothing but tokens takes no longer than another.
            shape = shape?.Start < done ? FindShape(read, done) : shape;
            named = named?.Start < done ? FindNamed(read, done) : named;
        }

        return masked is null ? text : masked.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>Blanks instead of escapes, each as long as it was: a token after a line feed does not begin with its letter n.</summary>
    private static ReadOnlySpan<char> Unescaped(string json)
    {
        var at = json.IndexOf('\\', StringComparison.Ordinal);
        if (at < 0)
        {
            return json;
        }

        var read = json.ToCharArray();
        while (at >= 0 && at + 1 < read.Length)
        {
            var length = read[at + 1] == 'u' ? Math.Min(6, read.Length - at) : 2;
            var letter = read[at + 1];
            read.AsSpan(at, length).Fill(' ');
            if (letter is '"' or '\\' or '/')
            {
                read[at + 1] = letter;
            }

            var step = read.AsSpan(at + length).IndexOf('\\');
            at = step < 0 ? -1 : at + length + step;
        }

        return read;
    }

    private static string Hidden(ReadOnlySpan<char> secret)
    {
        var text = new StringBuilder();
        var rest = secret;
        for (var at = rest.IndexOf('\n'); at >= 0; at = rest.IndexOf('\n'))
        {
            text.Append(text.Length == 0 ? rest[..at].ToString() : "…").Append('\n');
            rest = rest[(at + 1)..];
        }

        return text.Length == 0 ? $"{(secret.Length < Telling ? "" : secret[..4])}…" : text.Append(rest.Length == 0 ? "" : "…").ToString();
    }

    private static Found? FindShape(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; at < text.Length;)
        {
            var step = text[at..].IndexOfAny(Starts);
            if (step < 0)
            {
                return null;
            }

            at += step;
            if (ShapeAt(text, at) is { } found)
            {
                return found;
            }

            at++;
        }

        return null;
    }

    private static Found? ShapeAt(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..];
        if (rest.StartsWith("-----BEGIN "))
        {
            return rest[..Math.Min(60, rest.Length)].Contains("PRIVATE KEY-----", StringComparison.Ordinal) ? new Found(at, KeyLength(rest), "a private key") : null;
        }

        if (rest.StartsWith("://"))
        {
            return PasswordInAddress(rest[3..], at + 3);
        }

        // A variable of a shell and a query have the sign right before the token.
        if (at > 0 && text[at - 1] != '=' && IsTokenChar(text[at - 1]))
        {
            return null;
        }

        if (rest.StartsWith("eyJ"))
        {
            var token = rest[..Run(rest, true)];
            return token.Length > 60 && token.Count('.') == 2 && token.Contains(".eyJ", StringComparison.Ordinal) ? new Found(at, token.Length, Masked(token)) : null;
        }

        foreach (var (prefix, tail) in Shapes)
        {
            if (rest.StartsWith(prefix))
            {
                var run = Run(rest[prefix.Length..], false);
                return run >= tail && run <= tail * 6 && IsRandom(rest.Slice(prefix.Length, run)) ? new Found(at, prefix.Length + run, Masked(rest[..(prefix.Length + run)])) : null;
            }
        }

        return null;
    }

    // scheme://name:password@host
    private static Found? PasswordInAddress(ReadOnlySpan<char> rest, int start)
    {
        var end = rest[..Math.Min(200, rest.Length)].IndexOfAny(" \t\r\n\"'<>/");
        var host = end < 0 ? rest[..Math.Min(200, rest.Length)] : rest[..end];
        var at = host.LastIndexOf('@');
        var colon = at < 0 ? -1 : host[..at].IndexOf(':');
        return colon > 0 && at - colon > 4 && !host[(colon + 1)..at].ContainsAny("*{}[]$")
            ? new Found(start + colon + 1, at - colon - 1, $"{host[..colon]}:…@{host[(at + 1)..]}")
            : null;
    }

    /// <summary>To its end line, or the line itself where the rest is missing.</summary>
    private static int KeyLength(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf("-----END ");
        var line = rest.IndexOf('\n');
        return end >= 0 ? end : line >= 0 ? line : rest.Length;
    }

    private static Found? FindNamed(ReadOnlySpan<char> text, int from)
    {
        for (var at = from; at < text.Length;)
        {
            var step = text[at..].IndexOfAny(NameStarts);
            if (step < 0)
            {
                return null;
            }

            at += step;
            var length = NameLength(text[at..]);
            var start = at + length + Before(text[(at + length)..]);
            var value = text[start..][..Run(text[start..], false)];
            if (value.Length is >= 16 and <= 200 && IsRandom(value) && value.ContainsAnyInRange('0', '9') && value.ContainsAnyInRange('A', 'Z') && value.ContainsAnyInRange('a', 'z'))
            {
                return new Found(start, value.Length, $"{text.Slice(at, length)}: {Masked(value)}");
            }

            at += length;
        }

        return null;
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        foreach (var name in Names)
        {
            if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return name.Length;
            }
        }

        return 1;
    }

    /// <summary>Quotes, blanks and the sign between a name and its value; all of the rest when there is no sign.</summary>
    private static int Before(ReadOnlySpan<char> rest)
    {
        var sign = rest.TrimStart("'\" ");
        if (sign.Length == 0 || sign[0] is not (':' or '='))
        {
            return rest.Length;
        }

        return rest.Length - sign[1..].TrimStart("'\" ").Length;
    }

    private static int Run(ReadOnlySpan<char> text, bool dots)
    {
        var length = 0;
        while (length < text.Length && (IsTokenChar(text[length]) || dots && text[length] == '.'))
        {
            length++;
        }

        return length;
    }

    private static bool IsTokenChar(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '+' or '/' or '=';

    /// <summary>Placeholders repeat themselves: xxxx, 1234, your-key-goes-here.</summary>
    private static bool IsRandom(ReadOnlySpan<char> text)
    {
        var seen = new HashSet<char>();
        var kinds = 0;
        foreach (var c in text)
        {
            seen.Add(c);
        }

        kinds += text.ContainsAnyInRange('0', '9') ? 1 : 0;
        kinds += text.ContainsAnyInRange('A', 'Z') ? 1 : 0;
        kinds += text.ContainsAnyInRange('a', 'z') ? 1 : 0;
        return seen.Count >= 10 && kinds >= 2 && text.Count('-') <= 4 && text.Count('/') <= 3;
    }

    private static string Masked(ReadOnlySpan<char> token) => $"{token[..4]}… ({token.Length} characters)";
}
