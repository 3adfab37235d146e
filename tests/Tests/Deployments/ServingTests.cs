using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Squero.Deployments;
using Squero.Kernel;
using Squero.Registry;
using Squero.Tests.Registry;

namespace Squero.Tests.Deployments;

/// <summary>A promoted version serves from a real worker process, whatever happens to files, processes and the server.</summary>
public sealed class ServingTests : IAsyncLifetime
{
    private static readonly float[] Weights = [0.5f, -1.25f];
    private TestServer server = null!;
    private TestPerson owner = null!;
    private CandidateMaker maker = null!;
    private long projectId;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Address => $"/serve/{owner.Username}/churn/v2/models/churn";

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        owner = await server.PersonAsync("ada");
        projectId = (await owner.CreateProjectAsync("churn")).GetProperty("id").GetInt64();
        maker = new CandidateMaker(server.Services, projectId, owner.Person.Id);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_promoted_candidate_serves_what_its_formula_says()
    {
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await owner.Http.GetAsync($"{Address}/ready", Cancel)).StatusCode);
        await ServeAsync(0.75f);
        var metadata = await owner.GetAsync(Address);
        Assert.Equal("churn", metadata.GetProperty("name").GetString());
        Assert.Equal(["1"], metadata.GetProperty("versions").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal("""[{"name":"x","datatype":"FP32","shape":[-1,2]}]""", metadata.GetProperty("inputs").GetRawText());
        Assert.Equal("""[{"name":"y","datatype":"FP32","shape":[-1,1]}]""", metadata.GetProperty("outputs").GetRawText());

        float[][] rows = [[0, 0], [1, 2], [-3.5f, 0.25f], [100, 100]];
        var answer = await owner.PostAsync($"{Address}/infer", Request(rows));
        Assert.Equal("churn", answer.GetProperty("model_name").GetString());
        Assert.Equal("1", answer.GetProperty("model_version").GetString());
        Assert.Equal("q1", answer.GetProperty("id").GetString());
        var output = answer.GetProperty("outputs")[0];
        Assert.Equal("[4,1]", output.GetProperty("shape").GetRawText());
        var got = output.GetProperty("data").EnumerateArray().Select(item => item.GetDouble()).ToArray();
        for (var row = 0; row < rows.Length; row++)
        {
            var score = (rows[row][0] * (double)Weights[0]) + (rows[row][1] * (double)Weights[1]) + 0.75;
            Assert.Equal(1 / (1 + Math.Exp(-score)), got[row], 1e-6);
        }
    }

    [Fact]
    public async Task A_request_that_does_not_fit_is_answered_with_a_sentence()
    {
        await ServeAsync(0);
        (string Body, string Says)[] wrong =
        [
            ("", "JSON"), ("{", "JSON"), ("[]", "inputs"), ("{}", "inputs"), ("""{"inputs": []}""", "x"), ("""{"inputs": [5]}""", "name"),
            ("""{"inputs": [{"name": "z", "datatype": "FP32", "shape": [1,2], "data": [1,2]}]}""", "`z`"),
            ("""{"inputs": [{"name": "\ud800", "datatype": "FP32", "shape": [1,2], "data": [1,2]}]}""", "name"),
            ("""{"inputs": [{"name": "x", "datatype": "INT64", "shape": [1,2], "data": [1,2]}]}""", "FP32"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,3], "data": [1,2,3]}]}""", "[1,3]"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [2], "data": [1,2]}]}""", "[2]"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [-1,2], "data": [1,2]}]}""", "whole"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1.5,2], "data": [1,2]}]}""", "whole"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [2000000000,2], "data": [1,2]}]}""", "at most"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [8000000,2], "data": [1,2]}]}""", "needs 16000000 values"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [1]}]}""", "needs 2 values, but has 1"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [1,2,3]}]}""", "needs 2 values"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": ["a","b"]}]}""", "type FP32"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [null,1]}]}""", "type FP32"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [1e39,1]}]}""", "type FP32"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [1,-1e999]}]}""", "type FP32"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [NaN,1]}]}""", "JSON"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [2,2], "data": [[1,2,3],[4]]}]}""", "shape [2,2]"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [2,2], "data": [[1,2],3,4]}]}""", "shape [2,2]"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [[[1],[2]]]}]}""", "shape [1,2]"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2]}]}""", "`data`"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "data": [1,2]}]}""", "`shape`"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [1,2]}, {"name": "x", "datatype": "FP32", "shape": [1,2], "data": [1,2]}]}""", "twice"),
            ("""{"inputs": [{"name": "x", "datatype": "FP32", "shape": [1,2], "data": [1,2]}], "outputs": [{"name": "z"}]}""", "`z`"),
        ];
        foreach (var (body, says) in wrong)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await owner.Http.PostAsync($"{Address}/infer", content, Cancel);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{body} answered {(int)answer.StatusCode}: {text}");
            Assert.Contains(says, JsonDocument.Parse(text).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        }

        Assert.Equal(0.5, await AskAsync(), 1e-6);
        Assert.Equal("[]", (await owner.PostAsync($"{Address}/infer", new { inputs = new[] { new { name = "x", datatype = "FP32", shape = new[] { 0, 2 }, data = Array.Empty<float>() } } }))
            .GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Nested_data_are_taken_and_other_names_are_not_there()
    {
        await ServeAsync(0);
        var nested = await owner.PostAsync($"{Address}/versions/1/infer", new { inputs = new[] { new { name = "x", datatype = "FP32", shape = new[] { 2, 2 }, data = new[] { new[] { 0, 0 }, [0, 0] } } } });
        Assert.Equal(2, nested.GetProperty("outputs")[0].GetProperty("data").GetArrayLength());
        foreach (var path in new[] { $"{Address}2", $"{Address}/versions/2", $"/serve/{owner.Username}/other/v2/models/churn", $"/serve/{owner.Username}/churn", $"/serve/{owner.Username}/churn/v3/models/churn" })
        {
            using var answer = await owner.Http.GetAsync(path, Cancel);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Contains("\"error\"", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.OK, (await owner.Http.GetAsync($"/serve/{owner.Username}/churn/v2/health/ready", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.Http.GetAsync($"/serve/{owner.Username}/churn/v2", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await owner.Http.GetAsync($"{Address}/versions/1.0.0/ready", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Only_members_may_ask_a_private_projects_model()
    {
        await ServeAsync(0);
        using var nobody = server.Anonymous();
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(Address, Cancel)).StatusCode);
        var stranger = await server.PersonAsync("eve");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Http.GetAsync(Address, Cancel)).StatusCode);
        var narrow = await server.PersonAsync("bob", false, "read_repository");
        Assert.Equal(HttpStatusCode.Forbidden, (await narrow.Http.GetAsync(Address, Cancel)).StatusCode);
        await owner.PutAsync($"/api/v4/projects/{projectId}", new { visibility = "public" });
        Assert.Equal(HttpStatusCode.Unauthorized, (await nobody.GetAsync(Address, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await stranger.Http.GetAsync(Address, Cancel)).StatusCode);
    }

    [Fact]
    public async Task A_request_of_seventeen_megabytes_is_too_large()
    {
        await ServeAsync(0);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Address}/infer") { Content = new ByteArrayContent(new byte[17 * 1024 * 1024]) };
        request.Headers.ExpectContinue = true;
        using var answer = await owner.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_file_that_does_not_load_fails_with_a_sentence_and_the_former_version_goes_on()
    {
        await ServeAsync(0);
        await maker.PromotedAsync(OnnxBytes.Unloadable());
        var failed = await DeploymentAsync(row => row.State == DeploymentState.Failed);
        Assert.Contains("ONNX Runtime cannot load the model", failed.Sentence, StringComparison.Ordinal);
        Assert.Contains("NoSuchOperator", failed.Sentence, StringComparison.Ordinal);
        Assert.Equal("1", (await InferAsync()).GetProperty("model_version").GetString());
        Assert.Contains("NoSuchOperator", await owner.Http.GetStringAsync($"/{owner.Username}/churn/-/deployments", Cancel), StringComparison.Ordinal);

        var model = await owner.Http.GetStringAsync($"/{owner.Username}/churn/-/models/churn", Cancel);
        Assert.Contains("1.1.0 went to production but does not serve", model, StringComparison.Ordinal);
        Assert.Contains("1.0.0 keeps answering.", model, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_cannot_read_other_files_of_the_server()
    {
        var secret = Path.Combine(Path.GetTempPath(), "squero-secret-" + Path.GetRandomFileName());
        await File.WriteAllBytesAsync(secret, BitConverter.GetBytes(42f), Cancel);
        try
        {
            foreach (var name in new[] { secret, Path.GetFileName(secret), "../" + secret, "../../../../../.." + secret })
            {
                var version = await maker.PromotedAsync(OnnxBytes.NamingAnotherFile(name));
                var settled = await DeploymentAsync(row => row.VersionId == version.Id && row.State is DeploymentState.Failed or DeploymentState.Serving);
                Assert.True(settled.State == DeploymentState.Failed, $"A model with weights in {name} was loaded.");
                Assert.Contains("path", settled.Sentence, StringComparison.Ordinal);
            }
        }
        finally
        {
            File.Delete(secret);
        }
    }

    [Fact]
    public async Task A_new_version_replaces_the_old_without_a_failed_request()
    {
        await ServeAsync(0);
        using var stop = new CancellationTokenSource();
        var seen = new HashSet<string>();
        var asking = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    seen.Add((await InferAsync()).GetProperty("model_version").GetString()!);
                }
            },
            Cancel);
        await maker.PromotedAsync(OnnxBytes.Logistic(Weights, 5));
        await TestServer.EventuallyAsync(async () => (await InferAsync()).GetProperty("model_version").GetString(), version => version == "2");
        await stop.CancelAsync();
        await asking;
        Assert.Contains("2", seen);
        Assert.Equal(1 / (1 + Math.Exp(-5)), await AskAsync(), 1e-6);
        var rows = (await Deployments.ListAsync(projectId, PageRequest.First, Cancel)).Rows;
        Assert.Equal([DeploymentState.Serving, DeploymentState.Replaced], rows.Select(row => row.State));
    }

    [Fact]
    public async Task A_killed_worker_comes_back()
    {
        await ServeAsync(0);
        var former = Assert.Single(Workers());
        Process.GetProcessById(former).Kill();

        // From the first refused request on, ready means that the next one is answered.
        await TestServer.EventuallyAsync(InferAsync, status => status == HttpStatusCode.ServiceUnavailable);
        await TestServer.EventuallyAsync(async () => (await owner.Http.GetAsync($"{Address}/ready", Cancel)).StatusCode, status => status == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.OK, await InferAsync());
        await TestServer.EventuallyAsync(
            async () => await InferAsync() is HttpStatusCode.OK && Workers() is [var now] && now != former,
            served => served);
        Assert.Equal(DeploymentState.Serving, (await DeploymentAsync(_ => true)).State);

        async Task<HttpStatusCode> InferAsync() => (await owner.Http.PostAsync($"{Address}/infer", Json(Request([[0, 0]])), Cancel)).StatusCode;
    }

    [Fact]
    public async Task A_signal_that_is_meant_for_the_server_does_not_end_the_worker()
    {
        await ServeAsync(0);
        var worker = Assert.Single(Workers());
        foreach (var signal in new[] { "-INT", "-TERM" })
        {
            using var kill = Process.Start("kill", [signal, worker.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync(Cancel);
            Assert.Equal(0, kill.ExitCode);
        }

        // A signal ends a process within milliseconds; these answers come from it all the same.
        for (var round = 0; round < 20; round++)
        {
            await Task.Delay(25, Cancel);
            Assert.Equal(0.5, await AskAsync(), 1e-6);
        }

        Assert.Equal(worker, Assert.Single(Workers()));
        await server.StopAsync();
        await TestServer.EventuallyAsync(() => Task.FromResult(IsAlive(worker)), alive => !alive);
    }

    [Fact]
    public async Task After_a_restart_the_model_serves_again_and_no_worker_is_left_over()
    {
        await ServeAsync(0);
        var workers = Workers();
        await server.StopAsync();
        await TestServer.EventuallyAsync(() => Task.FromResult(workers.Where(IsAlive).ToArray()), left => left.Length == 0);
        server = await TestServer.StartAsync(folder: server.DataFolder);
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("PRIVATE-TOKEN", owner.Token);
        await TestServer.EventuallyAsync(async () => (await http.GetAsync($"{Address}/ready", Cancel)).StatusCode, status => status == HttpStatusCode.OK);
        owner = owner with { Http = http };
        Assert.Equal(0.5, await AskAsync(), 1e-6);
        Assert.Single((await Deployments.ListAsync(projectId, PageRequest.First, Cancel)).Rows);
    }

    [Fact]
    public async Task A_move_of_the_alias_that_is_heard_late_brings_no_old_version_back()
    {
        await ServeAsync(0);
        var first = (await DeploymentAsync(_ => true)).VersionId;
        var second = await maker.PromotedAsync(OnnxBytes.Logistic(Weights, 5));
        await server.Services.GetRequiredService<Database>().WriteAsync(
            session => session.PublishAsync(new AliasMoved(projectId, second.ModelId, Model.Production, first, owner.Person.Id)), Cancel);
        await TestServer.EventuallyAsync(
            () => server.Services.GetRequiredService<Database>().ReadAsync(session => session.CountAsync("SELECT count(*) FROM kernel_chores"), Cancel), left => left == 0);
        await TestServer.EventuallyAsync(async () => (await InferAsync()).GetProperty("model_version").GetString(), version => version == "2");
        Assert.Equal(2, (await Deployments.ListAsync(projectId, PageRequest.First, Cancel)).Total);
    }

    [Theory]
    [InlineData("demo/churn/v2/models/churn/infer", "demo/churn")]
    [InlineData("team/vision/churn/v2/models/v2", "team/vision/churn")]
    [InlineData("demo/v2/v2/models/churn", "demo/v2")]
    [InlineData("a/b/v2/v2/models/churn", "a/b/v2")]
    [InlineData("demo/churn/v2", "demo/churn")]
    [InlineData("demo/churn", null)]
    [InlineData("v2/models/churn", null)]
    [InlineData("", null)]
    public void A_serving_address_names_a_project(string rest, string? project) => Assert.Equal(project, ServeAddress.Parse(rest)?.Project);

    private DeploymentStore Deployments => server.Services.GetRequiredService<DeploymentStore>();

    private async Task ServeAsync(float bias)
    {
        await maker.PromotedAsync(OnnxBytes.Logistic(Weights, bias));
        await TestServer.EventuallyAsync(async () => (await owner.Http.GetAsync($"{Address}/ready", Cancel)).StatusCode, status => status == HttpStatusCode.OK);
        await DeploymentAsync(row => row.State == DeploymentState.Serving);
    }

    /// <summary>The newest deployment, once it is as wanted.</summary>
    private async Task<Deployment> DeploymentAsync(Func<Deployment, bool> good) =>
        (await TestServer.EventuallyAsync(
            async () => (await Deployments.ListAsync(projectId, PageRequest.First, Cancel)).Rows.FirstOrDefault(), row => row is not null && good(row)))!;

    private Task<JsonElement> InferAsync() => owner.PostAsync($"{Address}/infer", Request([[0, 0]]));

    private async Task<double> AskAsync() => (await InferAsync()).GetProperty("outputs")[0].GetProperty("data")[0].GetDouble();

    private static object Request(float[][] rows) => new
    {
        id = "q1",
        inputs = new[] { new { name = "x", datatype = "FP32", shape = new[] { rows.Length, rows[0].Length }, data = rows.SelectMany(row => row).ToArray() } },
    };

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    /// <summary>The worker processes of this test's server: children of this process are told apart by the pipes of the supervisor.</summary>
    private int[] Workers() => server.Services.GetRequiredService<ServingSupervisor>().Find(projectId, "churn") is { } serving ? [serving.Worker.ProcessId] : [];

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
