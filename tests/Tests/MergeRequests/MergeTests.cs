using System.Net;
using System.Net.Http.Json;
using Squero.Kernel;
using Squero.MergeRequests;

namespace Squero.Tests.MergeRequests;

public sealed class MergeTests(ReviewWorld world) : IClassFixture<ReviewWorld>
{
    [Fact]
    public async Task A_merge_commit_names_branches_title_and_request()
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("plain", ("a.txt", "a\n"));
        Assert.Equal("mergeable", (await world.Author.GetAsync($"{bench.Api}/1")).GetProperty("detailed_merge_status").GetString());
        var answer = await world.Author.PutAsync($"{bench.Api}/1/merge", new { sha = request.HeadSha });

        Assert.Equal("merged", answer.GetProperty("state").GetString());
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal(answer.GetProperty("merge_commit_sha").GetString(), await bench.GitAsync("rev-parse", "origin/main"));
        Assert.Equal(
            $"Merge branch 'plain' into 'main'\n\nMerge plain\n\nSee merge request {bench.Project.FullPath}!1",
            await bench.GitAsync("log", "-1", "--format=%B", "origin/main"));
        Assert.Equal(request.HeadSha, await bench.GitAsync("rev-parse", "origin/main^2"));
    }

    [Fact]
    public async Task Fast_forward_makes_no_commit_and_says_when_it_cannot_be()
    {
        var bench = await world.ProjectAsync();
        var first = await bench.OpenAsync("straight", ("a.txt", "a\n"));
        await bench.OpenAsync("beside", ("b.txt", "b\n"));
        await world.Author.PutAsync($"{bench.Api}/1/merge?method=ff", new { });
        Assert.Equal(first.HeadSha, (await bench.GitAsync("ls-remote", "origin", "refs/heads/main")).Split('\t')[0]);

        using var refused = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/2/merge?method=ff", new { });
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        Assert.Contains("rebase", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflicts_are_reported_with_the_names_of_the_files()
    {
        var bench = await world.ProjectAsync(("a.txt", "one\n"));
        await bench.OpenAsync("left", ("a.txt", "left\n"));
        await bench.GitAsync("switch", "-q", "main");
        await bench.CommitAsync("Right", ("a.txt", "right\n"));
        await bench.GitAsync("push", "-q", "origin", "main");

        var shown = await world.Author.GetAsync($"{bench.Api}/1");
        Assert.Equal("conflict", shown.GetProperty("detailed_merge_status").GetString());
        Assert.True(shown.GetProperty("has_conflicts").GetBoolean());
        using var refused = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/1/merge", new { });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("a.txt", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var page = await world.Author.Http.GetStringAsync(bench.Page(1));
        Assert.Contains("both branches changed the same places", page, StringComparison.Ordinal);
        Assert.Contains("<code>a.txt</code>", page, StringComparison.Ordinal);
        Assert.Equal(MergeRequestState.Opened, (await bench.RequestAsync(1)).State);
    }

    [Fact]
    public async Task A_head_that_moved_is_not_merged()
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("moves", ("a.txt", "a\n"));
        await bench.CommitAsync("More", ("a.txt", "b\n"));
        await bench.GitAsync("push", "-q", "origin", "moves");
        using var refused = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/1/merge", new { sha = request.HeadSha });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Equal(MergeRequestState.Opened, (await bench.RequestAsync(1)).State);
    }

    [Fact]
    public async Task Drafts_closed_and_empty_ones_are_not_merged()
    {
        var bench = await world.ProjectAsync();
        await bench.OpenAsync("early", ("a.txt", "a\n"));
        await world.Author.PutAsync($"{bench.Api}/1", new { title = "Draft: early" });
        await bench.GitAsync("push", "-q", "origin", "main:same");
        await world.Author.PostAsync(bench.Api, new { source_branch = "same", target_branch = "main", title = "Nothing" });
        await bench.OpenAsync("shut", ("b.txt", "a\n"));
        await world.Author.PutAsync($"{bench.Api}/3", new { state_event = "close" });

        string[] words = ["draft_status", "commits_status", "not_open"];
        for (var iid = 1; iid <= 3; iid++)
        {
            Assert.Equal(words[iid - 1], (await world.Author.GetAsync($"{bench.Api}/{iid}")).GetProperty("detailed_merge_status").GetString());
            using var refused = await world.Author.Http.PutAsJsonAsync($"{bench.Api}/{iid}/merge", new { });
            Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Of_ten_who_merge_at_once_exactly_one_does()
    {
        var bench = await world.ProjectAsync();
        await bench.OpenAsync("race", ("a.txt", "a\n"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.Author.Http.PutAsJsonAsync($"{bench.Api}/1/merge", new { })));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.All(answers.Where(answer => answer.StatusCode != HttpStatusCode.OK), answer => Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode));
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal("1", await bench.GitAsync("rev-list", "--count", "--merges", "origin/main"));
    }

    [Fact]
    public async Task Several_requests_into_one_branch_all_arrive()
    {
        var bench = await world.ProjectAsync();
        for (var number = 1; number <= 4; number++)
        {
            await bench.OpenAsync($"part-{number}", ($"{number}.txt", "x\n"));
        }

        var answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(iid => world.Author.Http.PutAsJsonAsync($"{bench.Api}/{iid}/merge", new { })));
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        await bench.GitAsync("fetch", "-q", "origin");
        Assert.Equal("1.txt\n2.txt\n3.txt\n4.txt\nREADME.md", await bench.GitAsync("ls-tree", "--name-only", "origin/main"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_interrupted_merge_is_completed_or_taken_back_at_the_next_start(bool branchMoved)
    {
        var bench = await world.ProjectAsync();
        var request = await bench.OpenAsync("crash", ("a.txt", "a\n"));
        var main = await bench.GitAsync("rev-parse", "main");
        await world.Get<Database>().WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("UPDATE merge_requests_requests SET state = 2 WHERE id = @Id", new { request.Id });
                await session.ExecuteAsync(
                    "INSERT INTO merge_requests_intents (request_id, old_sha, new_sha, person_id, started_us) VALUES (@Id, @main, @HeadSha, 1, 1)",
                    new { request.Id, main, request.HeadSha });
            },
            CancellationToken.None);
        if (branchMoved)
        {
            var repository = world.Get<Squero.Repositories.GitRepositories>().Open(bench.Project);
            Assert.True(await repository.UpdateRefAsync("refs/heads/main", request.HeadSha, main, CancellationToken.None));
        }

        await world.Get<FinishMerge>().StartAsync(CancellationToken.None);
        var settled = await bench.RequestAsync(1);
        Assert.Equal(branchMoved ? MergeRequestState.Merged : MergeRequestState.Opened, settled.State);
        Assert.Equal(branchMoved ? request.HeadSha : null, settled.MergedSha);
    }

    [Fact]
    public async Task A_merge_pushed_by_hand_is_noticed()
    {
        var bench = await world.ProjectAsync();
        await bench.OpenAsync("by-hand", ("a.txt", "a\n"));
        await bench.GitAsync("switch", "-q", "main");
        await bench.GitAsync("merge", "-q", "--no-ff", "-m", "By hand", "by-hand");
        await bench.GitAsync("push", "-q", "origin", "main");
        var request = await bench.RequestAsync(1);
        Assert.Equal((MergeRequestState.Merged, await bench.GitAsync("rev-parse", "HEAD")), (request.State, request.MergedSha));
    }

    [Fact]
    public async Task Readers_neither_merge_nor_choose_and_strangers_find_nothing()
    {
        var bench = await world.ProjectAsync();
        await bench.OpenAsync("guarded", ("a.txt", "a\n"));
        using var merge = await world.Reader.Http.PutAsJsonAsync($"{bench.Api}/1/merge", new { });
        using var choose = await world.Reader.Http.PutAsJsonAsync($"{bench.Api}/1/choice", new { candidate_id = 1 });
        using var close = await world.Reader.Http.PutAsJsonAsync($"{bench.Api}/1", new { state_event = "close" });
        Assert.All([merge, choose, close], answer => Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode));
        foreach (var path in new[] { "", "/1", "/1/changes", "/1/discussions", "/1/candidates" })
        {
            using var hidden = await world.Stranger.Http.GetAsync(bench.Api + path);
            Assert.Equal(HttpStatusCode.NotFound, hidden.StatusCode);
        }

        using var page = await world.Stranger.Http.GetAsync(bench.Page(1));
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        using var none = await world.Author.Http.GetAsync($"{bench.Api}/99");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }
}
