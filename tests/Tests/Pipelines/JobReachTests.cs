using System.Net;
using System.Net.Http.Json;
using Squero.Tests.Mlflow;

namespace Squero.Tests.Pipelines;

/// <summary>What a job may do with its token besides reading: log candidates, and nothing else.</summary>
public sealed class JobReachTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    [Fact]
    public async Task A_job_changes_neither_code_nor_pipelines()
    {
        var pipeline = await world.StartAsync("train:\n  script: [\"true\"]\nrelease:\n  script: [\"true\"]\n  when: manual\n");
        var job = await world.Runner.TakeAsync("train");
        var release = await world.JobAsync(pipeline.Id, "release");
        var http = MlflowClient.With(world.Server, job.Variable("CI_JOB_TOKEN")!, world.Project).Http;
        using var read = await http.GetAsync(world.Api + "/repository/branches");
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);

        var actions = new[] { new { action = "create", file_path = "x.txt", content = "x" } };
        foreach (var (path, body) in new (string, object)[]
        {
            ("/repository/commits", new { branch = "main", commit_message = "x", actions }),
            ("/repository/branches", new { branch = "other", @ref = "main" }),
            ("/repository/tags", new { tag_name = "v1", @ref = "main" }),
            ("/repository/files/x.txt", new { branch = "main", commit_message = "x", content = "x" }),
            ("/pipeline", new { @ref = "main" }),
            ($"/pipelines/{pipeline.Id}/retry", new { }),
            ($"/pipelines/{pipeline.Id}/cancel", new { }),
            ($"/jobs/{release.Id}/play", new { }),
            ($"/jobs/{job.Id}/retry", new { }),
            ($"/jobs/{job.Id}/cancel", new { }),
            ("/merge_requests", new { source_branch = "topic", target_branch = "main", title = "x" }),
            ("/members", new { user_id = 1, access_level = 40 }),
        })
        {
            using var answer = await http.PostAsJsonAsync(world.Api + path, body);
            Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{path} answered {(int)answer.StatusCode}");
        }

        foreach (var (path, body) in new (string, object)[]
        {
            ("/api/v4/user/runners", new { runner_type = "project_type", project_id = world.ProjectId }),
            ("/api/v4/projects", new { name = "other" }),
            ("/api/v4/groups", new { name = "other", path = "other" }),
            ("/api/v4/users", new { username = "other", email = "other@example.org" }),
        })
        {
            using var answer = await http.PostAsJsonAsync(path, body);
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{path} answered {(int)answer.StatusCode}");
        }

        var logged = await MlflowClient.With(world.Server, job.Variable("CI_JOB_TOKEN")!, world.Project).StartAsync();
        Assert.Equal(32, logged.Length);
    }
}
