using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Projects;
using Squero.Tests.Pipelines;

namespace Squero.Tests.Mlflow;

/// <summary>
/// Every call of the protocol by everybody, on things made anew for each call, against the table in the docs. The least
/// may ask first, so that nobody is refused for what another has deleted.
/// </summary>
public sealed class PermissionTableTests : IAsyncLifetime
{
    private const string Prefix = "/api/v4/projects/{project}/ml/mlflow";
    private static readonly string[] Twins = ["/ajax-api/2.0/", "/ajax-api/3.0/"];
    private static readonly string[] Callers = ["anonymous", "other project", "fork's job", "job", "guest", "reporter", "developer", "maintainer"];

    // What a job never does: it deletes, restores and renames nothing, and moves no alias or stage.
    private static readonly string[] NeverByJobs = ["delete", "restore", "rename", "alias", "transition-stage"];

    private readonly PipelineWorld world = new();
    private readonly Dictionary<string, MlflowClient> callers = [];
    private MlflowClient owner = null!;
    private FakeJob job = null!;
    private readonly Stack<string> hooks = new();
    private int made;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await world.InitializeAsync();
        await world.StartAsync("train:\n  script: [\"true\"]\n", "main");
        job = await world.Runner.TakeAsync("train");
        owner = new MlflowClient(world.Author.Http, world.Project);
        callers["anonymous"] = new MlflowClient(world.Server.Anonymous(), world.Project);
        callers["other project"] = new MlflowClient((await world.Server.PersonAsync("mallory")).Http, world.Project);
        callers["job"] = MlflowClient.With(world.Server, job.Variable("CI_JOB_TOKEN")!, world.Project);
        callers["fork's job"] = await ForkAsync();
        foreach (var (name, level) in new[] { ("guest", 10), ("reporter", 20), ("developer", 30), ("maintainer", 40) })
        {
            var person = await world.Server.PersonAsync(name);
            await world.Author.PostAsync($"{world.Api}/members", new { user_id = person.Person.Id, access_level = level });
            callers[name] = new MlflowClient(person.Http, world.Project);
        }
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Everybody_may_do_what_the_table_says()
    {
        var table = new StringBuilder();
        foreach (var (method, path) in Routes())
        {
            var things = await MakeAsync();
            var answers = new List<string>();
            foreach (var caller in Callers)
            {
                answers.Add(await AskAsync(callers[caller], method, path, things));
            }

            Check(method, path, answers);
            table.Append("| ").Append(method).Append(" | `").Append(path.TrimStart('/')).Append("` | ").AppendJoin(" | ", answers).Append(" |\n");
        }

        var file = TestData.Path("../../docs/api/mlflow-permissions.md");
        var written = File.Exists(file) ? await File.ReadAllTextAsync(file, Cancel) : "";
        var start = written.IndexOf("| method |", StringComparison.Ordinal);
        var expected = Head() + table;
        var actual = Path.Combine(Path.GetTempPath(), "mlflow-permissions.md");
        await File.WriteAllTextAsync(actual, expected, Cancel);
        Assert.True(start >= 0 && written[start..] == expected, $"The table in {file} is another than that of this build, in {actual}: look at what changed, and copy it if it is meant.");
    }

    [Fact]
    public async Task Both_prefixes_of_a_call_ask_for_the_same()
    {
        var things = await MakeAsync();
        foreach (var (method, path) in Routes().Where(route => route.Path.StartsWith("/api/", StringComparison.Ordinal)))
        {
            foreach (var caller in new[] { "anonymous", "other project", "reporter" })
            {
                var twin = "/ajax-" + path.TrimStart('/');
                Assert.Equal((twin, await AskAsync(callers[caller], method, path, things)), (twin, await AskAsync(callers[caller], method, twin, things)));
            }
        }
    }

    [Fact]
    public async Task A_job_changes_no_logged_model_of_another_run()
    {
        var run = await owner.StartAsync();
        var made = await owner.PostAsync("logged-models", new { experiment_id = "0", name = "theirs", source_run_id = run });
        var id = made.GetProperty("model").GetProperty("info").GetProperty("model_id").GetString();
        var job = callers["job"];
        using var free = await job.SendAsync("logged-models", new { experiment_id = "0", name = "of no run" });
        using var tags = await job.Http.PatchAsJsonAsync($"{job.Root}/api/2.0/mlflow/logged-models/{id}/tags", new { tags = new[] { new { key = "a", value = "b" } } }, Cancel);
        using var version = await job.SendAsync("registered-models/create", new { name = "theirs" });
        using var stolen = await job.SendAsync("model-versions/create", new { name = "theirs", source = $"models:/{id}", model_id = id });
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK, HttpStatusCode.Forbidden), (tags.StatusCode, version.StatusCode, stolen.StatusCode));
        Assert.Equal(HttpStatusCode.Forbidden, free.StatusCode);
        foreach (var place in new[] { $"0/models/{id}/artifacts/MLmodel", "0/notes.txt", "notes.txt", $"7/models/{id}/artifacts/MLmodel" })
        {
            using var file = await job.Http.PutAsync($"{job.Root}/api/2.0/mlflow-artifacts/artifacts/{place}", new StringContent("mine"), Cancel);
            Assert.Equal(HttpStatusCode.Forbidden, file.StatusCode);
        }
    }

    [Fact]
    public async Task A_job_writes_what_its_own_pipeline_made()
    {
        var things = await MakeAsync();
        var job = callers["job"];
        foreach (var place in new[] { $"{things["experiment_id"]}/models/{things["model"]}/artifacts/MLmodel", $"{things["experiment_id"]}/{things["run_id"]}/artifacts/a.txt" })
        {
            using var file = await job.Http.PutAsync($"{job.Root}/api/2.0/mlflow-artifacts/artifacts/{place}", new StringContent("mine"), Cancel);
            Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        }

        await job.PostAsync("experiments/set-experiment-tag", new { experiment_id = things["experiment_id"], key = "mine", value = "1" });
        foreach (var (call, body) in new (string, object)[]
        {
            ("experiments/set-experiment-tag", new { experiment_id = "0", key = "theirs", value = "1" }),
            ("experiments/delete-experiment-tag", new { experiment_id = "0", key = "theirs" }),
            ("experiments/update", new { experiment_id = "0", new_name = "theirs" }),
        })
        {
            using var refused = await job.SendAsync(call, body);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }
    }

    /// <summary>The same repository in a namespace of another's, as it is forked here, and the token of a job of it.</summary>
    private async Task<MlflowClient> ForkAsync()
    {
        var forker = await world.Server.PersonAsync("eve");
        await forker.CreateProjectAsync("churn");
        await world.GitAsync("push", "-q", forker.GitUrl("eve/churn"), "HEAD:refs/heads/main");
        var job = await world.Runner.TakeAsync("train");
        return MlflowClient.With(world.Server, job.Variable("CI_JOB_TOKEN")!, world.Project);
    }

    [Fact]
    public async Task A_job_adds_files_to_its_own_traces_and_to_no_others()
    {
        var job = callers["job"];
        async Task<HttpStatusCode> AddAsync(string trace, string experiment = "0")
        {
            using var answer = await job.Http.PutAsync($"{job.Root}/api/2.0/mlflow-artifacts/artifacts/{experiment}/traces/{trace}/artifacts/traces.json", new StringContent("{}"), Cancel);
            return answer.StatusCode;
        }

        var own = await TraceAsync(job);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (await AddAsync(own), await AddAsync(own)));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (await AddAsync(await TraceAsync(owner)), await AddAsync(own, "7")));
        Assert.Equal(HttpStatusCode.NotFound, await AddAsync("none"));
    }

    private static async Task<string> TraceAsync(MlflowClient who) =>
        (await who.PostAsync("traces", new { experiment_id = "0", timestamp_ms = 1 })).GetProperty("trace_info").GetProperty("request_id").GetString()!;

    [Fact]
    public async Task A_job_neither_reopens_what_ended_nor_deletes_its_files()
    {
        var job = callers["job"];
        var run = await job.StartAsync();
        await job.PostAsync("runs/update", new { run_id = run, status = "RUNNING" });
        using var put = await job.PutFileAsync(run, "a.txt", "a");
        await job.PostAsync("runs/update", new { run_id = run, status = "FINISHED", end_time = 5 });
        foreach (var status in new object[] { "RUNNING", "SCHEDULED", 1 })
        {
            using var reopened = await job.SendAsync("runs/update", new { run_id = run, status });
            Assert.Equal(HttpStatusCode.Forbidden, reopened.StatusCode);
        }

        using var gone = await job.Http.DeleteAsync($"{job.Root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/a.txt", Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, gone.StatusCode);
        Assert.Equal("FINISHED", (await owner.GetAsync($"runs/get?run_id={run}")).GetProperty("run").GetProperty("info").GetProperty("status").GetString());
        await owner.PostAsync("runs/update", new { run_id = run, status = "RUNNING" });
    }

    [Fact]
    public async Task A_job_writes_to_no_trace_of_another()
    {
        var trace = await TraceAsync(owner);
        var job = callers["job"];
        using var tag = await job.Http.PatchAsJsonAsync($"{job.Root}/api/3.0/mlflow/traces/{trace}/tags", new { key = "a", value = "b" }, Cancel);
        using var end = await job.Http.PatchAsJsonAsync($"{job.Root}/api/2.0/mlflow/traces/{trace}", new { timestamp_ms = 2, status = "OK" }, Cancel);
        using var think = await job.SendAsync($"../../3.0/mlflow/traces/{trace}/assessments", new { assessment = new { assessment_name = "a", feedback = new { value = 1 } } });
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (tag.StatusCode, end.StatusCode, think.StatusCode));
        Assert.Equal(HttpStatusCode.OK, await SpansAsync(owner, 1));
        Assert.Equal(HttpStatusCode.Forbidden, await SpansAsync(job, 1));

        // Of a request with somebody else's trace in it nothing is kept.
        Assert.Equal(HttpStatusCode.Forbidden, await SpansAsync(job, 2, 1));
        using var absent = await owner.Http.GetAsync($"{owner.Root}/api/3.0/mlflow/traces/tr-{2:x32}", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await SpansAsync(job, 2, 3));
    }

    /// <summary>Sends a span of each of some traces in one request.</summary>
    private static async Task<HttpStatusCode> SpansAsync(MlflowClient who, params int[] traces)
    {
        var spans = traces.Select(trace => $$"""{"traceId":"{{trace:x32}}","spanId":"0000000000000001","name":"a"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{who.Root}/v1/traces")
        {
            Content = new StringContent(
                $$"""{"resourceSpans":[{"scopeSpans":[{"spans":[{{string.Join(',', spans)}}]}]}]}""",
                Encoding.UTF8,
                "application/json"),
        };
        request.Headers.Add("x-mlflow-experiment-id", "0");
        using var answer = await who.Http.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    private static void Check(string method, string path, List<string> answers)
    {
        var of = Callers.Zip(answers).ToDictionary(pair => pair.First, pair => pair.Second);
        var where = $"{method} {path}: {string.Join(", ", answers)}";
        Assert.True(of["anonymous"] == "401" && of["other project"] == "404" && of["fork's job"] == "404", where);
        if (path.Contains("/webhooks", StringComparison.Ordinal))
        {
            // A webhook sends what happens in the project to elsewhere: a maintainer's, and nobody else's.
            Assert.True(of["maintainer"] == "yes" && Callers[3..^1].All(caller => of[caller] == "403"), where);
            return;
        }

        Assert.True(of["developer"] == "yes" && of["maintainer"] == "yes" && of["guest"] == of["reporter"], where);
        var changes = method is "PUT" or "PATCH" or "DELETE" || (method == "POST" && !path.EndsWith("search", StringComparison.Ordinal)
            && !path.EndsWith("calculate-filter-correlation", StringComparison.Ordinal) && !path.EndsWith("search-datasets", StringComparison.Ordinal) && !path.EndsWith("get-latest-versions", StringComparison.Ordinal));
        Assert.True(!changes || of["reporter"] == "403", where);
        var isOwnTag = path.Contains("delete-tag", StringComparison.Ordinal) || path.Contains("delete-experiment-tag", StringComparison.Ordinal) || path.Contains("/tags/", StringComparison.Ordinal);
        var never = changes && !isOwnTag && (NeverByJobs.Any(word => path.Contains(word, StringComparison.Ordinal)) || (method == "DELETE" && path.Contains("logged-models", StringComparison.Ordinal)));
        Assert.True(!never || of["job"] == "403", where);
    }

    private IEnumerable<(string Method, string Path)> Routes() =>
        world.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => ("/" + endpoint.RoutePattern.RawText!.TrimStart('/')).StartsWith(Prefix + "/", StringComparison.Ordinal) && endpoint.Metadata.GetMetadata<ProjectRule>() is not null)
            .Select(endpoint => (Path: ("/" + endpoint.RoutePattern.RawText!.TrimStart('/'))[Prefix.Length..], Methods: endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []))
            .Where(route => !Twins.Any(twin => route.Path.StartsWith(twin, StringComparison.Ordinal)) || route.Path.EndsWith("upload-artifact", StringComparison.Ordinal))
            .SelectMany(route => route.Methods.Where(method => method != "HEAD").Select(method => (method, route.Path)))
            .Distinct().OrderBy(route => route.Path, StringComparer.Ordinal).ThenBy(route => route.method, StringComparer.Ordinal);

    private static string Head() => $"| method | call | {string.Join(" | ", Callers)} |\n|---|---|{string.Concat(Callers.Select(_ => "---|"))}\n";

    /// <summary>A run of the job, and whatever else the calls name.</summary>
    private async Task<Dictionary<string, string>> MakeAsync()
    {
        // A job of which nothing is heard for minutes counts as lost, and its token with it.
        using var alive = await job.TouchAsync();
        var number = ++made;
        var name = $"m{number}";
        var experiment = (await callers["job"].PostAsync("experiments/create", new { name = $"e{number}" })).GetProperty("experiment_id").GetString()!;
        var run = (await callers["job"].PostAsync("runs/create", new { experiment_id = experiment })).GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
        await owner.PostAsync("runs/set-tag", new { run_id = run, key = "k", value = "v" });
        await owner.PostAsync("experiments/set-experiment-tag", new { experiment_id = experiment, key = "k", value = "v" });
        var model = (await owner.PostAsync("logged-models", new { experiment_id = experiment, name, source_run_id = run })).GetProperty("model").GetProperty("info").GetProperty("model_id").GetString()!;
        await owner.PostAsync("registered-models/create", new { name });
        await owner.PostAsync("model-versions/create", new { name, source = "s3://b/p" });
        await owner.PostAsync("registered-models/alias", new { name, alias = "champion", version = "1" });
        var trace = (await callers["job"].PostAsync("traces", new { experiment_id = experiment, timestamp_ms = 1 })).GetProperty("trace_info").GetProperty("request_id").GetString()!;
        var assessment = (await owner.PostAsync($"../../3.0/mlflow/traces/{trace}/assessments", new { assessment = new { assessment_name = "a", feedback = new { value = 1 } } }))
            .GetProperty("assessment").GetProperty("assessment_id").GetString()!;
        var dataset = (await owner.PostAsync("../../3.0/mlflow/datasets/create", new { name })).GetProperty("dataset").GetProperty("dataset_id").GetString()!;
        await owner.PostAsync("../../3.0/mlflow/scorers/register", new { experiment_id = experiment, name, serialized_scorer = "{}" });
        if (hooks.TryPop(out var last))
        {
            // A project has a hundred at most.
            using var gone = await owner.Http.DeleteAsync($"{owner.Root}/api/2.0/mlflow/webhooks/{last}", Cancel);
        }

        var hook = (await owner.PostAsync("webhooks", new { name, url = "http://localhost:1/hook", status = "DISABLED", events = new[] { new { entity = "PROMPT", action = "CREATED" } } }))
            .GetProperty("webhook").GetProperty("webhook_id").GetString()!;
        hooks.Push(hook);
        await owner.PostAsync("traces/link-to-run", new { trace_ids = new[] { trace }, run_id = run });
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["dataset"] = dataset,
            ["serialized_scorer"] = "{}",
            ["records"] = "[]",
            ["tags"] = "{}",
            ["webhook"] = hook,
            ["url"] = "http://localhost:1/hook",
            ["trace"] = trace,
            ["assessment"] = assessment,
            ["request_id"] = trace,
            ["trace_id"] = trace,
            ["trace_ids"] = trace,
            ["name"] = name,
            ["new_name"] = $"n{number}",
            ["version"] = "1",
            ["alias"] = "champion",
            ["stage"] = "Staging",
            ["source"] = "s3://b/p",
            ["key"] = "k",
            ["value"] = "v",
            ["experiment_id"] = experiment,
            ["experiment_name"] = $"e{number}",
            ["run_id"] = run,
            ["source_run_id"] = run,
            ["model_id"] = model,
            ["path"] = "x.txt",
            ["metric_key"] = "k",
            ["status"] = "LOGGED_MODEL_READY",
            ["model"] = model,
            ["artifact_file_path"] = "x.txt",
            ["num_parts"] = "1",
            ["upload_id"] = "none",
        };
    }

    private static async Task<string> AskAsync(MlflowClient who, string method, string path, Dictionary<string, string> things)
    {
        var address = path.Replace("{model}", things["model"], StringComparison.Ordinal).Replace("{key}", "k", StringComparison.Ordinal)
            .Replace("{trace}", things["trace"], StringComparison.Ordinal).Replace("{assessment}", things["assessment"], StringComparison.Ordinal)
            .Replace("{webhook}", things["webhook"], StringComparison.Ordinal).Replace("{dataset}", things["dataset"], StringComparison.Ordinal)
            .Replace("{**path}", $"{things["experiment_id"]}/{things["run_id"]}/artifacts/x.txt", StringComparison.Ordinal);
        if (method == "GET" || path.EndsWith("upload-artifact", StringComparison.Ordinal))
        {
            address += "?" + string.Join('&', things.Where(thing => thing.Key is not "model").Select(thing => $"{thing.Key}={Uri.EscapeDataString(thing.Value)}"));
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), who.Root + address);
        if (method != "GET")
        {
            request.Content = JsonContent.Create(things);
            await request.Content.LoadIntoBufferAsync(Cancel);
        }

        using var answer = await who.Http.SendAsync(request, Cancel);
        var text = answer.StatusCode == HttpStatusCode.NotFound ? await answer.Content.ReadAsStringAsync(Cancel) : "";
        return answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => "401",
            HttpStatusCode.Forbidden => "403",
            HttpStatusCode.NotFound when text.Contains("Project", StringComparison.Ordinal) => "404",
            var code => (int)code < 500 || (int)code == 501 ? "yes" : throw new InvalidOperationException($"{method} {path} answered {(int)code}"),
        };
    }
}
