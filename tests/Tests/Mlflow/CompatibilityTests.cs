using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Tests.Mlflow;

/// <summary>
/// Says of every method of the real client whether it works here, from what is served and what was replayed, and compares that
/// with the page of the docs.
/// </summary>
public sealed class CompatibilityTests
{
    private const string Page = "../../docs/mlflow-compatibility.md";
    private const string Rewrite = "SQUERO_REWRITE=1 artifacts/bin/Tests/release/Squero.Tests -class Squero.Tests.Mlflow.CompatibilityTests";
    private const int LeastRows = 100;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_of_compatibility_says_what_the_replay_shows()
    {
        var (exchanges, routes) = await ReplayAsync();
        var methods = ClientMethod.ReadAll();
        Assert.True(methods.Count >= LeastRows);
        var page = new StringBuilder(Head());
        foreach (var group in methods.GroupBy(method => method.Group))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {group.Key}\n\n| method | state | proof | what is otherwise |\n|---|---|---|---|\n");
            foreach (var method in group)
            {
                page.Append(Row(method, exchanges, routes)).Append('\n');
            }
        }

        page.Append(Tail(exchanges));
        var file = TestData.Path(Page);
        if (Environment.GetEnvironmentVariable("SQUERO_REWRITE") == "1")
        {
            await File.WriteAllTextAsync(file, page.ToString(), Cancel);
        }

        var written = File.Exists(file) ? await File.ReadAllTextAsync(file, Cancel) : "";
        Assert.True(written == page.ToString(), $"docs/mlflow-compatibility.md says something else than this build shows. Look at what changed; if it is meant: {Rewrite}");
    }

    private static async Task<(List<(Transcript Of, ReplayedExchange Exchange)> Exchanges, HashSet<string> Routes)> ReplayAsync()
    {
        using var receiver = new HookReceiver();
        await using var server = await TestServer.StartAsync(privateWebhooks: true, services: receiver.StandIn);
        var author = await server.PersonAsync("ada");
        var exchanges = new List<(Transcript, ReplayedExchange)>();
        foreach (var transcript in Transcripts.All)
        {
            var project = "p" + transcript.Name.Split('_')[0];
            await author.CreateProjectAsync(project);
            var replay = new TranscriptReplay(author.Http, $"{server.Url.ToString().TrimEnd('/')}/api/v4/projects/ada%2F{project}/ml/mlflow");
            if (transcript.After is { } before)
            {
                await replay.RunAsync(Transcripts.Named(before).File);
            }

            exchanges.AddRange((await replay.RunAsync(transcript.File)).Select(exchange => (transcript, exchange)));
        }

        const string Prefix = "api/v4/projects/{project}/ml/mlflow/";
        var routes = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => (Path: endpoint.RoutePattern.RawText!.TrimStart('/'), Methods: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []))
            .Where(route => route.Path.StartsWith(Prefix, StringComparison.Ordinal))
            .SelectMany(route => route.Methods.Select(method => $"{method} {ClientCall.Short(route.Path[Prefix.Length..])}"))
            .ToHashSet(StringComparer.Ordinal);
        return (exchanges, routes);
    }

    private static string Row(ClientMethod method, List<(Transcript Of, ReplayedExchange Exchange)> exchanges, HashSet<string> routes)
    {
        if (method.Refusal is { } refusal)
        {
            return $"| `{method.Name}` | refused as the original | no server is asked | {refusal} |";
        }

        var served = method.Calls.Where(call => routes.Contains($"{call.Method} {call.Route}")).ToList();
        var missing = method.Calls.Except(served).Select(call => $"`{call.Method} {call.Route}` is not served").ToList();
        var said = exchanges.Where(entry => served.Any(call => call.Is(entry.Exchange.Method, entry.Exchange.Path))).ToList();
        var good = said.Where(entry => IsGood(entry.Of, entry.Exchange)).ToList();
        var bad = said.Count - good.Count;
        Assert.True(served.Count == 0 || good.Count > 0 || method.Tests is not null, $"Nothing proves {method.Group} {method.Name}: no exchange was replayed, and no test is named.");
        List<string> notes = [.. missing, .. bad > 0 ? new[] { $"{bad} of {said.Count} exchanges are answered otherwise" } : [], .. method.Gap is { } gap ? new[] { gap } : []];
        var state = served.Count == 0 ? "missing" : notes.Count > 0 ? "partial" : "works";
        return $"| `{method.Name}` | {state} | {Proof(method, good)} | {string.Join("; ", notes)} |";
    }

    /// <summary>The exchanges of the method itself where the recording has some, else those of the calls that it makes.</summary>
    private static string Proof(ClientMethod method, List<(Transcript Of, ReplayedExchange Exchange)> good)
    {
        var name = new Regex($@"\b{method.Name.Split('.')[^1]}\b", RegexOptions.CultureInvariant);
        var own = good.Where(entry => name.IsMatch(entry.Exchange.ClientCall)).ToList();
        var counts = string.Join(", ", (own.Count > 0 ? own : good).GroupBy(entry => entry.Of.Name.Split('_')[0]).Select(group => $"{group.Key} ({group.Count()})"));
        var replay = counts.Length == 0 ? "" : own.Count > 0 ? counts : "its calls: " + counts;
        return method.Tests is { } tests ? $"{replay}; `{tests}`".TrimStart(';', ' ') : replay.Length > 0 ? replay : "–";
    }

    /// <summary>Answered as recorded, or otherwise for a reason that is written down.</summary>
    private static bool IsGood(Transcript transcript, ReplayedExchange exchange) => exchange.Differences.Count == 0 || transcript.Otherwise.ContainsKey(exchange.Number);

    private static string Head() =>
        $"""
        # What of MLflow's client works

        Sessions of MLflow 3.6's own Python client with MLflow's own server were recorded; a test says each request to this server again and compares
        status, error code, message and body. This page is written by that test: every method of the client that speaks to a server, with the calls
        it makes served (`works`), served in part (`partial`), not served (`missing`), or refused by the client or the original server as well
        (`refused as the original`). The proof are the recorded sessions that hold such calls, with the number of exchanges that were answered as recorded (or
        otherwise for a reason given at the end), and tests by name. *Its calls*: the sessions hold no use of the method, but of the calls that it makes. A page that differs from what a build shows fails the test; this writes it anew:

            {Rewrite}

        Not listed: methods that speak to no server, and MLflow's workspaces, which only a fork has.

        """;

    private static string Tail(List<(Transcript Of, ReplayedExchange Exchange)> exchanges)
    {
        var tail = new StringBuilder("\n## The recorded sessions\n\n| session | exchanges | as recorded | otherwise on purpose | otherwise |\n|---|---|---|---|---|\n");
        foreach (var group in exchanges.GroupBy(entry => entry.Of))
        {
            var same = group.Count(entry => entry.Exchange.Differences.Count == 0);
            var purpose = group.Count(entry => entry.Exchange.Differences.Count > 0 && IsGood(group.Key, entry.Exchange));
            // Whether a random order happens to be the recorded one must not change the page.
            var known = group.Key.Otherwise.Count;
            tail.Append(CultureInfo.InvariantCulture, $"| `{group.Key.Name}` | {group.Count()} | {same + purpose - known} | {known} | {group.Count() - same - purpose} |\n");
        }

        tail.Append("\nOtherwise on purpose (a recorded 5xx that is a 4xx here counts as recorded):\n\n");
        foreach (var transcript in Transcripts.All)
        {
            foreach (var reason in transcript.Otherwise.GroupBy(entry => entry.Value))
            {
                tail.Append(CultureInfo.InvariantCulture, $"- `{transcript.Name}` {string.Join(", ", reason.Select(entry => entry.Key))}: {reason.Key}\n");
            }
        }

        return tail.ToString();
    }
}
