using System.Net.Sockets;
using System.Text;

namespace Squero.Tests.Mlflow;

/// <summary>Paths that try to leave their candidate are refused in every encoding, over a raw connection.</summary>
public sealed class ArtifactPathCorpusTests : IAsyncLifetime
{
    /// <summary>Folders that say "here" between their names lead nowhere else: they are looked into, as the original does, but name no file.</summary>
    private static readonly string[] Here = ["%2e/a", "a/%2e/b", "a//b", "a/%2f/b"];

    private TestServer server = null!;
    private TestPerson author = null!;
    private MlflowClient client = null!;
    private string run = "";

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
        client = new MlflowClient(author.Http, "ada/churn");
        run = await client.StartAsync();
        using var kept = await client.PutFileAsync(run, "kept.txt", "kept");
        Assert.True(kept.IsSuccessStatusCode);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Every_way_out_is_refused()
    {
        var corpus = Corpus().Distinct(StringComparer.Ordinal).ToList();
        Assert.True(corpus.Count >= 100, $"only {corpus.Count} paths");
        var wrong = new List<string>();
        foreach (var path in corpus)
        {
            foreach (var method in (string[])["GET", "PUT", "DELETE"])
            {
                var status = await SendAsync(method, $"{client.Root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{path}");
                if (status is not (400 or 404))
                {
                    wrong.Add($"{method} {path} answered {status}");
                }
            }

            var listed = await SendAsync("GET", $"{client.Root}/api/2.0/mlflow/artifacts/list?run_id={run}&path={path.Replace("&", "%26", StringComparison.Ordinal)}");
            if (listed != (Here.Contains(path) ? 200 : 400))
            {
                wrong.Add($"list {path} answered {listed}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(40)));
        Assert.Equal("kept", await author.Http.GetStringAsync($"{client.Root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/kept.txt"));
        Assert.Single(Directory.GetFiles(Path.Combine(server.DataFolder, "blobs"), "*", SearchOption.AllDirectories));
    }

    private static IEnumerable<string> Corpus()
    {
        string[] dots = ["..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "%25252e%25252e", "%c0%ae%c0%ae", "%u002e%u002e", "%ef%bc%8e%ef%bc%8e"];
        string[] slashes = ["/", "%2f", "%2F", "%252f", "%5c", "%255c", "%c0%af", "%e2%88%95"];
        foreach (var dot in dots)
        {
            foreach (var slash in slashes)
            {
                yield return $"{dot}{slash}{dot}{slash}etc{slash}passwd";
                yield return $"a{slash}{dot}{slash}{dot}{slash}b";
            }
        }

        foreach (var path in (string[])["%2fetc%2fpasswd", "C:%5cx", "c%3a%5cx", "C%3A/x", "a%23b", "a%2523b", "a%0ab", "a%0db", "a%7fb", "a%1b[2J", "a%5cb", "%20/a", "a/..%00/b", .. Here])
        {
            yield return path;
        }
    }

    private async Task<int> SendAsync(string method, string target)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Url.Host, server.Url.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"{method} {target} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Bearer {author.Token}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"));
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var line = await reader.ReadLineAsync() ?? "";
        return int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
