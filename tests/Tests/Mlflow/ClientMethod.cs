using System.Text.RegularExpressions;

namespace Squero.Tests.Mlflow;

/// <summary>A method of the real client, the calls that it makes, and what is known of it besides.</summary>
/// <param name="Gap">What does not work yet although every call is served.</param>
/// <param name="Refusal">Why the client itself refuses, without asking a server.</param>
/// <param name="Tests">Tests beside the replay.</param>
internal sealed record ClientMethod(string Group, string Name, IReadOnlyList<ClientCall> Calls, string? Gap, string? Refusal, string? Tests)
{
    public static IReadOnlyList<ClientMethod> ReadAll()
    {
        var methods = new List<ClientMethod>();
        var group = "";
        foreach (var line in File.ReadLines(TestData.Path("mlflow/client-methods.txt")).Where(line => line.Length > 0 && line[0] != '#'))
        {
            if (line[0] == '[')
            {
                group = line.Trim('[', ']');
                continue;
            }

            var (name, rest) = Halves(line, " = ");
            if (rest!.StartsWith("! ", StringComparison.Ordinal))
            {
                methods.Add(new ClientMethod(group, name, [], null, rest[2..], null));
                continue;
            }

            var (withGap, tests) = Halves(rest, " @ ");
            var (calls, gap) = Halves(withGap, " ~ ");
            methods.Add(new ClientMethod(group, name, [.. calls.Split("; ").Select(ClientCall.Parse)], gap, null, tests));
        }

        return methods;
    }

    private static (string First, string? Second) Halves(string text, string at) =>
        text.IndexOf(at, StringComparison.Ordinal) is >= 0 and var place ? (text[..place], text[(place + at.Length)..]) : (text, null);
}

/// <summary>A call by its method and its route, as the server writes routes, without what every route begins with.</summary>
internal sealed partial record ClientCall(string Method, string Route)
{
    public static ClientCall Parse(string text)
    {
        var parts = text.Split(' ');
        return new ClientCall(parts[0], parts[1]);
    }

    /// <summary>A path or route without its prefix: <c>/api/2.0/mlflow/runs/get</c> is <c>runs/get</c>.</summary>
    public static string Short(string path) => Prefix().Replace(path.TrimStart('/'), "");

    /// <summary>Whether a path as a client writes it is this call.</summary>
    public bool Is(string method, string path) => method == Method && pattern.IsMatch(Short(path));

    private readonly Regex pattern = new(
        "^" + Rest().Replace(Variable().Replace(Route, "[^/]+"), "(?:/.*)?") + "$", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^(?:ajax-)?api/[23]\.0/(?:mlflow/)?")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\{[a-z]+\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"/\{\*\*[a-z]+\}")]
    private static partial Regex Rest();
}
