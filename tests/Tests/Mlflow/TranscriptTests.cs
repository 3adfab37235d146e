namespace Squero.Tests.Mlflow;

/// <summary>What the real client said to the real server, said to ours.</summary>
public sealed class TranscriptTests : IAsyncLifetime
{
    private readonly HookReceiver receiver = new();
    private TestServer server = null!;
    private TestPerson author = null!;

    public static TheoryData<string> Names => [.. Transcripts.All.Select(transcript => transcript.Name)];

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync(privateWebhooks: true, services: receiver.StandIn);
        author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        receiver.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_session_is_answered_as_recorded(string name)
    {
        var transcript = Transcripts.Named(name);
        var replay = new TranscriptReplay(author.Http, $"{server.Url.ToString().TrimEnd('/')}/api/v4/projects/ada%2Fchurn/ml/mlflow");
        if (transcript.After is { } before)
        {
            await replay.RunAsync(Transcripts.Named(before).File);
        }

        var differences = (await replay.RunAsync(transcript.File))
            .Where(exchange => !transcript.Otherwise.ContainsKey(exchange.Number))
            .SelectMany(exchange => exchange.Differences.Select(difference => $"{exchange.Number} {exchange.ClientCall}: {difference}"))
            .ToList();
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(40)));
    }
}
