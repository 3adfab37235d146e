using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Squero.Tests.Mlflow;

/// <summary>Traces beyond what the recorded sessions hold: JSON, limits, hostile spans, other projects.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string TraceId = "7129c41398c912f4e8d9bcff0bec3417";
    private TestServer server = null!;
    private MlflowClient client = null!;

    private static string Uid => "tr-" + TraceId;

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
    public async Task Spans_come_as_packed_json_and_are_given_back_whole()
    {
        var span = Span("01", "root", """{"key":"model","value":{"stringValue":"tiny"}},{"key":"n","value":{"intValue":"3"}},{"key":"deep","value":{"kvlistValue":{"values":[{"key":"a","value":{"arrayValue":{"values":[{"doubleValue":1.5},{"boolValue":true}]}}}]}}}""");
        using var answer = await SendAsync(Request(span), packed: true);
        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        var kept = (await Get3Async($"traces/get?trace_id={Uid}")).GetProperty("trace");
        Assert.Equal("OK", kept.GetProperty("trace_info").GetProperty("state").GetString());
        Assert.Equal("2s", kept.GetProperty("trace_info").GetProperty("execution_duration").GetString());
        Assert.Equal(
            """[{"key":"mlflow.traceRequestId","value":{"string_value":"UID"}},{"key":"model","value":{"string_value":"tiny"}},{"key":"n","value":{"int_value":3}},{"key":"deep","value":{"kvlist_value":{"values":[{"key":"a","value":{"array_value":{"values":[{"double_value":1.5},{"bool_value":true}]}}}]}}}]""".Replace("UID", Uid, StringComparison.Ordinal),
            JsonSerializer.Serialize(kept.GetProperty("spans")[0].GetProperty("attributes")));
    }

    [Fact]
    public async Task A_trace_runs_until_its_root_has_come_and_its_tokens_add_up_once()
    {
        const string Usage = """{"key":"mlflow.chat.tokenUsage","value":{"kvlistValue":{"values":[{"key":"total_tokens","value":{"intValue":15}}]}}}""";
        for (var again = 0; again < 2; again++)
        {
            await SendAsync(Request(Span("02", "inner", Usage, "01")));
        }

        Assert.Equal("IN_PROGRESS", (await InfoAsync()).GetProperty("state").GetString());
        await SendAsync(Request(Span("01", "root", Usage)));
        var info = await InfoAsync();
        Assert.Equal("OK", info.GetProperty("state").GetString());
        Assert.Equal("""{"total_tokens": 30}""", info.GetProperty("trace_metadata").GetProperty("mlflow.trace.tokenUsage").GetString());
    }

    [Fact]
    public async Task A_tag_is_held_to_the_rules_of_names_and_a_judgement_may_be_long()
    {
        await SendAsync(Request(Span("01", "root", "")));
        foreach (var key in new[] { "a$", "a//b" })
        {
            using var tag = await client.Http.PatchAsJsonAsync($"{client.Root}/api/2.0/mlflow/traces/{Uid}/tags", new { key, value = "x" });
            Assert.Equal(HttpStatusCode.BadRequest, tag.StatusCode);
        }

        var assessment = new { assessment_name = "answer", expectation = new { value = new string('x', 100_000) }, source = new { source_type = "HUMAN", source_id = "me" } };
        using var judged = await client.Http.PostAsJsonAsync($"{client.Root}/api/3.0/mlflow/traces/{Uid}/assessments", new { assessment });
        Assert.Equal(HttpStatusCode.OK, judged.StatusCode);
    }

    [Fact]
    public async Task The_same_id_in_another_project_is_another_trace()
    {
        await SendAsync(Request(Span("01", "root", "")));
        var other = new MlflowClient(client.Http, "ada/other");
        using var absent = await other.Http.GetAsync($"{other.Root}/api/3.0/mlflow/traces/{Uid}");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        using var sent = await SendAsync(Request(Span("03", "elsewhere", "")), to: other);
        Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        Assert.Equal(1, (await Get3Async($"traces/get?trace_id={Uid}")).GetProperty("trace").GetProperty("spans").GetArrayLength());
        using var deleted = await other.Http.PostAsJsonAsync($"{other.Root}/api/3.0/mlflow/traces/delete-traces", new { experiment_id = "0", request_ids = new[] { Uid } });
        Assert.Contains("\"traces_deleted\":1", await deleted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("root", (await Get3Async($"traces/get?trace_id={Uid}")).GetProperty("trace").GetProperty("spans")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Values_too_deep_and_requests_too_large_are_refused_and_nothing_is_kept()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"arrayValue":{"values":[""", 40)) + """{"intValue":1}""" + string.Concat(Enumerable.Repeat("]}}", 40));
        using var tooDeep = await SendAsync(Request(Span("01", "root", $"{{\"key\":\"a\",\"value\":{deep}}}")));
        Assert.Equal(HttpStatusCode.BadRequest, tooDeep.StatusCode);
        Assert.Contains("32 deep", await tooDeep.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // 40 MB of blanks are 40 kB when packed.
        using var bomb = await SendAsync(Request(Span("01", "root", "")) + new string(' ', 40_000_000), packed: true);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, bomb.StatusCode);
        using var large = await SendAsync(Request(Span("01", "root", "")) + new string(' ', 34_000_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Contains("\"detail\"", await large.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var broken = await SendAsync(Request(Span("01", "root", "")), encoding: "gzip");
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        using var absent = await client.Http.GetAsync($"{client.Root}/api/3.0/mlflow/traces/{Uid}");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task A_span_of_a_megabyte_with_signs_that_no_database_keeps_comes_back()
    {
        var text = new string('x', 1_000_000);
        using var answer = await SendAsync(Request(Span("01", "ro\\u0000ot", """{"key":"a\u0000","value":{"stringValue":"TEXT\u0000"}}""".Replace("TEXT", text, StringComparison.Ordinal))));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var span = (await Get3Async($"traces/get?trace_id={Uid}")).GetProperty("trace").GetProperty("spans")[0];
        Assert.Equal("ro\uFFFDot", span.GetProperty("name").GetString());
        Assert.Equal(1_000_001, span.GetProperty("attributes")[1].GetProperty("value").GetProperty("string_value").GetString()!.Length);
        Assert.Equal([Uid], await FindAsync("span.name LIKE 'ro%'"));
    }

    [Theory]
    [InlineData("span.attributes.n = '3'", true)]
    [InlineData("span.attributes.n = '30'", false)]
    [InlineData("span.attributes.model RLIKE '^t.*y$'", true)]
    [InlineData("span.attributes.model LIKE '%\"n\"%'", false)]
    [InlineData("span.name IN ('a', 'root')", true)]
    [InlineData("name RLIKE 'o+'", false)]
    [InlineData("feedback.quality = '5'", true)]
    [InlineData("feedback.quality = 'five'", false)]
    [InlineData("expectation.answer = 'yes'", true)]
    [InlineData("expectation.answer != 'yes'", false)]
    public async Task Traces_are_found_by_their_spans_and_by_what_is_thought_of_them(string filter, bool found)
    {
        await SendAsync(Request(Span("01", "root", """{"key":"model","value":{"stringValue":"tiny"}},{"key":"n","value":{"intValue":"3"}}""")));
        await Post3Async($"traces/{Uid}/assessments", new { assessment = new { assessment_name = "quality", feedback = new { value = 5 } } });
        await Post3Async($"traces/{Uid}/assessments", new { assessment = new { assessment_name = "answer", expectation = new { value = "yes" } } });
        Assert.Equal(found ? [Uid] : [], await FindAsync(filter));
    }

    [Theory]
    [InlineData("span.name RLIKE '('")]
    [InlineData("span.name RLIKE '(a)\\1'")]
    [InlineData("span.bogus = 'a'")]
    [InlineData("span.content = 'a'")]
    [InlineData("timestamp_ms > 'a'")]
    [InlineData("name = 'a' OR name = 'b'")]
    public async Task A_filter_that_means_nothing_is_refused(string filter)
    {
        using var answer = await SearchAsync(filter);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_trace_whose_spans_are_missing_is_not_there_yet_and_partly_there_if_asked()
    {
        var stats = new Dictionary<string, string> { ["mlflow.trace.sizeStats"] = """{"num_spans": 2}""" };
        await Post3Async("traces", new { trace = new { trace_info = new { trace_id = Uid, request_time = "2026-11-23T06:28:43Z", state = "OK", trace_location = Place, trace_metadata = stats } } });
        await SendAsync(Request(Span("01", "root", "")));
        using var early = await client.Http.GetAsync($"{client.Root}/api/3.0/mlflow/traces/get?trace_id={Uid}");
        Assert.Equal(HttpStatusCode.NotFound, early.StatusCode);
        Assert.False((await Get3Async($"traces/batchGet?trace_ids={Uid}")).TryGetProperty("traces", out _));
        Assert.Equal(1, (await Get3Async($"traces/get?trace_id={Uid}&allow_partial=true")).GetProperty("trace").GetProperty("spans").GetArrayLength());
    }

    [Theory]
    [InlineData("../../x")]
    [InlineData("tr-<script>")]
    [InlineData("")]
    public async Task An_id_that_could_mean_something_else_is_refused(string uid)
    {
        using var answer = await client.Http.PostAsJsonAsync(
            $"{client.Root}/api/3.0/mlflow/traces", new { trace = new { trace_info = new { trace_id = uid, request_time = "2026-11-23T06:28:43Z", trace_location = Place } } });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static object Place { get; } = new { type = "MLFLOW_EXPERIMENT", mlflow_experiment = new { experiment_id = "0" } };

    private static string Span(string id, string name, string attributes, string? parent = null)
    {
        var above = parent is null ? "" : $"\"parentSpanId\":\"{parent.PadLeft(16, '0')}\",";
        return $"{{\"traceId\":\"{TraceId}\",\"spanId\":\"{id.PadLeft(16, '0')}\",{above}\"name\":\"{name}\",\"startTimeUnixNano\":\"1795415323000000000\","
            + $"\"endTimeUnixNano\":1795415325000000000,\"attributes\":[{attributes}],\"status\":{{\"code\":1}}}}";
    }

    private static string Request(string span) => """{"resourceSpans":[{"scopeSpans":[{"spans":[SPAN]}]}]}""".Replace("SPAN", span, StringComparison.Ordinal);

    private async Task<HttpResponseMessage> SendAsync(string body, bool packed = false, string? encoding = null, MlflowClient? to = null)
    {
        to ??= client;
        var content = new ByteArrayContent(packed ? Pack(Encoding.UTF8.GetBytes(body)) : Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new("application/json");
        if (packed || encoding is not null)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, $"{to.Root}/v1/traces") { Content = content };
        request.Headers.Add("x-mlflow-experiment-id", "0");
        return await to.Http.SendAsync(request);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private async Task<JsonElement> InfoAsync() => (await Get3Async($"traces/{Uid}")).GetProperty("trace").GetProperty("trace_info");

    private async Task<JsonElement> Get3Async(string path) => await client.Http.GetFromJsonAsync<JsonElement>($"{client.Root}/api/3.0/mlflow/{path}");

    private async Task Post3Async(string path, object body)
    {
        using var answer = await client.Http.PostAsJsonAsync($"{client.Root}/api/3.0/mlflow/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> SearchAsync(string filter) =>
        client.Http.PostAsJsonAsync($"{client.Root}/api/3.0/mlflow/traces/search", new { locations = new[] { Place }, filter });

    private async Task<string[]> FindAsync(string filter)
    {
        using var answer = await SearchAsync(filter);
        var found = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.True(answer.IsSuccessStatusCode, found.ToString());
        return found.TryGetProperty("traces", out var traces) ? [.. traces.EnumerateArray().Select(trace => trace.GetProperty("trace_id").GetString()!)] : [];
    }
}
