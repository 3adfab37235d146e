using System.Net;
using Squero.Pipelines;
using Squero.RunnerProtocol;

namespace Squero.Tests.Pipelines;

/// <summary>From a push to the end of a pipeline, driven by a runner that speaks the protocol.</summary>
public sealed class JobLifeTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    private const string TwoStages =
        """
        stages: [build, test]
        make:
          stage: build
          script: [make]
        check:
          stage: test
          script: [make check]
        """;

    [Fact]
    public async Task A_push_makes_a_pipeline_whose_jobs_run_in_order()
    {
        var pipeline = await world.StartAsync(TwoStages);
        var make = await world.Runner.TakeAsync("make");
        Assert.Equal(["make"], make.Payload.Steps.Single().Commands);
        Assert.Null(await world.Runner.AskAsync());
        Assert.Equal("running", (await world.StatesAsync(pipeline.Id))["make"]);
        Assert.Equal(JobStatus.Running, (await world.PipelineAsync(pipeline.Id)).Status);

        await make.TouchAsync();
        using var done = await make.SucceedAsync();
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal("success", done.Headers.GetValues(RunnerHeaders.JobStatus).Single());

        var check = await world.Runner.TakeAsync("check");
        using var end = await check.SucceedAsync();
        var finished = await world.PipelineAsync(pipeline.Id);
        Assert.Equal(JobStatus.Success, finished.Status);
        Assert.NotNull(finished.FinishedUs);
    }

    [Fact]
    public async Task A_failure_skips_the_later_stages_and_a_retry_brings_them_back()
    {
        var pipeline = await world.StartAsync(TwoStages);
        var make = await world.Runner.TakeAsync("make");
        await make.FailAsync(exitCode: 2);
        Assert.Equal(JobStatus.Failed, (await world.PipelineAsync(pipeline.Id)).Status);
        Assert.Equal("skipped", (await world.StatesAsync(pipeline.Id))["check"]);
        var failed = await world.JobAsync(make.Id);
        Assert.Equal((FailureReasons.Script, 2), (failed.FailureReason, failed.ExitCode));

        await world.PostAsync($"/jobs/{make.Id}/retry");
        Assert.True((await world.JobAsync(make.Id)).Retried);
        Assert.Equal("created", (await world.StatesAsync(pipeline.Id))["check"]);
        var again = await world.Runner.TakeAsync("make");
        Assert.NotEqual(make.Id, again.Id);
        await again.SucceedAsync();
        await (await world.Runner.TakeAsync("check")).SucceedAsync();
        Assert.Equal(JobStatus.Success, (await world.PipelineAsync(pipeline.Id)).Status);
    }

    [Fact]
    public async Task Retrying_a_pipeline_tries_only_what_failed()
    {
        var pipeline = await world.StartAsync(
            """
            good: { script: [a] }
            bad: { script: [b] }
            """);
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var job = (await world.Runner.AskAsync())!;
            await (job.Name == "bad" ? job.FailAsync() : job.SucceedAsync());
        }

        await world.PostAsync($"/pipelines/{pipeline.Id}/retry");
        await (await world.Runner.TakeAsync("bad")).SucceedAsync();
        Assert.Null(await world.Runner.AskAsync());
        Assert.Equal(JobStatus.Success, (await world.PipelineAsync(pipeline.Id)).Status);
    }

    [Fact]
    public async Task Needs_let_a_job_begin_before_its_stage()
    {
        await world.StartAsync(
            """
            stages: [build, test]
            quick: { stage: build, script: [a] }
            slow: { stage: build, script: [b] }
            check: { stage: test, needs: [quick], script: [c] }
            """);
        var quick = await world.Runner.TakeAsync("quick");
        var slow = await world.Runner.TakeAsync("slow");
        Assert.Null(await world.Runner.AskAsync());
        await quick.SucceedAsync();
        var check = await world.Runner.TakeAsync("check");
        await slow.SucceedAsync();
        await check.SucceedAsync();
    }

    [Fact]
    public async Task A_manual_job_waits_until_it_is_played()
    {
        var pipeline = await world.StartAsync(
            """
            stages: [build, ship]
            make: { stage: build, script: [a] }
            ship: { stage: ship, when: manual, script: [b] }
            """);
        await (await world.Runner.TakeAsync("make")).SucceedAsync();
        Assert.Equal("manual", (await world.StatesAsync(pipeline.Id))["ship"]);
        Assert.Null(await world.Runner.AskAsync());

        var ship = await world.JobAsync(pipeline.Id, "ship");
        var played = await world.PostAsync($"/jobs/{ship.Id}/play");
        Assert.Equal("pending", played.GetProperty("status").GetString());
        using var twice = await world.Author.Http.PostAsync($"{world.Api}/jobs/{ship.Id}/play", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, twice.StatusCode);
        await (await world.Runner.TakeAsync("ship")).SucceedAsync();
        Assert.Equal(JobStatus.Success, (await world.PipelineAsync(pipeline.Id)).Status);
    }

    [Fact]
    public async Task A_failure_that_is_allowed_does_not_stop_the_pipeline()
    {
        var pipeline = await world.StartAsync(
            """
            stages: [build, test]
            lint: { stage: build, allow_failure: { exit_codes: [3] }, script: [a] }
            check: { stage: test, script: [b] }
            """);
        await (await world.Runner.TakeAsync("lint")).FailAsync(exitCode: 3);
        await (await world.Runner.TakeAsync("check")).SucceedAsync();
        Assert.Equal(JobStatus.Success, (await world.PipelineAsync(pipeline.Id)).Status);
    }

    [Fact]
    public async Task The_rules_of_a_job_retry_it()
    {
        var pipeline = await world.StartAsync("flaky: { script: [a], retry: { max: 1, when: [script_failure] } }");
        await (await world.Runner.TakeAsync("flaky")).FailAsync();
        Assert.Equal(JobStatus.Pending, (await world.PipelineAsync(pipeline.Id)).Status);
        await (await world.Runner.TakeAsync("flaky")).FailAsync();
        Assert.Null(await world.Runner.AskAsync());
        Assert.Equal(JobStatus.Failed, (await world.PipelineAsync(pipeline.Id)).Status);
    }

    [Fact]
    public async Task A_canceled_job_ends_gracefully_and_its_token_dies()
    {
        var pipeline = await world.StartAsync(TwoStages);
        var make = await world.Runner.TakeAsync("make");
        await world.PostAsync($"/pipelines/{pipeline.Id}/cancel");
        Assert.Equal("canceled", (await world.StatesAsync(pipeline.Id))["check"]);
        using var touched = await make.TouchAsync();
        Assert.Equal("canceling", touched.Headers.GetValues(RunnerHeaders.JobStatus).Single());
        using var log = await make.LogAsync(0, "stopping\n");
        Assert.Equal(HttpStatusCode.Accepted, log.StatusCode);

        await make.FailAsync(FailureReasons.JobCanceled, null);
        Assert.Equal(JobStatus.Canceled, (await world.PipelineAsync(pipeline.Id)).Status);
        using var late = await make.LogAsync(9, "more");
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.Equal("canceled", late.Headers.GetValues(RunnerHeaders.JobStatus).Single());
    }

    [Fact]
    public async Task A_runner_that_cannot_end_gracefully_is_told_to_kill()
    {
        var blunt = world.AnotherRunner(world.Runner.Token, graceful: false);
        var pipeline = await world.StartAsync("only: { script: [a] }");
        var job = await blunt.TakeAsync("only");
        await world.PostAsync($"/jobs/{job.Id}/cancel");
        Assert.Equal(JobStatus.Canceled, (await world.PipelineAsync(pipeline.Id)).Status);
        using var touched = await job.TouchAsync();
        Assert.Equal(HttpStatusCode.Forbidden, touched.StatusCode);
    }

    [Fact]
    public async Task The_last_word_may_be_repeated()
    {
        await world.StartAsync("only: { script: [a] }");
        var job = await world.Runner.TakeAsync("only");
        await job.SucceedAsync();
        using var again = await job.SucceedAsync();
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var other = await job.FailAsync();
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        Assert.Equal(JobStatus.Success, (await world.JobAsync(job.Id)).Status);
    }
}
