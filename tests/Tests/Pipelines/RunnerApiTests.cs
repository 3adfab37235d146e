using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Squero.Accounts;
using Squero.Pipelines;
using Squero.RunnerProtocol;

namespace Squero.Tests.Pipelines;

public sealed class RunnerApiTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    [Fact]
    public async Task A_person_makes_a_runner_and_it_verifies_and_leaves()
    {
        var made = await world.Author.PostAsync("/api/v4/user/runners", new { runner_type = "instance_type", tag_list = "gpu,big", run_untagged = false });
        var token = made.GetProperty("token").GetString()!;
        Assert.StartsWith("glrt-", token, StringComparison.Ordinal);
        using var verified = await PostAsync("/api/v4/runners/verify", new { token, system_id = "s_1" });
        Assert.Equal(HttpStatusCode.OK, verified.StatusCode);
        var answer = await verified.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(made.GetProperty("id").GetInt64(), answer.GetProperty("id").GetInt64());

        using var leave = new HttpRequestMessage(HttpMethod.Delete, "/api/v4/runners") { Content = JsonContent.Create(new { token }) };
        using var left = await world.Http.SendAsync(leave, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, left.StatusCode);
        using var gone = await PostAsync("/api/v4/runners/verify", new { token });
        Assert.Equal(HttpStatusCode.Forbidden, gone.StatusCode);
    }

    [Fact]
    public async Task Only_an_administrator_makes_a_runner_for_all()
    {
        var other = await world.Server.PersonAsync("mallory");
        using var answer = await other.Http.PostAsJsonAsync("/api/v4/user/runners", new { runner_type = "instance_type" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using var foreign = await other.Http.PostAsJsonAsync(
            "/api/v4/user/runners", new { runner_type = "project_type", project_id = world.ProjectId }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
    }

    [Fact]
    public async Task A_job_goes_to_a_runner_with_all_its_tags_and_says_what_it_waits_for()
    {
        var pipeline = await world.StartAsync("deep: { tags: [gpu, big], script: [a] }");
        Assert.Null(await world.Runner.AskAsync());
        var job = await world.JobAsync(pipeline.Id, "deep");
        var page = await world.Author.Http.GetStringAsync($"/{world.Project}/-/jobs/{job.Id}", TestContext.Current.CancellationToken);
        Assert.Contains("no runner with the tags gpu, big", page, StringComparison.Ordinal);

        var made = await world.Author.PostAsync("/api/v4/user/runners", new { runner_type = "instance_type", tag_list = new[] { "gpu", "big", "fast" } });
        var tagged = world.AnotherRunner(made.GetProperty("token").GetString()!);
        await (await tagged.TakeAsync("deep")).SucceedAsync();
    }

    [Fact]
    public async Task Two_runners_never_get_the_same_job()
    {
        await world.StartAsync("many: { parallel: 12, script: [a] }");
        var runners = Enumerable.Range(0, 6).Select(_ => world.AnotherRunner(world.Runner.Token)).ToArray();
        var taken = await Task.WhenAll(runners.Select(async runner =>
        {
            var mine = new List<FakeJob>();
            while (await runner.AskAsync() is { } job)
            {
                mine.Add(job);
            }

            return mine;
        }));
        var jobs = taken.SelectMany(list => list).ToArray();
        Assert.Equal(12, jobs.Length);
        Assert.Equal(12, jobs.Select(job => job.Id).Distinct().Count());
        Assert.Equal(12, jobs.Select(job => job.Payload.Token).Distinct().Count());
        await Task.WhenAll(jobs.Select(job => job.SucceedAsync()));
    }

    [Fact]
    public async Task A_waiting_runner_is_answered_when_a_job_comes()
    {
        Assert.Null(await world.Runner.AskAsync());
        var waiting = world.Runner.AskAsync(wait: true);
        await world.StartAsync("soon: { script: [a] }");
        var job = await waiting.WaitAsync(TimeSpan.FromSeconds(40), TestContext.Current.CancellationToken);
        Assert.Equal("soon", job!.Name);
        await job.SucceedAsync();
    }

    [Fact]
    public async Task The_payload_names_commit_address_and_variables()
    {
        await world.PushAsync("only: { script: [a], variables: { COLOUR: blue, MIXED: \"${COLOUR}-$CI_JOB_NAME\" } }");
        var job = await world.Runner.TakeAsync("only");
        var git = job.Payload.GitInfo;
        Assert.Equal($"http://gitlab-ci-token:{job.Payload.Token}@{world.Server.Url.Authority}/{world.Project}.git", git.RepoUrl);
        Assert.Equal($"+refs/pipelines/{job.Payload.JobInfo.PipelineId}:refs/pipelines/{job.Payload.JobInfo.PipelineId}", git.Refspecs[0]);
        Assert.Equal("blue-only", job.Variable("MIXED"));
        Assert.Equal(job.Payload.Token, job.Variable("CI_JOB_TOKEN"));
        Assert.True(job.Payload.Variables.Last(variable => variable.Key == "CI_JOB_TOKEN").Masked);
        Assert.Equal(git.Sha, job.Variable("CI_COMMIT_SHA"));
        Assert.Equal("push", job.Variable("CI_PIPELINE_SOURCE"));
        var listed = await world.GitAsync("ls-remote", git.RepoUrl, $"refs/pipelines/{job.Payload.JobInfo.PipelineId}");
        Assert.StartsWith(git.Sha, listed, StringComparison.Ordinal);
        await job.SucceedAsync();
    }

    [Fact]
    public async Task A_job_token_opens_its_own_project_while_the_job_runs()
    {
        await world.Author.CreateProjectAsync("secret");
        await world.StartAsync("only: { script: [a] }");
        var job = await world.Runner.TakeAsync("only");
        Assert.Equal(HttpStatusCode.OK, await AskWithTokenAsync(job, world.Api));
        Assert.Equal(HttpStatusCode.NotFound, await AskWithTokenAsync(job, "/api/v4/projects/ada%2Fsecret"));
        Assert.Equal(HttpStatusCode.OK, await AskWithTokenAsync(job, "/api/v4/job"));
        await job.SucceedAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await AskWithTokenAsync(job, world.Api));
    }

    [Fact]
    public async Task A_job_is_not_moved_with_the_token_of_another()
    {
        await world.StartAsync("pair: { parallel: 2, script: [a] }");
        var one = (await world.Runner.AskAsync())!;
        var two = (await world.Runner.AskAsync())!;
        using var foreign = await one.PutAsync(new JobUpdate { Token = two.Payload.Token, State = JobStates.Success });
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var runner = await one.PutAsync(new JobUpdate { Token = world.Runner.Token, State = JobStates.Success });
        Assert.Equal(HttpStatusCode.Forbidden, runner.StatusCode);
        await one.SucceedAsync();
        await two.SucceedAsync();
    }

    private async Task<HttpStatusCode> AskWithTokenAsync(FakeJob job, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", job.Payload.Token);
        using var answer = await world.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private Task<HttpResponseMessage> PostAsync(string path, object body) =>
        world.Http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
}
