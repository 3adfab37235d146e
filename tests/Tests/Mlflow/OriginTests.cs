using System.Net;
using Squero.Experiments;
using Squero.Tests.Pipelines;

namespace Squero.Tests.Mlflow;

/// <summary>Where a candidate comes from is what a job's token proves, and nothing that a client says.</summary>
public sealed class OriginTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    private const string Yaml = "train:\n  script: [\"true\"]\n";

    [Fact]
    public async Task A_job_gets_the_tracking_variables_and_its_candidates_get_its_origin()
    {
        var pipeline = await world.StartAsync(Yaml, "origin");
        var job = await world.Runner.TakeAsync("train");
        Assert.Equal($"{world.Server.Url.ToString().TrimEnd('/')}/api/v4/projects/1/ml/mlflow", job.Variable("MLFLOW_TRACKING_URI"));
        Assert.True(job.Payload.Variables.Last(variable => variable.Key == "MLFLOW_TRACKING_TOKEN").Masked);

        var client = MlflowClient.With(world.Server, job.Variable("MLFLOW_TRACKING_TOKEN")!, "1");
        var uid = await client.StartAsync();
        await client.PostAsync("runs/log-metric", new { run_id = uid, key = "auc", value = 0.9, timestamp = 1 });

        var candidate = await FindAsync(uid);
        Assert.Equal(new Origin(job.Id, pipeline.Id, pipeline.Sha, "origin"), candidate.Origin);
        Assert.Contains(await world.Get<CandidateStore>().ForCommitsAsync(1, [pipeline.Sha], CancellationToken.None), found => found.Uid == uid);
        Assert.Single(await world.Get<CandidateStore>().ForJobAsync(job.Id, CancellationToken.None));
    }

    [Fact]
    public async Task Forged_tags_never_become_an_origin()
    {
        var pipeline = await world.StartAsync(Yaml, "forged");
        var job = await world.Runner.TakeAsync("train");
        var client = new MlflowClient(world.Author.Http, world.Project);
        var uid = await client.StartAsync(("gitlab.CI_JOB_ID", $"{job.Id}"), ("mlflow.source.git.commit", pipeline.Sha));

        Assert.Null((await FindAsync(uid)).Origin);
        Assert.DoesNotContain(await world.Get<CandidateStore>().ForCommitsAsync(1, [pipeline.Sha], CancellationToken.None), found => found.Uid == uid);
        Assert.Empty(await world.Get<CandidateStore>().ForJobAsync(job.Id, CancellationToken.None));
    }

    [Fact]
    public async Task A_job_token_reaches_its_own_project_and_pipeline_only()
    {
        await world.StartAsync(Yaml, "reach");
        var job = await world.Runner.TakeAsync("train");
        var token = job.Variable("MLFLOW_TRACKING_TOKEN")!;
        await world.Author.CreateProjectAsync("other");

        var elsewhere = MlflowClient.With(world.Server, token, "ada/other");
        using var refused = await elsewhere.SendAsync("runs/create", new { experiment_id = "0" });
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);

        var foreign = await new MlflowClient(world.Author.Http, world.Project).StartAsync();
        var own = MlflowClient.With(world.Server, token, world.Project);
        using var denied = await own.SendAsync("runs/set-tag", new { run_id = foreign, key = "a", value = "b" });
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        using var file = await own.PutFileAsync(foreign, "model.onnx", "bytes");
        Assert.Equal(HttpStatusCode.Forbidden, file.StatusCode);
    }

    private async Task<Candidate> FindAsync(string uid) =>
        (await world.Get<CandidateStore>().FindAsync(world.ProjectId, uid, CancellationToken.None))!;
}
