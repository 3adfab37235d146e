using System.Net;
using System.Text.Json;

namespace Squero.Tests.Mlflow;

/// <summary>What was measured of logged models, and finding them by it.</summary>
public sealed class LoggedModelTests : IAsyncLifetime
{
    private TestServer server = null!;
    private MlflowClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        var author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
        await author.CreateProjectAsync("other");
        client = new MlflowClient(author.Http, "ada/churn");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_metric_of_a_model_stands_with_the_run_and_with_the_model_once()
    {
        var (run, model) = (await client.StartAsync(), await ModelAsync("a"));
        var metric = new { run_id = run, key = "auc", value = 0.9, timestamp = 5, step = 1, model_id = model, dataset_name = "d", dataset_digest = "x" };
        await client.PostAsync("runs/log-metric", metric);
        await client.PostAsync("runs/log-metric", metric);
        var kept = (await client.GetAsync($"logged-models/{model}")).GetProperty("model").GetProperty("data").GetProperty("metrics");
        Assert.Equal(
            $$"""[{"key":"auc","value":0.9,"timestamp":5,"step":1,"dataset_name":"d","dataset_digest":"x","model_id":"{{model}}","run_id":"{{run}}"}]""",
            JsonSerializer.Serialize(kept));
        var history = await client.GetAsync($"metrics/get-history?run_id={run}&metric_key=auc");
        Assert.Equal(1, history.GetProperty("metrics").GetArrayLength());
    }

    [Fact]
    public async Task A_model_keeps_long_tags_whole_and_is_named_when_its_client_names_none()
    {
        var diff = new string('+', 90_000);
        var made = await client.PostAsync("logged-models", new { experiment_id = "0", name = "", tags = new[] { new { key = "mlflow.git.diff", value = diff } } });
        var model = (await client.GetAsync($"logged-models/{made.GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()}")).GetProperty("model").GetProperty("info");
        Assert.NotEqual("", model.GetProperty("name").GetString());
        Assert.Equal(diff, model.GetProperty("tags")[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task A_metric_of_no_model_or_of_another_projects_model_is_refused_and_nothing_is_logged()
    {
        var run = await client.StartAsync();
        var other = new MlflowClient(client.Http, "ada/other");
        var foreign = (await other.PostAsync("logged-models", new { experiment_id = "0", name = "f" })).GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()!;
        foreach (var model in new[] { foreign, "m-00000000000000000000000000000000" })
        {
            using var one = await client.SendAsync("runs/log-metric", new { run_id = run, key = "auc", value = 1, timestamp = 5, model_id = model });
            using var many = await client.SendAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "auc", value = 1, timestamp = 5, model_id = model } } });
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (one.StatusCode, many.StatusCode));
        }

        Assert.False((await client.GetAsync($"metrics/get-history?run_id={run}&metric_key=auc")).TryGetProperty("metrics", out _));
    }

    [Fact]
    public async Task NaN_comes_back_as_NaN_and_compares_with_nothing()
    {
        var (run, model) = (await client.StartAsync(), await ModelAsync("a"));
        await client.SendTextAsync("runs/log-metric", $$"""{"run_id":"{{run}}","key":"loss","value":NaN,"timestamp":5,"model_id":"{{model}}"}""");
        var kept = (await client.GetAsync($"logged-models/{model}")).GetProperty("model").GetProperty("data").GetProperty("metrics")[0];
        Assert.Equal("NaN", kept.GetProperty("value").GetString());
        Assert.Empty(await FindAsync(new { experiment_ids = Default, filter = "metrics.loss <= 0" }));
    }

    [Fact]
    public async Task Models_are_found_and_put_in_order_by_what_was_measured_on_a_dataset()
    {
        var run = await client.StartAsync();
        foreach (var (name, on, off) in new[] { ("a", 0.7, 0.99), ("b", 0.9, 0.1), ("c", 0.8, 0.5) })
        {
            var model = await ModelAsync(name);
            foreach (var (data, value) in new[] { ("test", on), ("train", off) })
            {
                await client.PostAsync("runs/log-metric", new { run_id = run, key = "auc", value, timestamp = 5, model_id = model, dataset_name = data, dataset_digest = "x" });
            }
        }

        await ModelAsync("unmeasured");
        Assert.Equal(["c", "b"], await FindAsync(new { experiment_ids = Default, filter = "metrics.auc > 0.75", datasets = new[] { new { dataset_name = "test" } } }));
        Assert.Equal(
            ["a", "c", "b", "unmeasured"],
            await FindAsync(new { experiment_ids = Default, order_by = new[] { new { field_name = "metrics.auc", ascending = true, dataset_name = "test" } } }));
        Assert.Equal(["c", "b", "a"], await FindAsync(new { experiment_ids = Default, datasets = new[] { new { dataset_name = "train", dataset_digest = "x" } } }));
        Assert.Equal(["b", "a"], await FindAsync(new { experiment_ids = Default, filter = "name IN ('a', 'b') and status = 'PENDING'" }));
        Assert.Empty(await FindAsync(new { experiment_ids = Default, datasets = new[] { new { dataset_name = "train", dataset_digest = "y" } } }));
    }

    [Theory]
    [InlineData("metrics.auc > '1'")]
    [InlineData("bogus = 1")]
    [InlineData("metrics.auc > 1 OR name = 'a'")]
    [InlineData("name = 'a'; drop table x")]
    public async Task A_filter_that_means_nothing_is_refused(string filter)
    {
        using var answer = await client.SendAsync("logged-models/search", new { experiment_ids = Default, filter });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static readonly string[] Default = ["0"];

    private async Task<string> ModelAsync(string name) =>
        (await client.PostAsync("logged-models", new { experiment_id = "0", name })).GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()!;

    private async Task<string[]> FindAsync(object question)
    {
        var found = await client.PostAsync("logged-models/search", question);
        return found.TryGetProperty("models", out var models) ? [.. models.EnumerateArray().Select(model => model.GetProperty("info").GetProperty("name").GetString()!)] : [];
    }
}
