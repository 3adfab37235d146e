using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Projects;
using Squero.Tests.Mlflow;

namespace Squero.Tests.Experiments;

/// <summary>What is removed for good leaves nothing that was logged, and its numbers name nothing else afterwards.</summary>
public sealed class RemoveForGoodTests : IAsyncLifetime
{
    private static readonly string[] OfCandidates = ["params", "tags", "latest", "tail", "blocks", "inputs", "checkpoint_links"];
    private static readonly string[] OfAll = ["input_tags", "files", "checkpoints", "checkpoint_notes", "checkpoint_metrics", "trace_links"];
    private TestServer server = null!;
    private TestPerson author = null!;
    private MlflowClient client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
        client = new MlflowClient(author.Http, "ada/churn");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_deleted_candidate_is_removed_with_all_that_was_logged_of_it()
    {
        var uid = await LogAsync("0");
        Assert.Equal(HttpStatusCode.Conflict, await RemoveAsync($"candidates/{uid}"));
        await client.PostAsync("runs/delete", new { run_id = uid });
        Assert.Equal(HttpStatusCode.NoContent, await RemoveAsync($"candidates/{uid}"));
        Assert.Equal(HttpStatusCode.NotFound, await RemoveAsync($"candidates/{uid}"));

        using var gone = await client.Http.GetAsync($"{client.Root}/api/2.0/mlflow/runs/get?run_id={uid}", Cancel);
        using var restored = await client.SendAsync("runs/restore", new { run_id = uid });
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (gone.StatusCode, restored.StatusCode));
        foreach (var view in new[] { "ALL", "DELETED_ONLY" })
        {
            Assert.False((await client.PostAsync("runs/search", new { experiment_ids = new[] { "0" }, run_view_type = view })).TryGetProperty("runs", out _));
        }

        await NothingIsLeftAsync();
    }

    [Fact]
    public async Task Restoring_an_experiment_brings_no_removed_candidate_back_and_no_number_is_given_twice()
    {
        var experiment = await ExperimentAsync("first");
        var (stays, goes) = (await LogAsync(experiment), await LogAsync(experiment));
        await client.PostAsync("experiments/delete", new { experiment_id = experiment });
        Assert.Equal(HttpStatusCode.NoContent, await RemoveAsync($"candidates/{goes}"));
        await client.PostAsync("experiments/restore", new { experiment_id = experiment });
        var runs = (await client.PostAsync("runs/search", new { experiment_ids = new[] { experiment }, run_view_type = "ALL" })).GetProperty("runs");
        Assert.Equal([stays], runs.EnumerateArray().Select(run => run.GetProperty("info").GetProperty("run_id").GetString()!));

        var next = await server.Services.GetRequiredService<CandidateStore>().FindAsync(1, await LogAsync(experiment), Cancel);
        Assert.Equal(3, next!.Iid);
    }

    [Fact]
    public async Task A_deleted_experiment_is_removed_with_all_that_is_in_it_and_its_name_is_free()
    {
        var experiment = await ExperimentAsync("first");
        await LogAsync(experiment);
        await client.PostAsync("traces", new { experiment_id = experiment, timestamp_ms = 1, tags = new[] { new { key = "a", value = "b" } } });
        Assert.Equal(HttpStatusCode.Conflict, await RemoveAsync($"experiments/{experiment}"));
        await client.PostAsync("experiments/delete", new { experiment_id = experiment });
        Assert.Equal(HttpStatusCode.NoContent, await RemoveAsync($"experiments/{experiment}"));

        using var gone = await client.Http.GetAsync($"{client.Root}/api/2.0/mlflow/experiments/get?experiment_id={experiment}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        var all = (await client.GetAsync("experiments/search?max_results=10&view_type=ALL")).GetProperty("experiments");
        Assert.Equal("Default", Assert.Single(all.EnumerateArray()).GetProperty("name").GetString());
        await NothingIsLeftAsync();
        Assert.Equal((0, 0), (await CountAsync("experiments_traces"), await CountAsync("experiments_trace_notes")));
        Assert.NotEqual(experiment, await ExperimentAsync("first"));
    }

    [Fact]
    public async Task The_experiment_that_clients_log_to_without_a_name_stays()
    {
        await client.PostAsync("experiments/delete", new { experiment_id = "0" });
        Assert.Equal(HttpStatusCode.BadRequest, await RemoveAsync("experiments/0"));
    }

    [Theory]
    [InlineData(Role.Guest)]
    [InlineData(Role.Developer)]
    public async Task Who_is_no_maintainer_removes_nothing(Role role)
    {
        var uid = await client.StartAsync();
        await client.PostAsync("runs/delete", new { run_id = uid });
        var bob = await server.PersonAsync("bob");
        var project = await server.Services.GetRequiredService<ProjectStore>().FindAsync(1, Cancel);
        await server.Services.GetRequiredService<MemberStore>().SetAsync(project!, bob.Person.Id, role, Cancel);
        using var refused = await bob.Http.DeleteAsync($"/api/v4/projects/1/ml/candidates/{uid}", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private async Task<string> ExperimentAsync(string name) => (await client.PostAsync("experiments/create", new { name })).GetProperty("experiment_id").GetString()!;

    /// <summary>A run with something of everything; half of its points have left the tail.</summary>
    private async Task<string> LogAsync(string experiment)
    {
        var made = await client.PostAsync("runs/create", new { experiment_id = experiment, tags = new[] { new { key = "t", value = "secret" } } });
        var uid = made.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
        await PointsAsync(uid, 0);
        await TestServer.EventuallyAsync(() => CountAsync("experiments_tail"), count => count == 0);
        await PointsAsync(uid, 100);
        await client.PostAsync("runs/log-parameter", new { run_id = uid, key = "p", value = "secret" });
        await client.PostAsync("runs/log-inputs", new { run_id = uid, datasets = new[] { new { dataset = new { name = "d", digest = "x", source_type = "s", source = "s" }, tags = new[] { new { key = "k", value = "v" } } } } });
        using var file = await client.PutFileAsync(uid, "a.txt", "secret");
        var model = (await client.PostAsync("logged-models", new { experiment_id = experiment, name = "m", source_run_id = uid, tags = new[] { new { key = "k", value = "v" } } }))
            .GetProperty("model").GetProperty("info").GetProperty("model_id").GetString();
        using var weights = await client.Http.PutAsync($"{client.Root}/api/2.0/mlflow-artifacts/artifacts/{experiment}/models/{model}/artifacts/w.bin", new StringContent("w"), Cancel);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (file.StatusCode, weights.StatusCode));
        await client.PostAsync("runs/outputs", new { run_id = uid, models = new[] { new { model_id = model, step = 1 } } });
        await client.PostAsync("runs/log-metric", new { run_id = uid, key = "of", value = 1, timestamp = 1, model_id = model });
        return uid;
    }

    private Task<JsonElement> PointsAsync(string uid, int from) =>
        client.PostAsync("runs/log-batch", new { run_id = uid, metrics = Enumerable.Range(from, 100).Select(step => new { key = "loss", value = step, timestamp = step, step }) });

    private async Task<HttpStatusCode> RemoveAsync(string what)
    {
        using var answer = await client.Http.DeleteAsync($"/api/v4/projects/1/ml/{what}", Cancel);
        return answer.StatusCode;
    }

    private async Task NothingIsLeftAsync()
    {
        await TestServer.EventuallyAsync(() => CountAsync("experiments_tail"), count => count == 0);
        foreach (var table in OfCandidates.Concat(OfAll))
        {
            Assert.Equal((table, 0), (table, await CountAsync($"experiments_{table}")));
        }

        Assert.Equal(0, await CountAsync("experiments_candidates WHERE name <> '' OR user_name <> '' OR project_id > 0"));
    }

    private Task<long> CountAsync(string from) =>
        server.Services.GetRequiredService<Database>().ReadAsync(session => session.CountAsync($"SELECT count(*) FROM {from}"), Cancel);
}
