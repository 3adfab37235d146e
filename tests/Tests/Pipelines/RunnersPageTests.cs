using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

/// <summary>Administrators see, register, pause and remove runners in a page.</summary>
public sealed partial class RunnersPageTests(PipelineWorld world) : IClassFixture<PipelineWorld>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_runner_registered_in_the_page_shows_its_token_once_and_takes_jobs()
    {
        var (status, page) = await PostAsync("", ("description", "GPU box"), ("tags", "gpu, big"));
        Assert.Equal(HttpStatusCode.OK, status);
        var token = TokenText().Match(page).Value;
        Assert.Contains($"squero runner --url {world.Server.Url}", page, StringComparison.Ordinal);
        Assert.DoesNotContain(token, await ListAsync(), StringComparison.Ordinal);

        await world.StartAsync("deep: { tags: [gpu, big], script: [a] }");
        await (await world.AnotherRunner(token).TakeAsync("deep")).SucceedAsync();
        Assert.Contains("GPU box", await ListAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_runner_gets_no_job_until_it_is_resumed()
    {
        var (_, page) = await PostAsync("", ("description", "Resting box"), ("tags", "rest"));
        var runner = world.AnotherRunner(TokenText().Match(page).Value);
        var id = (await world.Get<RunnerStore>().ListAsync(Squero.Kernel.PageRequest.First, null, null, Cancel)).Rows.Single(row => row.Description == "Resting box").Id;
        await world.StartAsync("later: { tags: [rest], script: [a] }");

        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync($"/{id}/pause")).Status);
        Assert.Contains("paused", await ListAsync(), StringComparison.Ordinal);
        Assert.Null(await runner.AskAsync());

        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync($"/{id}/resume")).Status);
        await (await runner.TakeAsync("later")).SucceedAsync();

        Assert.Equal(HttpStatusCode.Redirect, (await PostAsync($"/{id}/remove")).Status);
        Assert.Null(await world.Get<RunnerStore>().FindAsync(id, Cancel));
    }

    [Fact]
    public async Task A_runner_that_would_run_nothing_is_refused_with_the_reason()
    {
        var (status, page) = await PostAsync("", ("description", "Useless box"), ("tags", " , "));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("must run untagged jobs", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_built_in_runner_cannot_be_removed()
    {
        var id = (await world.Get<RunnerStore>().ListAsync(Squero.Kernel.PageRequest.First, null, null, Cancel)).Rows.Single(row => row.BuiltIn).Id;
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync($"/{id}/remove")).Status);
        Assert.DoesNotContain($"/{id}/remove", await ListAsync(), StringComparison.Ordinal);
    }

    private Task<string> ListAsync() => world.Author.Http.GetStringAsync(RunnerForms.Page, Cancel);

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var answer = await world.Author.Http.PostAsync(RunnerForms.Page + path, form, Cancel);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [GeneratedRegex("glrt-[A-Za-z0-9_-]+")]
    private static partial Regex TokenText();
}
