using System.Net;
using System.Net.Http.Json;
using Squero.Experiments;
using Squero.Registry;
using Squero.Tests.Pipelines;
using Squero.Tests.Registry;

namespace Squero.Tests.Mlflow;

/// <summary>
/// Tags by which a candidate claims a job and a commit are shown as claims, looked up in its own project alone, and decide nothing:
/// neither a report nor a choice nor what goes to production.
/// </summary>
public sealed class ClaimTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    private const string Yaml = "train:\n  script: [\"true\"]\n";

    [Fact]
    public async Task A_developer_who_forges_both_tags_gains_nothing_by_it()
    {
        var (job, sha, request) = await BeginAsync("forged-by-hand");
        var developer = await world.Server.PersonAsync("dora");
        await world.Author.PostAsync($"{world.Api}/members", new { user_id = developer.Person.Id, access_level = 30 });
        var forged = await ForgeAsync(new MlflowClient(developer.Http, world.Project), job.Id, sha);

        var page = await PageAsync(forged);
        Assert.Contains(">claimed<", page, StringComparison.Ordinal);
        Assert.Contains($"/ada/churn/-/jobs/{job.Id}\"", page, StringComparison.Ordinal);
        Assert.Contains($"/ada/churn/-/commit/{sha}\"", page, StringComparison.Ordinal);
        await DecidesNothingAsync(forged, sha, request, developer);
    }

    [Fact]
    public async Task Another_projects_job_that_forges_both_tags_gains_nothing_by_it()
    {
        var (job, sha, request) = await BeginAsync("forged-by-job");
        var mallory = await world.Server.PersonAsync("mallory");
        await mallory.CreateProjectAsync("own");
        await mallory.PostAsync("/api/v4/projects/mallory%2Fown/repository/commits", new
        {
            branch = "main",
            commit_message = "Begin",
            actions = new[] { new { action = "create", file_path = ".squero-ci.yml", content = "steal:\n  script: [\"true\"]\n" } },
        });
        var steal = await TestServer.EventuallyAsync(() => world.Runner.AskAsync(), found => found is { Name: "steal" });
        var token = steal!.Variable("MLFLOW_TRACKING_TOKEN")!;
        using var elsewhere = await MlflowClient.With(world.Server, token, world.Project).SendAsync("runs/create", new { experiment_id = "0" });
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);

        // In its own project the tags name a job and a commit that are not there: they stay words.
        var own = MlflowClient.With(world.Server, token, "mallory/own");
        var uid = await own.StartAsync(("gitlab.CI_JOB_ID", $"{job.Id}"), ("mlflow.source.git.commit", sha));
        var byHand = await new MlflowClient(mallory.Http, "mallory/own").StartAsync(("gitlab.CI_JOB_ID", $"{job.Id}"), ("mlflow.source.git.commit", sha));
        var html = await mallory.Http.GetStringAsync("/mallory/own/-/candidates/2");
        Assert.Contains(">claimed<", html, StringComparison.Ordinal);
        Assert.Contains("(not of this project)", html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/jobs/{job.Id}\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/commit/{sha}", html, StringComparison.Ordinal);
        Assert.NotEqual(uid, byHand);

        // A job's own origin stands; what it claims besides is a tag among others.
        var proved = await mallory.Http.GetStringAsync("/mallory/own/-/candidates/1");
        Assert.DoesNotContain(">claimed<", proved, StringComparison.Ordinal);
        Assert.Contains("gitlab.CI_JOB_ID", proved, StringComparison.Ordinal);
        var report = await world.Author.GetAsync($"{world.Api}/merge_requests/{request}/candidates");
        Assert.Equal(0, report.GetProperty("candidates").GetArrayLength());
        using var choice = await world.Author.Http.PutAsJsonAsync($"{world.Api}/merge_requests/{request}/choice", new { candidate_id = uid });
        Assert.Equal(HttpStatusCode.NotFound, choice.StatusCode);
    }

    [Theory]
    [InlineData("--upload-pack=x")]
    [InlineData("HEAD")]
    [InlineData("main")]
    [InlineData("<script>alert(1)</script>")]
    public async Task What_is_no_hash_is_never_asked_of_git(string commit)
    {
        await world.PushAsync(Yaml);
        var client = new MlflowClient(world.Author.Http, world.Project);
        var uid = await client.StartAsync(("gitlab.CI_JOB_ID", "99999999999999999999"), ("mlflow.source.git.commit", commit));
        var html = await PageAsync(await FindAsync(uid));
        Assert.Contains("(not of this project)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    private async Task DecidesNothingAsync(Candidate forged, string sha, long request, TestPerson developer)
    {
        Assert.Null(forged.Origin);
        Assert.Empty((await world.Get<CandidateStore>().ForCommitsAsync(1, [sha], CancellationToken.None)).Where(candidate => candidate.Id == forged.Id));
        var report = await world.Author.GetAsync($"{world.Api}/merge_requests/{request}/candidates");
        Assert.Equal(0, report.GetProperty("candidates").GetArrayLength());
        foreach (var person in new[] { world.Author, developer })
        {
            using var choice = await person.Http.PutAsJsonAsync($"{world.Api}/merge_requests/{request}/choice", new { candidate_id = forged.Uid });
            Assert.Equal(HttpStatusCode.BadRequest, choice.StatusCode);
            Assert.Contains("without a job", await choice.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        await world.Author.PutAsync($"{world.Api}/merge_requests/{request}/merge", new { });
        // Tests run in any order: whichever comes next pushes on top of this merge.
        await world.GitAsync("pull", "-q", "--ff-only", "origin", "main");
        Assert.Null(await world.Get<ModelStore>().FindAsync(1, "churn", CancellationToken.None));
    }

    private async Task<(FakeJob Job, string Sha, long Request)> BeginAsync(string branch)
    {
        await world.PushAsync(Yaml);
        var pipeline = await world.StartAsync(Yaml + $"# {branch}\n", branch);
        var job = await world.Runner.TakeAsync("train");
        var request = await world.Author.PostAsync($"{world.Api}/merge_requests", new { source_branch = branch, target_branch = "main", title = branch });
        return (job, pipeline.Sha, request.GetProperty("iid").GetInt64());
    }

    private async Task<Candidate> ForgeAsync(MlflowClient client, long job, string sha)
    {
        var uid = await client.StartAsync(("gitlab.CI_JOB_ID", $"{job}"), ("mlflow.source.git.commit", sha));
        await client.PostAsync("runs/log-metric", new { run_id = uid, key = "auc", value = 0.99, timestamp = 1 });
        var candidate = await FindAsync(uid);
        await world.Get<CandidateFiles>().PutAsync(1, candidate.Id, "model.onnx", new MemoryStream(OnnxBytes.Logistic([1, 2], 0)), CancellationToken.None);
        await client.PostAsync("runs/update", new { run_id = uid, status = "FINISHED", end_time = 5 });
        return await FindAsync(uid);
    }

    private async Task<Candidate> FindAsync(string uid) => (await world.Get<CandidateStore>().FindAsync(1, uid, CancellationToken.None))!;

    private Task<string> PageAsync(Candidate candidate) => world.Author.Http.GetStringAsync($"/ada/churn/-/candidates/{candidate.Iid}");
}
