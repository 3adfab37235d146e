using System.Net;
using System.Text;
using System.Text.Json;

namespace Squero.Tests.Mlflow;

/// <summary>Logging by many at once, and the shapes of the answers.</summary>
public sealed class LoggingTests : IAsyncLifetime
{
    private TestServer server = null!;
    private MlflowClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        var author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
        client = new MlflowClient(author.Http, "ada/churn");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Many_writers_lose_no_point()
    {
        const int writers = 16, batches = 10, size = 50;
        var uid = await client.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            for (var batch = 0; batch < batches; batch++)
            {
                var first = ((writer * batches) + batch) * size;
                await client.PostAsync("runs/log-batch", new
                {
                    run_id = uid,
                    metrics = Enumerable.Range(first, size).Select(step => new { key = "loss", value = 1.0 / (step + 1), timestamp = step, step }),
                });
            }
        }));
        var history = await client.GetAsync($"metrics/get-history?run_id={uid}&metric_key=loss&max_results=25000");
        var steps = history.GetProperty("metrics").EnumerateArray().Select(point => point.GetProperty("step").GetInt64()).ToList();
        Assert.Equal(Enumerable.Range(0, writers * batches * size).Select(step => (long)step), steps);
        var run = await client.GetAsync($"runs/get?run_id={uid}");
        Assert.Equal(steps[^1], run.GetProperty("run").GetProperty("data").GetProperty("metrics")[0].GetProperty("step").GetInt64());
    }

    [Theory]
    [InlineData("NaN", "\"NaN\"")]
    [InlineData("Infinity", "1.7976931348623157E+308")]
    [InlineData("-Infinity", "-1.7976931348623157E+308")]
    public async Task What_Python_writes_for_a_number_that_is_none_is_understood(string written, string answered)
    {
        var uid = await client.StartAsync();
        foreach (var (call, body) in new[]
        {
            ("runs/log-metric", $$"""{"run_id": "{{uid}}", "key": "NaN", "value": {{written}}, "timestamp": 1}"""),
            ("runs/log-batch", $$"""{"run_id": "{{uid}}", "metrics": [{"key": "a NaN b", "value": {{written}}, "timestamp": 1, "step": 2}], "tags": [{"key": "said", "value": "\"NaN\""}]}"""),
        })
        {
            using var answer = await client.SendTextAsync(call, body);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var data = (await client.GetAsync($"runs/get?run_id={uid}")).GetProperty("run").GetProperty("data");
        Assert.Contains(data.GetProperty("tags").EnumerateArray(), tag => tag.GetProperty("value").GetString() == "\"NaN\"");
        var metrics = data.GetProperty("metrics").EnumerateArray().ToList();
        Assert.Equal(["NaN", "a NaN b"], metrics.Select(metric => metric.GetProperty("key").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(metrics, metric => Assert.Equal(answered, metric.GetProperty("value").GetRawText()));
    }

    [Theory]
    [InlineData("""{"metrics": [{"key": "a", "value": 1, "timestamp": 1}, null, {"key": "b", "value": 1, "timestamp": 1}], RUN}""")]
    [InlineData("""{RUN, "metrics": [[1]], "params": [{"key": "p", "value": "1"}]}""")]
    [InlineData("""{RUN, "params": [7], "tags": [{"key": "t", "value": "1"}]}""")]
    [InlineData("""{RUN, "metrics": [{"key": "a", "value": 1, "timestamp": 1}]} and more""")]
    public async Task A_batch_of_which_a_part_cannot_be_read_is_refused_as_a_whole(string body)
    {
        var uid = await client.StartAsync();
        using var refused = await client.SendTextAsync("runs/log-batch", body.Replace("RUN", $"\"run_id\": \"{uid}\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var data = (await client.GetAsync($"runs/get?run_id={uid}")).GetProperty("run").GetProperty("data");
        Assert.False(data.TryGetProperty("metrics", out _) || data.TryGetProperty("params", out _));
    }

    [Fact]
    public async Task A_metric_with_something_behind_it_is_refused()
    {
        var uid = await client.StartAsync();
        using var refused = await client.SendTextAsync("runs/log-metric", $$"""{"run_id": "{{uid}}", "key": "a", "value": 1, "timestamp": 1}{}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("experiments/create", """{"name": "\ud800"}""")]
    [InlineData("experiments/create", """{"name": "a", "tags": [{"key": "k", "value": "x\udc00y"}]}""")]
    [InlineData("experiments/create", "\"{\\\"name\\\": \\\"\\\\ud800\\\"}\"")]
    [InlineData("runs/search", """{"experiment_ids": ["0"], "filter": "params.a = '\ud800'"}""")]
    [InlineData("runs/log-parameter", """{"run_id": "RUN", "key": "k", "value": "\ud83d"}""")]
    [InlineData("runs/log-model", """{"run_id": "RUN", "model_json": "{\"artifact_path\":\"\\ud800\",\"flavors\":{},\"utc_time_created\":1,\"run_id\":1}"}""")]
    [InlineData("../../3.0/mlflow/datasets/create", """{"name": "d", "tags": "{\"a\":\"\\ud800\"}"}""")]
    public async Task Half_of_a_letter_is_the_callers_fault_and_not_the_servers(string call, string body)
    {
        var uid = await client.StartAsync();
        using var refused = await client.SendTextAsync(call, body.Replace("RUN", uid, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("half of a letter", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_no_UTF8_is_the_callers_fault()
    {
        using var body = new ByteArrayContent([.. "{\"name\":\""u8, 0xff, .. "\"}"u8]);
        body.Headers.ContentType = new("application/json");
        using var refused = await client.Http.PostAsync($"{client.Root}/api/2.0/mlflow/experiments/create", body, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_no_JSON_is_called_so()
    {
        var uid = await client.StartAsync();
        using var refused = await client.SendTextAsync("runs/log-metric", $$"""{"run_id": "{{uid}}", "value": nan}""");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("not valid JSON", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_words_of_a_fault_travel_with_their_quotes()
    {
        using var refused = await client.SendTextAsync("runs/set-tag", """{"run_id": 31, "key": "k", "value": "v"}""");
        Assert.Contains("Invalid value 31 for parameter 'run_id' supplied", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_may_begin_with_tags_of_any_key_and_gets_others_by_the_rules_of_names()
    {
        var run = (await client.PostAsync("runs/create", new { experiment_id = "0", tags = new[] { new { key = "owner@team", value = "x" } } })).GetProperty("run");
        Assert.Contains(run.GetProperty("data").GetProperty("tags").EnumerateArray(), tag => tag.GetProperty("key").GetString() == "owner@team");
        foreach (var key in new[] { "owner@team", "a//b" })
        {
            using var ofRun = await client.SendAsync("runs/set-tag", new { run_id = run.GetProperty("info").GetProperty("run_id").GetString(), key, value = "y" });
            using var ofExperiment = await client.SendAsync("experiments/set-experiment-tag", new { experiment_id = "0", key, value = "y" });
            Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (ofRun.StatusCode, ofExperiment.StatusCode));
        }
    }

    [Theory]
    [InlineData(".")]
    [InlineData("./")]
    [InlineData("")]
    public async Task The_files_of_a_run_are_listed_from_here(string here)
    {
        var uid = await client.StartAsync();
        using var put = await client.Http.PutAsync($"{client.Root}/api/2.0/mlflow-artifacts/artifacts/0/{uid}/artifacts/a.txt", new StringContent("x"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var ofProxy = await client.Http.GetStringAsync($"{client.Root}/api/2.0/mlflow-artifacts/artifacts?path=0/{uid}/artifacts/{here}", TestContext.Current.CancellationToken);
        Assert.Contains("a.txt", ofProxy, StringComparison.Ordinal);
        Assert.Single((await client.GetAsync($"artifacts/list?run_id={uid}&path={here}")).GetProperty("files").EnumerateArray());
    }

    [Fact]
    public async Task An_address_may_name_hundreds_of_runs()
    {
        var ids = string.Join('&', Enumerable.Range(0, 500).Select(number => $"run_id={number:x32}"));
        using var answer = await client.Http.GetAsync($"{client.Root}/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=m&{ids}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("INVALID_PARAMETER_VALUE", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_that_changes_a_param_leaves_nothing()
    {
        var uid = await client.StartAsync();
        await client.PostAsync("runs/log-parameter", new { run_id = uid, key = "lr", value = "1" });
        using var refused = await client.SendAsync("runs/log-batch", new
        {
            run_id = uid,
            @params = new[] { new { key = "fresh", value = "1" }, new { key = "lr", value = "2" } },
            metrics = new[] { new { key = "m", value = 1.0, timestamp = 1 } },
        });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var data = (await client.GetAsync($"runs/get?run_id={uid}")).GetProperty("run").GetProperty("data");
        Assert.Equal("lr", Assert.Single(data.GetProperty("params").EnumerateArray()).GetProperty("key").GetString());
        Assert.False(data.TryGetProperty("metrics", out _));
    }

    [Fact]
    public async Task An_unknown_call_is_answered_in_the_protocols_shape()
    {
        using var answer = await client.SendAsync("runs/nope", new { });
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("ENDPOINT_NOT_FOUND", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error_code").GetString());
    }

    [Fact]
    public async Task Damaged_bodies_are_never_a_fault_of_the_server()
    {
        var uid = await client.StartAsync();
        var good = $$"""{"run_id":"{{uid}}","metrics":[{"key":"m","value":1.5,"timestamp":1,"step":2}],"params":[{"key":"p","value":"1"}],"tags":[{"key":"t","value":"x"}]}""";
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(good);
            for (var change = 0; change < 1 + (round % 4); change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)"\"{}[],:0ax-\\\u0001"[random.Next(13)];
            }

            using var content = new ByteArrayContent(bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)]);
            content.Headers.ContentType = new("application/json");
            foreach (var call in (string[])["runs/log-batch", "runs/log-metric", "runs/set-tag"])
            {
                using var answer = await client.Http.PostAsync($"{client.Root}/api/2.0/mlflow/{call}", content);
                Assert.True((int)answer.StatusCode < 500, $"{call} answered {(int)answer.StatusCode} to {Encoding.UTF8.GetString(bytes)}");
            }
        }
    }
}
