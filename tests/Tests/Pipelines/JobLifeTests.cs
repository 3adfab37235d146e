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
}
