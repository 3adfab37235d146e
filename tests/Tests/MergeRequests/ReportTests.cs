using Squero.Experiments;

namespace Squero.Tests.MergeRequests;

/// <summary>What a merge request says about numbers that are equal, or none at all.</summary>
public sealed class ReportTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    [Fact]
    public async Task Equal_values_are_shown_with_their_digits()
    {
        var bench = await world.ProjectAsync();
        await bench.CandidateAsync((await bench.GitAsync("rev-parse", "main")).Trim(), "main", 0.86524, null);
        var request = await bench.OpenAsync("same", ("a.txt", "a\n"));
        await bench.CandidateAsync(request.HeadSha, "same", 0.86524, null);

        var page = await ReadAsync(bench.Page(1));
        Assert.Contains("Equal", page, StringComparison.Ordinal);
        Assert.Contains(">0.8652<", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_diverged_candidate_is_called_so_and_is_never_the_best()
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("diverge", ("a.txt", "a\n"));

        // The protocol's infinity.
        var candidate = await bench.CandidateAsync(request.HeadSha, "diverge", double.MaxValue, null);
        Assert.Contains("not a finite number, so there is nothing to compare", await ReadAsync(bench.Page(1)), StringComparison.Ordinal);
        var own = await ReadAsync(candidate.Href(bench.Project));
        Assert.Contains("One metric is not a finite number", own, StringComparison.Ordinal);
        Assert.Contains("∞", own, StringComparison.Ordinal);

        await bench.CandidateAsync(request.HeadSha, "diverge", 0.75, null);
        var page = await ReadAsync(bench.Page(1) + "/candidates");
        Assert.Contains(">0.75<", page, StringComparison.Ordinal);
        Assert.Contains("∞", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipeline_file_that_is_not_valid_is_said_once()
    {
        var bench = await world.ProjectAsync();
        await bench.OpenAsync("broken", (".squero-ci.yml", "check:\n  stagge: test\n  script: echo hi\n"));
        var page = await TestServer.EventuallyAsync(() => ReadAsync(bench.Page(1) + "/pipelines"), text => text.Contains("The pipeline file is not valid", StringComparison.Ordinal));
        var tab = page[page.IndexOf("class=\"tabs", StringComparison.Ordinal)..];
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(tab, "is no keyword of a job"));
    }

    private async Task<string> ReadAsync(string path) =>
        System.Net.WebUtility.HtmlDecode(await world.Author.Http.GetStringAsync(path, TestContext.Current.CancellationToken));
}
