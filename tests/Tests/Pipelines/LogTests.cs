using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Squero.Pipelines;
using Squero.RunnerProtocol;

namespace Squero.Tests.Pipelines;

public sealed class LogTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    [Fact]
    public async Task Pieces_are_appended_and_gaps_refused_with_the_stored_size()
    {
        var job = await TakeAsync();
        using var first = await job.LogAsync(0, "hello ");
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("0-6", first.Headers.GetValues("Range").Single());
        using var gap = await job.LogAsync(100, "lost");
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, gap.StatusCode);
        Assert.Equal("0-6", gap.Headers.GetValues("Range").Single());
        using var repeated = await job.LogAsync(0, "hello ");
        Assert.Equal(HttpStatusCode.Accepted, repeated.StatusCode);
        using var second = await job.LogAsync(6, "world\n");
        Assert.Equal("0-12", second.Headers.GetValues("Range").Single());
        Assert.Equal("hello world\n", await ReadAsync(job));
        using var nothing = new HttpRequestMessage(HttpMethod.Patch, RunnerPaths.Trace(job.Id)) { Content = new StringContent("x") };
        nothing.Headers.Add(RunnerHeaders.JobToken, job.Payload.Token);
        using var bad = await world.Http.SendAsync(nothing, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        await job.SucceedAsync();
    }

    [Fact]
    public async Task A_follower_reads_on_from_where_it_is()
    {
        var job = await TakeAsync();
        await job.LogAsync(0, "one\ntwo\n");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/{world.Project}/-/jobs/{job.Id}/raw");
        request.Headers.Range = new RangeHeaderValue(4, null);
        using var part = await world.Author.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("two\n", await part.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("false", part.Headers.GetValues("X-Log-Final").Single());
        await job.SucceedAsync();
        using var end = await world.Author.Http.GetAsync($"/{world.Project}/-/jobs/{job.Id}/raw", TestContext.Current.CancellationToken);
        Assert.Equal("true", end.Headers.GetValues("X-Log-Final").Single());
    }

    [Fact]
    public async Task A_log_that_differs_is_sent_anew_once()
    {
        var job = await TakeAsync();
        await job.LogAsync(0, "garbled\n");
        var whole = Encoding.UTF8.GetBytes("as it was\n");
        var update = new JobUpdate
        {
            Token = job.Payload.Token,
            State = JobStates.Success,
            Output = new TraceOutput { Checksum = default(Crc32).Append(whole).ToChecksum(), Size = whole.Length },
        };
        using var differs = await job.PutAsync(update);
        Assert.Equal(HttpStatusCode.PreconditionFailed, differs.StatusCode);
        using var resent = await job.LogAsync(0, whole);
        Assert.Equal(HttpStatusCode.Accepted, resent.StatusCode);
        using var done = await job.PutAsync(update);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal("as it was\n", await ReadAsync(job));
    }

    [Fact]
    public async Task A_log_over_the_limit_is_cut_with_a_note_and_the_job_goes_on()
    {
        var job = await TakeAsync();
        var piece = new byte[TraceRange.MaxPatchBytes];
        Array.Fill(piece, (byte)'x');
        for (var start = 0L; start < 18L * piece.Length; start += piece.Length)
        {
            using var answer = await job.LogAsync(start, piece);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            Assert.Equal($"0-{start + piece.Length}", answer.Headers.GetValues("Range").Single());
        }

        using var done = await job.SucceedAsync();
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        var kept = await ReadAsync(job);
        Assert.InRange(kept.Length, 16 * 1024 * 1024, (16 * 1024 * 1024) + 200);
        Assert.EndsWith("the rest was left out.\u001b[0m\n", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_script_prints_is_shown_as_text()
    {
        const string name = "<script>alert(1)</script>";
        var pipeline = await world.StartAsync($"\"{name}\": {{ script: [a] }}");
        var job = await world.Runner.TakeAsync(name);
        await job.LogAsync(0, "\u001b[31m<img src=x onerror=alert(2)>\u001b[0m\n");
        await job.SucceedAsync();
        foreach (var path in new[] { $"/{world.Project}/-/jobs/{job.Id}", $"/{world.Project}/-/pipelines/{pipeline.Id}", $"/{world.Project}/-/pipelines" })
        {
            var html = await PageAsync(path);
            Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<img src=x", html, StringComparison.Ordinal);
        }

        Assert.Contains("&lt;img src=x", await PageAsync($"/{world.Project}/-/jobs/{job.Id}"), StringComparison.Ordinal);
        using var raw = await world.Author.Http.GetAsync($"/{world.Project}/-/jobs/{job.Id}/raw", TestContext.Current.CancellationToken);
        Assert.Equal("text/plain", raw.Content.Headers.ContentType!.MediaType);
        Assert.Equal("nosniff", raw.Headers.GetValues("X-Content-Type-Options").Single());
    }

    private async Task<FakeJob> TakeAsync()
    {
        await world.StartAsync("only: { script: [a] }");
        return await world.Runner.TakeAsync("only");
    }

    private async Task<string> ReadAsync(FakeJob job) =>
        await world.Author.Http.GetStringAsync($"{world.Api}/jobs/{job.Id}/trace", TestContext.Current.CancellationToken);

    private async Task<string> PageAsync(string path)
    {
        using var answer = await world.Author.Http.GetAsync(path, TestContext.Current.CancellationToken);
        var html = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {html}");
        return html;
    }
}
