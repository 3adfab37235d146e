using System.Net;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.RunnerProtocol;

namespace Squero.Tests.Pipelines;

/// <summary>What becomes of jobs whose runner is gone.</summary>
public sealed class InterruptionTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    [Fact]
    public async Task A_job_that_died_with_the_server_is_tried_again_once_by_itself()
    {
        var pipeline = await world.StartAsync("only: { script: [a] }");
        var first = await world.Runner.TakeAsync("only");
        await world.Get<JobSweep>().RecoverAsync(TestContext.Current.CancellationToken);

        var dead = await world.JobAsync(first.Id);
        Assert.Equal((JobStatus.Failed, FailureReasons.RunnerSystem, JobSweep.InterruptedNote), (dead.Status, dead.FailureReason, dead.FailureNote));
        using var late = await first.SucceedAsync();
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Equal("pending", (await world.StatesAsync(pipeline.Id))["only"]);

        var second = await world.Runner.TakeAsync("only");
        Assert.NotEqual(first.Id, second.Id);
        await world.Get<JobSweep>().RecoverAsync(TestContext.Current.CancellationToken);
        Assert.Equal(JobStatus.Failed, (await world.PipelineAsync(pipeline.Id)).Status);
        Assert.Null(await world.Runner.AskAsync());
        var page = await world.Author.Http.GetStringAsync($"/{world.Project}/-/jobs/{second.Id}", TestContext.Current.CancellationToken);
        Assert.Contains(JobSweep.InterruptedNote, page, StringComparison.Ordinal);

        await world.PostAsync($"/jobs/{second.Id}/retry");
        await (await world.Runner.TakeAsync("only")).SucceedAsync();
        Assert.Equal(JobStatus.Success, (await world.PipelineAsync(pipeline.Id)).Status);
    }

    [Fact]
    public async Task A_job_whose_runner_was_stopped_begins_again_each_time_but_not_for_ever()
    {
        var pipeline = await world.StartAsync("only: { script: [a] }");
        for (var attempt = 1; attempt < 10; attempt++)
        {
            var stopped = await world.Runner.TakeAsync("only");
            await stopped.FailAsync(FailureReasons.RunnerInterrupted);
            Assert.Equal((JobStatus.Failed, FailureReasons.RunnerInterrupted), await EndOfAsync(stopped.Id));
            Assert.Equal("pending", (await world.StatesAsync(pipeline.Id))["only"]);
        }

        await (await world.Runner.TakeAsync("only")).FailAsync(FailureReasons.RunnerInterrupted);
        Assert.Equal(JobStatus.Failed, (await world.PipelineAsync(pipeline.Id)).Status);
        Assert.Null(await world.Runner.AskAsync());

        async Task<(JobStatus, string?)> EndOfAsync(long id) => await world.JobAsync(id) is var job ? (job.Status, job.FailureReason) : default;
    }

    [Fact]
    public async Task A_job_over_its_time_limit_fails()
    {
        var pipeline = await world.StartAsync("only: { script: [a], timeout: 1 minute }");
        var job = await world.Runner.TakeAsync("only");
        Assert.Equal(60, job.Payload.RunnerInfo.Timeout);
        await SetAsync($"UPDATE pipelines_jobs SET started_us = started_us - 200000000 WHERE id = {job.Id}");
        await world.Get<JobSweep>().SweepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(FailureReasons.ExecutionTimeout, (await world.JobAsync(job.Id)).FailureReason);
        Assert.Equal(JobStatus.Failed, (await world.PipelineAsync(pipeline.Id)).Status);
    }

    [Fact]
    public async Task A_job_that_nobody_takes_fails_in_the_end()
    {
        var pipeline = await world.StartAsync("only: { tags: [nobody], script: [a] }");
        await SetAsync($"UPDATE pipelines_jobs SET queued_us = queued_us - 90000000000 WHERE pipeline_id = {pipeline.Id}");
        await world.Get<JobSweep>().SweepAsync(TestContext.Current.CancellationToken);
        Assert.Equal(FailureReasons.StuckOrTimeout, (await world.JobAsync(pipeline.Id, "only")).FailureReason);
    }

    [Fact]
    public async Task A_delayed_job_starts_when_it_is_due()
    {
        var pipeline = await world.StartAsync("later: { script: [a], when: delayed, start_in: 30 minutes }");
        Assert.Equal("scheduled", (await world.StatesAsync(pipeline.Id))["later"]);
        await SetAsync($"UPDATE pipelines_jobs SET due_us = 1 WHERE pipeline_id = {pipeline.Id}");
        await world.Get<JobSweep>().SweepAsync(TestContext.Current.CancellationToken);
        await (await world.Runner.TakeAsync("later")).SucceedAsync();
    }

    private Task SetAsync(string sql) =>
        world.Get<Database>().WriteAsync(session => session.ExecuteAsync(sql), TestContext.Current.CancellationToken);
}
