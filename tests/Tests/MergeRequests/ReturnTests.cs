using System.Net;

namespace Squero.Tests.MergeRequests;

/// <summary>Forms lead back to what was looked at, and tabs are there for evidence that is there.</summary>
public sealed class ReturnTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    [Theory]
    [InlineData("?report=a.ipynb", "?report=a.ipynb&version=1")]
    [InlineData("?version=7&raw=a.ipynb&inline=b.ipynb", "?raw=a.ipynb&inline=b.ipynb&version=1")]
    [InlineData("?report=a.ipynb&file=a.ipynb", "?report=a.ipynb&file=a.ipynb&version=1")]
    [InlineData("?report=a.ipynb&file=a.ipynb&comment=x&from=y&line=1&end_line=2&suggest=1", "?report=a.ipynb&version=1")]
    [InlineData("?report=a.ipynb&file=a.ipynb&cells=101-200&comment=x", "?report=a.ipynb&file=a.ipynb&cells=101-200&version=1")]
    [InlineData("?report=a%26b%23c.ipynb", "?report=a%26b%23c.ipynb&version=1")]
    public async Task A_comment_leads_back_to_the_view_it_was_begun_in(string query, string back)
    {
        var bench = await NotebookAsync("views");
        Assert.Equal(bench.Page(1, "changes") + back, await SentFromAsync(bench, bench.Page(1, "changes") + query));
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://elsewhere.example/x?report=a.ipynb")]
    [InlineData("javascript:alert(1)")]
    public async Task What_comes_from_elsewhere_leads_to_the_tab_itself(string from)
    {
        var bench = await NotebookAsync("elsewhere");
        Assert.Equal(bench.Page(1, "changes") + "?version=1", await SentFromAsync(bench, from));
    }

    [Fact]
    public async Task A_change_of_reports_alone_has_no_tabs_for_candidates_and_pipelines()
    {
        var bench = await NotebookAsync("reports");
        foreach (var tab in new[] { "", "changes", "commits" })
        {
            var page = await world.Author.Http.GetStringAsync(bench.Page(1, tab));
            Assert.Contains($"href=\"{bench.Page(1, "commits")}\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain($"href=\"{bench.Page(1, "candidates")}\"", page, StringComparison.Ordinal);
            Assert.DoesNotContain($"href=\"{bench.Page(1, "pipelines")}\"", page, StringComparison.Ordinal);
        }

        Assert.Contains("No candidate yet", await world.Author.Http.GetStringAsync(bench.Page(1, "candidates")), StringComparison.Ordinal);
    }

    private async Task<Workbench> NotebookAsync(string branch)
    {
        var bench = await world.ProjectAsync(("a.ipynb", Workbench.Notebook(("a", "one"))));
        await bench.OpenAsync(branch, ("a.ipynb", Workbench.Notebook(("a", "two"))));
        return bench;
    }

    /// <summary>Where a comment leads, without the name of its thread.</summary>
    private async Task<string> SentFromAsync(Workbench bench, string from)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = world.Server.Url };
        using var request = new HttpRequestMessage(HttpMethod.Post, bench.Page(1, "threads"))
        {
            Content = new FormUrlEncodedContent([new("tab", "changes"), new("version", "1"), new("path", "a.ipynb"), new("text", "Why?"), new("kind", "thread")]),
        };
        foreach (var header in world.Author.Http.DefaultRequestHeaders)
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        request.Headers.TryAddWithoutValidation("Referer", from.StartsWith('/') ? new Uri(world.Server.Url, from).AbsoluteUri : from);
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return answer.Headers.Location!.OriginalString.Split('#')[0];
    }
}
