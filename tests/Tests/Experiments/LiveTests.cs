using System.Net;
using Squero.Experiments;
using Squero.Tests.Mlflow;

namespace Squero.Tests.Experiments;

/// <summary>Who watches a running candidate is told of news, of its end, and when there is nothing to be seen any more.</summary>
public sealed class LiveTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task News_are_told_and_the_end_closes_the_stream()
    {
        var (person, page, client, run) = await BeginAsync();
        using var stream = await OpenAsync(person, page);
        for (var step = 0; step < 50; step++)
        {
            await client.PostAsync("runs/log-metric", new { run_id = run, key = "loss", value = 1.0, timestamp = 1, step });
        }

        Assert.Equal("event: more", await stream.NextAsync());
        await client.PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 5 });
        Assert.Equal("event: end", await stream.NextAsync());
        Assert.Null(await stream.NextAsync());
        await NobodyWatchesAsync();

        using var again = await person.Http.GetAsync($"{page}/events");
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
        Assert.DoesNotContain("data-live=", await person.Http.GetStringAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_may_not_see_the_project_any_more_hears_no_more()
    {
        var (person, page, client, run) = await BeginAsync();
        var guest = await shared.PersonAsync();
        var project = (await person.GetAsync($"/api/v4/projects/{Uri.EscapeDataString(page.Split("/-/")[0].Trim('/'))}")).GetProperty("id").GetInt64();
        using var strange = await guest.Http.GetAsync($"{page}/events");
        Assert.Equal(HttpStatusCode.NotFound, strange.StatusCode);
        await person.PostAsync($"/api/v4/projects/{project}/members", new { user_id = guest.Person.Id, access_level = 10 });
        using var stream = await OpenAsync(guest, page);
        using var removed = await person.Http.DeleteAsync($"/api/v4/projects/{project}/members/{guest.Person.Id}");
        Assert.True(removed.IsSuccessStatusCode);
        await client.PostAsync("runs/log-metric", new { run_id = run, key = "loss", value = 1.0, timestamp = 1, step = 1 });
        Assert.Equal("event: end", await stream.NextAsync());
        Assert.Null(await stream.NextAsync());
    }

    [Fact]
    public async Task Many_may_watch_and_those_who_leave_are_forgotten()
    {
        var (person, page, client, run) = await BeginAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => OpenAsync(person, page)));
        Assert.True(shared.Get<CandidatePulse>().Watchers >= 40);
        await client.PostAsync("runs/set-tag", new { run_id = run, key = "a", value = "b" });
        Assert.All(await Task.WhenAll(streams.Select(stream => stream.NextAsync())), line => Assert.Equal("event: more", line));
        Array.ForEach(streams, stream => stream.Dispose());
        await NobodyWatchesAsync();
    }

    [Fact]
    public async Task A_server_that_stops_waits_for_nobody_who_watches()
    {
        var server = await TestServer.StartAsync();
        var ada = await server.PersonAsync("ada");
        await ada.CreateProjectAsync("churn");
        await new MlflowClient(ada.Http, "ada/churn").StartAsync();
        using var stream = await OpenAsync(ada, "/ada/churn/-/candidates/1");
        var began = TimeProvider.System.GetTimestamp();
        await server.DisposeAsync();
        Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Beats_reach_every_watch_whoever_comes_and_goes()
    {
        var pulse = new CandidatePulse();
        using var steady = pulse.Begin(7);
        await Parallel.ForAsync(0, 2000, TestContext.Current.CancellationToken, (index, _) =>
        {
            using var watch = pulse.Begin(index % 3 + 6);
            pulse.Beat(index % 3 + 6);
            return ValueTask.CompletedTask;
        });
        Assert.Equal(1, pulse.Watchers);
        Assert.True(await steady.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(await steady.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
        pulse.Beat(7);
        pulse.Beat(7);
        Assert.True(await steady.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
        Assert.False(await steady.WaitAsync(TimeSpan.Zero, TestContext.Current.CancellationToken));
    }

    private Task NobodyWatchesAsync() => TestServer.EventuallyAsync(() => Task.FromResult(shared.Get<CandidatePulse>().Watchers), watchers => watchers == 0);

    private async Task<(TestPerson Person, string Page, MlflowClient Client, string Run)> BeginAsync()
    {
        var (person, name) = (await shared.PersonAsync(), SharedServer.Name("live"));
        await person.CreateProjectAsync(name);
        var client = new MlflowClient(person.Http, $"{person.Username}/{name}");
        return (person, $"/{person.Username}/{name}/-/candidates/1", client, await client.StartAsync());
    }

    private static async Task<EventLines> OpenAsync(TestPerson person, string page)
    {
        var answer = await person.Http.GetAsync($"{page}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        var lines = new EventLines(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        Assert.Equal("retry: 3000", await lines.NextAsync("retry:"));
        return lines;
    }

    /// <summary>The lines of a stream that say what happened; null at its end.</summary>
    private sealed class EventLines(HttpResponseMessage answer, StreamReader reader) : IDisposable
    {
        public async Task<string?> NextAsync(string begin = "event:")
        {
            using var limit = new CancellationTokenSource(Patience);
            while (await reader.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith(begin, StringComparison.Ordinal))
                {
                    return line;
                }
            }

            return null;
        }

        public void Dispose()
        {
            reader.Dispose();
            answer.Dispose();
        }
    }
}
