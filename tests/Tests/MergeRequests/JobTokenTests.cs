using System.Net;
using System.Net.Http.Json;
using Squero.Tests.Mlflow;
using Squero.Tests.Pipelines;

namespace Squero.Tests.MergeRequests;

/// <summary>A job runs what is still under review: its token reads a merge request and changes nothing in it.</summary>
public sealed class JobTokenTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    [Fact]
    public async Task A_job_neither_comments_nor_chooses_nor_merges()
    {
        await world.PushAsync("train:\n  script: [\"true\"]\n  rules: [{if: '$CI_COMMIT_BRANCH == \"topic\"'}]\n");
        await world.StartAsync("train:\n  script: [\"true\"]\n", "topic");
        await world.Author.PostAsync($"{world.Api}/merge_requests", new { source_branch = "topic", target_branch = "main", title = "Topic" });
        var job = await world.Runner.TakeAsync("train");
        var http = MlflowClient.With(world.Server, job.Variable("MLFLOW_TRACKING_TOKEN")!, world.Project).Http;

        var one = $"{world.Api}/merge_requests/1";
        using var read = await http.GetAsync(one);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Put, "/merge"), (HttpMethod.Put, ""), (HttpMethod.Put, "/choice"), (HttpMethod.Delete, "/choice"), (HttpMethod.Post, "/notes"),
            (HttpMethod.Post, "/discussions"), (HttpMethod.Post, "/conflicts"),
        })
        {
            using var request = new HttpRequestMessage(method, one + path)
            {
                Content = JsonContent.Create(new { body = "x", title = "x", candidate_id = 1 }),
            };
            using var answer = await http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
    }
}
