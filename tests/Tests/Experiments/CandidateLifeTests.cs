using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Tests.Mlflow;

namespace Squero.Tests.Experiments;

/// <summary>Candidates of jobs end with them, and the pages show what was logged.</summary>
public sealed class CandidateLifeTests : IAsyncLifetime
{
    private TestServer server = null!;
    private TestPerson author = null!;
    private MlflowClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
        client = new MlflowClient(author.Http, "ada/churn");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData(JobStatus.Failed, CandidateStatus.Failed)]
    [InlineData(JobStatus.Canceled, CandidateStatus.Killed)]
    [InlineData(JobStatus.Success, CandidateStatus.Failed)]
    public async Task A_jobs_end_closes_what_it_left_running(JobStatus end, CandidateStatus expected)
    {
        var experiment = await Get<ExperimentStore>().FindAsync(1, 0, CancellationToken.None);
        var left = await StartAsync(experiment!);
        var ended = await Get<CandidateEdits>().UpdateAsync(await StartAsync(experiment!), CandidateStatus.Finished, 5, null, CancellationToken.None);

        await Get<Database>().WriteAsync(session => session.PublishAsync(new JobFinished(1, 77, 7, end)), CancellationToken.None);

        var closed = await TestServer.EventuallyAsync(
            () => Get<CandidateStore>().FindByIdAsync(left.Id, CancellationToken.None)!, candidate => candidate!.Status != CandidateStatus.Running);
        Assert.Equal(expected, closed!.Status);
        Assert.NotNull(closed.EndedUs);
        Assert.NotNull(closed.Note);
        Assert.Equal(CandidateStatus.Finished, (await Get<CandidateStore>().FindByIdAsync(ended.Id, CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task What_has_logged_nothing_for_long_is_lost_until_it_logs_again()
    {
        var uid = await client.StartAsync();
        var finder = new FindLostCandidates(
            Get<Database>(), Get<CandidateLog>(), new ExperimentLimits { IdleLimit = TimeSpan.Zero }, TimeProvider.System, NullLogger<FindLostCandidates>.Instance);
        Assert.Equal(0, await Get<FindLostCandidates>().MarkAsync(CancellationToken.None));

        var experiment = await Get<ExperimentStore>().FindAsync(1, 0, CancellationToken.None);
        var ofJob = await StartAsync(experiment!);
        Assert.Equal(1, await finder.MarkAsync(CancellationToken.None));
        Assert.Equal("FAILED", await StatusAsync(uid));
        Assert.Equal(CandidateStatus.Running, (await Get<CandidateStore>().FindByIdAsync(ofJob.Id, CancellationToken.None))!.Status);
        Assert.Contains(">lost<", await author.Http.GetStringAsync("/ada/churn/-/candidates/1"), StringComparison.Ordinal);

        await client.PostAsync("runs/log-metric", new { run_id = uid, key = "loss", value = 1.0, timestamp = 1, step = 1 });
        Assert.Equal("RUNNING", await StatusAsync(uid));
        Assert.DoesNotContain(">lost<", await author.Http.GetStringAsync("/ada/churn/-/candidates/1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_pages_show_what_was_logged()
    {
        Assert.Contains("MLFLOW_TRACKING_URI", await author.Http.GetStringAsync("/ada/churn/-/experiments"), StringComparison.Ordinal);
        foreach (var rate in (string[])["0.1", "0.2"])
        {
            var uid = await client.StartAsync();
            await client.PostAsync("runs/log-batch", new
            {
                run_id = uid,
                @params = new[] { new { key = "lr", value = rate } },
                metrics = Enumerable.Range(0, 900).Select(step => new { key = "val/auc", value = step / 1000.0, timestamp = step, step }),
                tags = new[] { new { key = "note", value = "<script>alert(1)</script>" } },
            });
            using var put = await client.PutFileAsync(uid, "out/table.csv", "a,b\n1,<b>2</b>\n");
            using var picture = await client.PutFileAsync(uid, "curve.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
            Assert.True(put.IsSuccessStatusCode && picture.IsSuccessStatusCode);
        }

        var table = await author.Http.GetStringAsync("/ada/churn/-/experiments/0?filter=params.lr%20%3D%20%270.2%27&sort=" + Uri.EscapeDataString("metrics.`val/auc` DESC"));
        Assert.Contains("c-2", table, StringComparison.Ordinal);
        Assert.DoesNotContain(">c-1<", table, StringComparison.Ordinal);
        Assert.Contains("cannot be read", await author.Http.GetStringAsync("/ada/churn/-/experiments/0?filter=nonsense"), StringComparison.Ordinal);

        var page = await author.Http.GetStringAsync("/ada/churn/-/candidates/1?file=out/table.csv");
        Assert.Contains("&lt;b&gt;2&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("pictures/curve.svg", await author.Http.GetStringAsync("/ada/churn/-/candidates/1?file=curve.svg"), StringComparison.Ordinal);
        Assert.Contains("0.2", await author.Http.GetStringAsync("/ada/churn/-/candidates?candidates=1&candidates=2"), StringComparison.Ordinal);
        Assert.Contains("\"points\":900", await author.Http.GetStringAsync("/ada/churn/-/candidates/1/curves/val/auc?candidates=1,2"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_artifact_is_sent_so_that_no_browser_runs_it()
    {
        var uid = await client.StartAsync();
        using var put = await client.PutFileAsync(uid, "evil.html", "<script>alert(1)</script>");
        using var picture = await client.PutFileAsync(uid, "evil.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
        foreach (var path in (string[])["files/evil.html", "files/evil.svg", "pictures/evil.svg"])
        {
            using var answer = await author.Http.GetAsync("/ada/churn/-/candidates/1/" + path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.StartsWith("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal(path.StartsWith("files", StringComparison.Ordinal) ? "attachment" : "inline", answer.Content.Headers.ContentDisposition!.DispositionType);
        }

        using var page = await author.Http.GetAsync("/ada/churn/-/candidates/1/pictures/evil.html");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
    }

    private T Get<T>()
        where T : notnull => server.Services.GetRequiredService<T>();

    private async Task<string> StatusAsync(string uid) =>
        (await client.GetAsync($"runs/get?run_id={uid}")).GetProperty("run").GetProperty("info").GetProperty("status").GetString()!;

    private Task<Candidate> StartAsync(Experiment experiment) =>
        Get<StartCandidate>().StartAsync(new NewCandidate(experiment, "left", 1, null, "", [], new Origin(77, 7, new string('a', 40), "main")), CancellationToken.None);
}
