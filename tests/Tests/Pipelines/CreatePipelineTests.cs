using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Repositories;

namespace Squero.Tests.Pipelines;

public sealed class CreatePipelineTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    [Fact]
    public async Task The_same_push_told_twice_makes_one_pipeline()
    {
        var pipeline = await world.StartAsync("only: { when: manual, script: [a] }", "twice");
        var fact = new BranchPushed(world.ProjectId, "twice", RefUpdate.Nothing, pipeline.Sha, world.Author.Person.Id);
        await world.Get<Database>().WriteAsync(session => session.PublishAsync(fact), TestContext.Current.CancellationToken);
        await world.StartAsync("only: { when: manual, script: [b] }", "afterwards");
        Assert.Single(await OfAsync(pipeline.Sha), row => row.Ref == "twice");
    }

    [Fact]
    public async Task An_invalid_file_makes_a_failed_pipeline_that_says_what_is_wrong()
    {
        var pipeline = await world.StartAsync("only:\n  stage: nowhere\n  script: [a]\n", "invalid");
        Assert.Equal(JobStatus.Failed, pipeline.Status);
        Assert.Contains("nowhere", pipeline.Errors, StringComparison.Ordinal);
        var page = await world.Author.Http.GetStringAsync($"/{world.Project}/-/pipelines/{pipeline.Id}", TestContext.Current.CancellationToken);
        Assert.Contains("The pipeline file is not valid", page, StringComparison.Ordinal);
        Assert.Contains("nowhere", page, StringComparison.Ordinal);
        var shown = await world.Author.GetAsync($"{world.Api}/pipelines/{pipeline.Id}");
        Assert.Contains("nowhere", shown.GetProperty("yaml_errors").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_pushes_an_invalid_file_reads_its_mistakes_in_the_terminal()
    {
        await world.PushAsync("only:\n  stage: nowhere\n  script: [a]\n", "told");
        var (_, said) = await world.ListenToGitAsync("push", "origin", "HEAD:refs/heads/told-again");
        Assert.Contains("remote: The pipeline of told-again cannot start: ", said, StringComparison.Ordinal);
        Assert.Contains("nowhere", said, StringComparison.Ordinal);
        await world.PushAsync("only: { when: manual, script: [a] }", "mended");
        (_, said) = await world.ListenToGitAsync("push", "origin", "HEAD:refs/heads/mended-again");
        Assert.DoesNotContain("cannot start", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_that_is_no_yaml_is_an_error_too()
    {
        var pipeline = await world.StartAsync("only: [\n", "garbage");
        Assert.Equal(JobStatus.Failed, pipeline.Status);
        Assert.NotNull(pipeline.Errors);
    }

    [Fact]
    public async Task Some_pushes_make_no_pipeline()
    {
        var skipped = await world.PushAsync("only: { when: manual, script: [a] }", "skipped", "Tidy up [skip ci]");
        var ruled = await world.PushAsync("only: { script: [a], rules: [{ if: '$CI_COMMIT_BRANCH == \"other\"' }] }", "ruled");
        await world.GitAsync("push", "-q", "origin", ":refs/heads/ruled");
        await world.StartAsync("only: { when: manual, script: [a] }", "last");
        Assert.Empty(await OfAsync(skipped));
        Assert.Empty(await OfAsync(ruled));
    }

    [Fact]
    public async Task The_api_starts_a_pipeline_with_variables_or_says_why_not()
    {
        await world.StartAsync("only: { script: [a], rules: [{ if: $WISH }] }\nkeep: { when: manual, script: [b] }", "wishes");
        var made = await world.Author.PostAsync($"{world.Api}/pipeline", new { @ref = "wishes", variables = new[] { new { key = "WISH", value = "yes" } } });
        Assert.Equal("api", made.GetProperty("source").GetString());
        var job = await world.Runner.TakeAsync("only");
        Assert.Equal("yes", job.Variable("WISH"));
        await job.SucceedAsync();
        using var unknown = await world.Author.Http.PostAsJsonAsync($"{world.Api}/pipeline", new { @ref = "none" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("Reference not found", await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var list = await world.Author.GetAsync($"{world.Api}/pipelines?source=api");
        Assert.Equal(made.GetProperty("id").GetInt64(), list[0].GetProperty("id").GetInt64());
        var jobs = await world.Author.GetAsync($"{world.Api}/pipelines/{made.GetProperty("id").GetInt64()}/jobs");
        Assert.Equal(2, jobs.GetArrayLength());
    }

    [Fact]
    public async Task A_newer_commit_ends_the_pipeline_of_an_older_one()
    {
        var older = await world.StartAsync("only: { tags: [nobody], script: [a] }", "moving");
        var newer = await world.StartAsync("only: { tags: [nobody], script: [b] }", "moving");
        Assert.Equal(JobStatus.Canceled, (await world.PipelineAsync(older.Id)).Status);
        await world.PostAsync($"/pipelines/{newer.Id}/cancel");
        Assert.Equal(JobStatus.Canceled, (await world.PipelineAsync(newer.Id)).Status);
    }

    [Fact]
    public async Task Lint_says_what_is_wrong()
    {
        await world.StartAsync("only: { when: manual, script: [a] }");
        var good = await world.Author.PostAsync($"{world.Api}/ci/lint", new { content = "a: { script: [b] }" });
        Assert.True(good.GetProperty("valid").GetBoolean());
        var bad = await world.Author.PostAsync($"{world.Api}/ci/lint", new { content = "a: { stage: none, script: [b] }" });
        Assert.False(bad.GetProperty("valid").GetBoolean());
    }

    [Fact]
    public async Task A_variable_of_the_project_reaches_its_jobs_sealed_on_disk()
    {
        var store = world.Get<VariableStore>();
        await store.PutAsync(
            new ProjectVariable { ProjectId = world.ProjectId, Key = "API_KEY", Value = "correct-horse", Masked = true }, TestContext.Current.CancellationToken);
        await world.StartAsync("only: { script: [a] }", "sealed");
        var job = await world.Runner.TakeAsync("only");
        var given = job.Payload.Variables.Last(variable => variable.Key == "API_KEY");
        Assert.Equal(("correct-horse", true, false), (given.Value, given.Masked, given.Public));
        await job.SucceedAsync();
        var stored = await world.Get<Database>().ReadAsync(
            session => session.FirstAsync<byte[]>("SELECT sealed_value FROM pipelines_variables WHERE key = 'API_KEY'"), TestContext.Current.CancellationToken);
        Assert.Equal(-1, stored.AsSpan().IndexOf("correct-horse"u8));
        var page = await world.Author.Http.GetStringAsync($"/{world.Project}/-/settings/variables", TestContext.Current.CancellationToken);
        Assert.Contains("API_KEY", page, StringComparison.Ordinal);
        Assert.DoesNotContain("correct-horse", page, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<Pipeline>> OfAsync(string sha) =>
        world.Get<PipelineStore>().ForCommitsAsync(world.ProjectId, [sha], TestContext.Current.CancellationToken);
}
