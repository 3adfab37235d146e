using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Squero.Server;

namespace Squero.Journeys;

/// <summary>The main job, as <c>./squero demo</c> plays it.</summary>
public sealed class DemoJourney : IDisposable
{
    private static readonly TimeSpan StoryLimit = TimeSpan.FromMinutes(8);
    private readonly string folder = Directory.CreateTempSubdirectory("squero-journey-").FullName;
    private readonly string url = $"http://127.0.0.1:{SqueroProcess.FreePort()}";

    [Fact]
    public Task The_demo_ends_with_a_model_that_answers() => PlayAsync();

    [Fact]
    public async Task The_demo_ends_with_the_same_model_on_PostgreSQL()
    {
        Assert.SkipUnless(PrivateCluster.IsInstalled, "PostgreSQL is not installed here (on Debian: apt-get install postgresql).");
        await using var cluster = await PrivateCluster.StartAsync(durable: true);
        var name = await cluster.CreateAsync();
        await PlayAsync("--database", cluster.AddressOf(name));
        Assert.False(File.Exists(Path.Combine(folder, "squero.db")), "The story was played on SQLite.");
        Assert.Equal("1", await cluster.AskAsync(name, "SELECT count(*) FROM registry_versions"));
    }

    [Fact]
    public async Task Another_seed_ends_with_other_metrics()
    {
        await using var demo = SqueroProcess.Start("demo", "--data", folder, "--urls", url, "--seed", "42");
        await demo.SaysAsync("Done in", StoryLimit);
        Assert.DoesNotContain("0.865", ChosenLine(demo.Output), StringComparison.Ordinal);
        Assert.NotEqual(0.952, await AskAsync(ReadResult()), 3);
    }

    [Fact]
    public async Task A_server_killed_while_it_trains_goes_on_to_the_same_end()
    {
        await using (var demo = SqueroProcess.Start("demo", "--data", folder, "--urls", url))
        {
            await demo.SaysAsync("train: [crossed", StoryLimit);
            await demo.SignalAsync("KILL");
            await demo.ExitsAsync(TimeSpan.FromSeconds(10));
        }

        await using var again = SqueroProcess.Start("demo", "--data", folder, "--urls", url);
        await again.SaysAsync("Done in", StoryLimit);
        Assert.Equal(1, ReadResult().GetProperty("version").GetInt32());
        Assert.InRange(await AskAsync(ReadResult()), 0.9, 1.0);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>The story to its end, what it says of itself, and the same story again.</summary>
    private async Task PlayAsync(params string[] database)
    {
        await using (var demo = SqueroProcess.Start(["demo", "--data", folder, "--urls", url, .. database]))
        {
            await demo.SaysAsync("Done in", StoryLimit);
            var result = ReadResult();
            Assert.Equal(url, result.GetProperty("url").GetString());
            Assert.Equal("demo/churn", result.GetProperty("project").GetString());
            Assert.Equal(1, result.GetProperty("version").GetInt32());
            Assert.EndsWith("/v2/models/churn/infer", result.GetProperty("serve_url").GetString(), StringComparison.Ordinal);
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, "demo.json")));
            var chance = await AskAsync(result);
            Assert.InRange(chance, 0.5, 1.0);
            await demo.SignalAsync("TERM");
            await demo.ExitsAsync(TimeSpan.FromSeconds(30));
        }

        Assert.Empty(Leftovers());
        await using var again = SqueroProcess.Start(["demo", "--data", folder, "--urls", url, .. database]);
        await again.SaysAsync("already", TimeSpan.FromSeconds(30));
        await AnswersAgainAsync(ReadResult());
    }

    private JsonElement ReadResult() => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "demo.json"))).RootElement.Clone();

    private static string ChosenLine(string output) => output.Split('\n').First(line => line.Contains("chosen:", StringComparison.Ordinal));

    /// <summary>The model may still be starting.</summary>
    private static async Task AnswersAgainAsync(JsonElement result)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await AskAsync(result);
                return;
            }
            catch (HttpRequestException) when (tries < 60)
            {
                await Task.Delay(500);
            }
        }
    }

    private static async Task<double> AskAsync(JsonElement result)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", result.GetProperty("token").GetString());
        using var body = new StringContent(result.GetProperty("example").GetRawText(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(result.GetProperty("serve_url").GetString(), body);
        answer.EnsureSuccessStatusCode();
        var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("1", json.GetProperty("model_version").GetString());
        return json.GetProperty("outputs")[0].GetProperty("data")[0].GetDouble();
    }

    /// <summary>Processes that still name the data folder or its address.</summary>
    private IEnumerable<string> Leftovers()
    {
        using var list = Process.Start(new ProcessStartInfo("ps", ["-eo", "args"]) { RedirectStandardOutput = true })!;
        return list.StandardOutput.ReadToEnd().Split('\n').Where(line => line.Contains(folder, StringComparison.Ordinal) || line.Contains(url, StringComparison.Ordinal));
    }
}
