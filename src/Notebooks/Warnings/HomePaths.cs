using System.Buffers;

namespace Squero.Notebooks;

/// <summary>Paths such as /home/ada/thesis: the names of machines' own accounts say nothing about anybody.</summary>
internal static class HomePaths
{
    private static readonly SearchValues<string> Starts = SearchValues.Create(["/home/", "/Users/", ":\\Users\\", ":\\\\Users\\\\"], StringComparison.Ordinal);

    private static readonly HashSet<string> Nobody = new(StringComparer.OrdinalIgnoreCase)
    {
        "jovyan", "user", "users", "username", "runner", "ubuntu", "ec2-user", "sagemaker-user", "jupyter", "vscode", "codespace", "shared", "public", "default", "name", "me", "you",
        "yourname", "your_name", "root", "admin", "docs", "student", "app", "circleci", "travis", "vagrant", "azureuser", "onyxia", "coder", "mambauser", "conda",
    };

    public static string? Find(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length;)
        {
            var step = text[at..].IndexOfAny(Starts);
            if (step < 0)
            {
                return null;
            }

            at += step;
            var drive = text[at] == ':' && at > 0 && char.IsAsciiLetter(text[at - 1]);

            // Not the path of a web address, nor the middle of a longer path.
            if ((drive || text[at] == '/' && (at == 0 || !char.IsAsciiLetterOrDigit(text[at - 1]) && text[at - 1] is not ('.' or '}' or '/' or '_' or '-' or '~'))) && NameAt(text[at..]) is { } excerpt)
            {
                return excerpt;
            }

            at++;
        }

        return null;
    }

    private static string? NameAt(ReadOnlySpan<char> path)
    {
        var start = path.StartsWith("/home/") ? 6 : path.StartsWith("/Users/") ? 7 : path.StartsWith(":\\\\") ? 10 : 8;
        var length = 0;
        while (start + length < path.Length && (char.IsLetterOrDigit(path[start + length]) || path[start + length] is '.' or '_' or '-'))
        {
            length++;
        }

        // A name, and something below it.
        var end = start + length;
        var name = path.Slice(start, length);
        var below = end + 1 < path.Length && path[end] is '/' or '\\' && !char.IsWhiteSpace(path[end + 1]);
        return length is >= 2 and <= 40 && below && !Nobody.Contains(name.ToString()) ? $"{path[..start]}{name[..1]}…{path[end]}" : null;
    }
}
