namespace Squero.Notebooks;

/// <summary>Addresses of at least three people. One is a contact; three are a list.</summary>
internal static class EmailLists
{
    private const int List = 3;
    private const int Longest = 64;

    public static string? Find(ReadOnlySpan<char> text)
    {
        HashSet<string>? people = null;
        for (var at = text.IndexOf('@'); at >= 0 && at < text.Length;)
        {
            if (AddressAt(text, at) is { } address)
            {
                (people ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(address);
            }

            var step = text[(at + 1)..].IndexOf('@');
            at = step < 0 ? -1 : at + 1 + step;
        }

        return people is { Count: >= List } ? $"{people.Count} addresses, such as {Masked(people.First())}" : null;
    }

    private static string? AddressAt(ReadOnlySpan<char> text, int at)
    {
        int start = at, end = at + 1;
        while (start > 0 && at - start < Longest && (char.IsAsciiLetterOrDigit(text[start - 1]) || text[start - 1] is '.' or '_' or '-' or '+'))
        {
            start--;
        }

        while (end < text.Length && end - at < Longest && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-'))
        {
            end++;
        }

        var host = text[(at + 1)..end].TrimEnd(".-");
        var dot = host.LastIndexOf('.');
        var country = dot < 1 ? default : host[(dot + 1)..];
        var real = at - start > 1 && country.Length is >= 2 and <= 12 && !country.ContainsAnyExceptInRange('a', 'z') && !IsMadeUp(host, country);
        return real ? string.Concat(text[start..at], "@", host) : null;
    }

    // Examples, and what only looks like an address: files, packages, hosts in git addresses.
    private static bool IsMadeUp(ReadOnlySpan<char> host, ReadOnlySpan<char> country) =>
        host.StartsWith("example.") || host.EndsWith(".example") || country is "png" or "jpg" or "svg" or "gif" or "js" or "css" or "py" or "json" or "html" or "local" or "test" or "invalid"
        || host is "github.com" or "gitlab.com" or "bitbucket.org";

    private static string Masked(string address) => $"{address[..1]}…{address[address.IndexOf('@', StringComparison.Ordinal)..]}";
}
