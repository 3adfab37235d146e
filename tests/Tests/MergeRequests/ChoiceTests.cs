using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Squero.Experiments;
using Squero.Registry;

namespace Squero.Tests.MergeRequests;

public sealed class ChoiceTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    [Fact]
    public async Task The_report_compares_with_the_newest_candidates_of_the_target()
    {
        var bench = await world.ProjectAsync();
        var main = await bench.GitAsync("rev-parse", "main");
        var request = await bench.OpenAsync("better", ("a.txt", "a\n"));
        await bench.CandidateAsync(main, "main", 0.80, null, pipelineId: 1);
        await bench.CandidateAsync(main, "main", 0.70, null, pipelineId: 2);
        await bench.CandidateAsync(request.HeadSha, "better", 0.75, null, pipelineId: 3);
        await bench.CandidateAsync(null, "", 0.99, null);

        var report = await world.Author.GetAsync($"{bench.Api}/1/candidates");
        Assert.Equal("auc", report.GetProperty("metric").GetString());
        Assert.Equal(1, report.GetProperty("candidates").GetArrayLength());
        Assert.Equal("better", report.GetProperty("comparison").GetProperty("standing").GetString());
        Assert.Equal(0.05, report.GetProperty("comparison").GetProperty("difference").GetDouble(), 9);
        Assert.Equal(2, report.GetProperty("baseline").GetProperty("pipeline_id").GetInt64());
        var page = await world.Author.Http.GetStringAsync(bench.Page(1, "candidates"));
        Assert.Contains("Choose for production", page, StringComparison.Ordinal);
        Assert.Contains("noise unknown", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chosen_candidate_goes_to_production_with_the_merge()
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("serve", ("a.txt", "a\n"));
        var first = await bench.CandidateAsync(request.HeadSha, "serve", 0.8, Workbench.Onnx);
        var second = await bench.CandidateAsync(request.HeadSha, "serve", 0.9, Workbench.Onnx);
        await world.Reviewer.PutAsync($"{bench.Api}/1/choice", new { candidate_id = first.Id });
        var choice = await world.Reviewer.PutAsync($"{bench.Api}/1/choice", new { candidate_id = second.Label });
        Assert.Equal((second.Iid, "churn", true), (choice.GetProperty("candidate_iid").GetInt64(), choice.GetProperty("model").GetString(), choice.GetProperty("valid").GetBoolean()));
        Assert.Contains($"Merge and deploy candidate {second.Label}", await world.Author.Http.GetStringAsync(bench.Page(1)), StringComparison.Ordinal);

        await world.Author.PutAsync($"{bench.Api}/1/merge", new { });
        var model = await TestServer.EventuallyAsync(
            () => world.Get<ModelStore>().FindAsync(bench.Project.Id, "churn", CancellationToken.None), found => found is not null);
        var versions = await world.Get<ModelStore>().VersionsAsync(model!.Id, PageRequestOfAll, CancellationToken.None);
        Assert.Equal([second.Id], versions.Rows.Select(version => version.CandidateId ?? 0));
        Assert.Contains("went to production", await world.Author.Http.GetStringAsync(bench.Page(1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_leaves_the_choice_behind_and_nothing_is_deployed()
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("stale", ("a.txt", "a\n"));
        var candidate = await bench.CandidateAsync(request.HeadSha, "stale", 0.8, Workbench.Onnx);
        await world.Author.PutAsync($"{bench.Api}/1/choice", new { candidate_id = candidate.Uid });
        await bench.CommitAsync("More", ("a.txt", "b\n"));
        await bench.GitAsync("push", "-q", "origin", "stale");

        Assert.False((await world.Author.GetAsync($"{bench.Api}/1/choice")).GetProperty("valid").GetBoolean());
        var page = await world.Author.Http.GetStringAsync(bench.Page(1));
        Assert.Contains("was chosen for an older version", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Merge and deploy", page, StringComparison.Ordinal);
        await RefusedAsync(bench, candidate.Id, "was made at commit");

        await world.Author.PutAsync($"{bench.Api}/1/merge", new { });
        Assert.Null(await world.Get<ModelStore>().FindAsync(bench.Project.Id, "churn", CancellationToken.None));
        Assert.Equal(JsonValueKind.Null, (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("choice").ValueKind);
    }

    [Fact]
    public async Task Only_finished_candidates_of_a_job_with_a_model_can_be_chosen()
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("rules", ("a.txt", "a\n"));
        var forged = await bench.CandidateAsync(null, "", 0.9, Workbench.Onnx);
        var running = await bench.CandidateAsync(request.HeadSha, "rules", 0.9, Workbench.Onnx, CandidateStatus.Running);
        var failed = await bench.CandidateAsync(request.HeadSha, "rules", 0.9, Workbench.Onnx, CandidateStatus.Failed);
        var bare = await bench.CandidateAsync(request.HeadSha, "rules", 0.9, null);
        var broken = await bench.CandidateAsync(request.HeadSha, "rules", 0.9, "not a model"u8.ToArray());
        await RefusedAsync(bench, forged.Id, "without a job");
        await RefusedAsync(bench, running.Id, "is running");
        await RefusedAsync(bench, failed.Id, "is failed");
        await RefusedAsync(bench, bare.Id, "no ONNX file");
        await RefusedAsync(bench, broken.Id, "is not an ONNX model");

        var other = await world.ProjectAsync();
        using var foreign = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/1/choice", new { candidate_id = (await other.CandidateAsync(request.HeadSha, "rules", 1, Workbench.Onnx)).Id });
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    public async Task A_choice_can_be_taken_back()
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("undo", ("a.txt", "a\n"));
        var candidate = await bench.CandidateAsync(request.HeadSha, "undo", 0.8, Workbench.Onnx);
        await world.Author.PutAsync($"{bench.Api}/1/choice", new { candidate_id = candidate.Id, model = "other" });
        using var gone = await world.Author.Http.DeleteAsync($"{bench.Api}/1/choice");
        Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        using var none = await world.Author.Http.GetAsync($"{bench.Api}/1/choice");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static Squero.Kernel.PageRequest PageRequestOfAll => new(1, 100);

    private async Task RefusedAsync(Workbench bench, long candidateId, string sentence)
    {
        using var answer = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/1/choice", new { candidate_id = candidateId });
        var said = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("message").GetString()!;
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(sentence, said, StringComparison.Ordinal);
    }
}
