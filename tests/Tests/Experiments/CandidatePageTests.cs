using System.Net;
using System.Text.Json;
using Squero.Experiments;
using Squero.Tests.Mlflow;
using Squero.Tests.Registry;

namespace Squero.Tests.Experiments;

/// <summary>The page of a candidate: notes, previews, parts, many metrics.</summary>
public sealed class CandidatePageTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task A_note_is_written_by_developers_and_shown_without_its_scripts()
    {
        var (person, page, client, run) = await BeginAsync();
        using var saved = await NoteAsync(person, page, "## Why\n<script>alert(1)</script> **deep** [x](javascript:alert(1))");
        Assert.Equal(HttpStatusCode.Redirect, saved.StatusCode);
        var html = await person.Http.GetStringAsync(page);
        Assert.Contains("<strong>deep</strong>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("href=\"javascript:", html, StringComparison.Ordinal);
        var tags = (await client.GetAsync($"runs/get?run_id={run}")).GetProperty("run").GetProperty("data").GetProperty("tags").EnumerateArray();
        Assert.Contains(tags, tag => tag.GetProperty("key").GetString() == "mlflow.note.content" && tag.GetProperty("value").GetString()!.StartsWith("## Why", StringComparison.Ordinal));

        using var tooLong = await NoteAsync(person, page, new string('x', 8_001));
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
        using var gone = await NoteAsync(person, page, "  ");
        Assert.DoesNotContain("<strong>deep</strong>", await person.Http.GetStringAsync(page), StringComparison.Ordinal);

        var reporter = await shared.PersonAsync();
        await person.PostAsync($"/api/v4/projects/{Uri.EscapeDataString(page.Split("/-/")[0].Trim('/'))}/members", new { user_id = reporter.Person.Id, access_level = 20 });
        using var refused = await NoteAsync(reporter, page, "mine");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_notebook_among_the_files_is_shown_as_a_document_with_its_pictures()
    {
        var (person, page, client, run) = await BeginAsync();
        var notebook = JsonSerializer.Serialize(new
        {
            nbformat = 4,
            nbformat_minor = 5,
            metadata = new { },
            cells = new object[]
            {
                new { id = "a", cell_type = "markdown", metadata = new { }, source = "# Churn <img src=x onerror=alert(1)>" },
                new
                {
                    id = "b",
                    cell_type = "code",
                    execution_count = 1,
                    metadata = new { },
                    source = "plot()",
                    outputs = new object[] { new { output_type = "display_data", metadata = new { }, data = new Dictionary<string, string> { ["image/png"] = Png } } },
                },
            },
        });
        using var put = await client.PutFileAsync(run, "report/a b.ipynb", notebook);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        var html = await person.Http.GetStringAsync($"{page}?file=report/a%20b.ipynb");
        Assert.Contains("plot()", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<img src=x onerror", html, StringComparison.Ordinal);
        var at = html.IndexOf($"{page}/figures/", StringComparison.Ordinal);
        Assert.True(at > 0, "The notebook's picture is not linked.");
        var figure = WebUtility.HtmlDecode(html[at..html.IndexOf('"', at)]);
        using var picture = await person.Http.GetAsync(figure);
        Assert.Equal(Convert.FromBase64String(Png), await picture.Content.ReadAsByteArrayAsync());
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", picture.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        using var none = await person.Http.GetAsync(figure.Replace("figures/", "figures/0", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task A_model_file_is_summed_up_and_a_broken_one_says_why_not()
    {
        var (person, page, _, run) = await BeginAsync();
        var candidate = (await shared.Get<CandidateStore>().FindByIdAsync((await CandidateOfAsync(person, page, run)).Id, CancellationToken.None))!;
        foreach (var (path, bytes) in new[] { ("model.onnx", OnnxBytes.Logistic([1, 2], 0)), ("broken.onnx", "no model"u8.ToArray()) })
        {
            await shared.Get<CandidateFiles>().PutAsync(candidate.ProjectId, candidate.Id, path, new MemoryStream(bytes), CancellationToken.None);
        }

        var html = await person.Http.GetStringAsync($"{page}?file=model.onnx");
        Assert.Matches("Operations of the graph[\\s\\S]*Gemm[\\s\\S]*Sigmoid", html);
        Assert.Contains("squero tests", html, StringComparison.Ordinal);
        Assert.Contains("It cannot be summed up: ", await person.Http.GetStringAsync($"{page}?file=broken.onnx"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_metrics_are_a_page_with_a_search()
    {
        var (person, page, client, run) = await BeginAsync();
        for (var first = 0; first < 10_000; first += 1000)
        {
            await client.PostAsync("runs/log-batch", new { run_id = run, metrics = Enumerable.Range(first, 1000).Select(index => new { key = $"layer/{index}", value = 0.5, timestamp = 1, step = 0 }) });
        }

        await client.PostAsync("runs/log-batch", new { run_id = run, metrics = new[] { new { key = "system/cpu", value = 1.0, timestamp = 1, step = 0 }, new { key = "system/cpu", value = 2.0, timestamp = 2, step = 1 } } });
        var html = await person.Http.GetStringAsync(page);
        Assert.InRange(html.Length, 1, 300_000);
        Assert.Contains("The first 200 of 10,001", html, StringComparison.Ordinal);
        Assert.Contains("System: 1 metric of the machine", html, StringComparison.Ordinal);
        var found = await person.Http.GetStringAsync($"{page}?metrics=LAYER/9999");
        Assert.Contains("layer/9999", found, StringComparison.Ordinal);
        Assert.DoesNotContain("layer/998", found.Split("id=\"metrics\"")[1], StringComparison.Ordinal);
        Assert.Contains("No metric holds “&lt;b&gt;”", await person.Http.GetStringAsync($"{page}?metrics=%3Cb%3E"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_params_and_long_ones_are_folded_and_kept_whole()
    {
        var (person, page, client, run) = await BeginAsync();
        var texts = Enumerable.Range(0, 60).Select(index => new { key = $"p{index:00}", value = index == 0 ? new string('x', 5_000) + "end" : $"v{index}" });
        await client.PostAsync("runs/log-batch", new { run_id = run, @params = texts });
        var html = await person.Http.GetStringAsync(page);
        Assert.Matches("<summary>5,003 characters</summary>[\\s\\S]*xend", html);
        Assert.Matches("v29[\\s\\S]*<summary>30 more</summary>[\\s\\S]*v30[\\s\\S]*v59", html);
    }

    [Fact]
    public async Task Parts_and_the_whole_lead_to_each_other()
    {
        var (person, page, client, run) = await BeginAsync();
        var part = await client.StartAsync(("mlflow.parentRunId", run), ("mlflow.runName", "fold <1>"));
        Assert.NotEqual(run, part);
        Assert.Matches("Parts \\(1\\)[\\s\\S]*fold &lt;1&gt;", await person.Http.GetStringAsync(page));
        var html = await person.Http.GetStringAsync(page[..^1] + "2");
        Assert.Contains("a part of", html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{page}\"", html, StringComparison.Ordinal);
    }

    private async Task<Candidate> CandidateOfAsync(TestPerson person, string page, string run)
    {
        var project = (await person.GetAsync($"/api/v4/projects/{Uri.EscapeDataString(page.Split("/-/")[0].Trim('/'))}")).GetProperty("id").GetInt64();
        return (await shared.Get<CandidateStore>().FindAsync(project, run, CancellationToken.None))!;
    }

    private static Task<HttpResponseMessage> NoteAsync(TestPerson person, string page, string note) =>
        person.Http.PostAsync(page + "/note", new FormUrlEncodedContent([new("note", note)]));

    private async Task<(TestPerson Person, string Page, MlflowClient Client, string Run)> BeginAsync()
    {
        var (person, name) = (await shared.PersonAsync(), SharedServer.Name("candidate"));
        await person.CreateProjectAsync(name);
        var client = new MlflowClient(person.Http, $"{person.Username}/{name}");
        return (person, $"/{person.Username}/{name}/-/candidates/1", client, await client.StartAsync());
    }
}
