using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Tests.Repositories;

public sealed class GitRepositoryTests(GitHost host) : IClassFixture<GitHost>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<(Project Project, GitRepository Repository, string Work)> PushedAsync(string name, params (string, string)[] files)
    {
        var project = await host.ProjectAsync(name);
        var work = await host.WorkTreeAsync(files);
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        return (project, host.Open(project), work);
    }

    [Fact]
    public async Task A_merge_is_tried_committed_and_moved_without_a_work_tree()
    {
        var (project, repository, work) = await PushedAsync("merging", ("a.txt", "1\n2\n3\n"), ("b.txt", "b\n"));
        await host.RunAsync(work, "checkout", "-q", "-b", "side");
        await host.CommitAsync(work, "b.txt", "changed\n");
        await host.RunAsync(work, "checkout", "-q", "main");
        await host.CommitAsync(work, "a.txt", "1\n2\n3\n4\n");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main", "side");
        var main = (await repository.ResolveAsync("main", Cancel))!;
        using var draft = await repository.DraftMergeAsync("main", "side", Cancel);
        Assert.IsType<MergeTrial.Clean>(draft.Trial);
        var tree = await draft.KeepAsync([], Cancel);
        var who = new GitIdentity("Ada <x>\n", "ada@example.org", DateTimeOffset.UnixEpoch.AddDays(1));
        var merged = await repository.CommitTreeAsync(tree, [main, (await repository.ResolveAsync("side", Cancel))!], "Merge side", who, who, Cancel);
        var move = host.Services.GetRequiredService<MoveBranch>();
        Assert.False(await move.MoveAsync(project, "main", merged, new string('1', 40), 1, Cancel));
        Assert.True(await move.MoveAsync(project, "main", merged, main, 1, Cancel));
        Assert.Equal("changed\n", System.Text.Encoding.UTF8.GetString((await repository.BlobAsync("main", "b.txt", Cancel))!.Bytes));
        Assert.True(await repository.IsAncestorAsync("side", "main", Cancel));
        Assert.Equal("Ada x", (await repository.CommitAsync("main", Cancel))!.AuthorName);
        await host.RunAsync(work, "pull", "-q", "--ff-only", host.Remote(project.FullPath), "main");
    }

    [Fact]
    public async Task A_conflict_names_its_files()
    {
        var (project, repository, work) = await PushedAsync("conflict", ("a b.txt", "1\n"));
        await host.RunAsync(work, "checkout", "-q", "-b", "side");
        await host.CommitAsync(work, "a b.txt", "side\n");
        await host.RunAsync(work, "checkout", "-q", "main");
        await host.CommitAsync(work, "a b.txt", "main\n");
        await host.RunAsync(work, "checkout", "-q", "--orphan", "alone");
        await host.CommitAsync(work, "c", "c");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main", "side", "alone");
        using var draft = await repository.DraftMergeAsync("main", "side", Cancel);
        Assert.Equal(["a b.txt"], Assert.IsType<MergeTrial.Conflicting>(draft.Trial).Files);
        using var unrelated = await repository.DraftMergeAsync("main", "alone", Cancel);
        Assert.Empty(Assert.IsType<MergeTrial.Conflicting>(unrelated.Trial).Files);
    }

    [Fact]
    public async Task Changes_tell_kinds_lines_renames_and_binaries()
    {
        var (project, repository, work) = await PushedAsync("changes", ("gone.txt", "x\n"), ("old name.txt", "1\n2\n3\n4\n5\n6\n"), ("edit.txt", "a\nb\nc"), ("bin", "a\0b"));
        await host.RunAsync(work, "rm", "-q", "gone.txt");
        await host.RunAsync(work, "mv", "old name.txt", "new name.txt");
        await File.WriteAllTextAsync(Path.Combine(work, "new name.txt"), "1\n2\n3\n4\n5\nsix\n", Cancel);
        await File.WriteAllTextAsync(Path.Combine(work, "edit.txt"), "a\nB\nc\n", Cancel);
        await File.WriteAllTextAsync(Path.Combine(work, "bin"), "a\0c", Cancel);
        await host.CommitAsync(work, "added.txt", "1\n2");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        var commits = await repository.LogAsync("main", null, 0, 2, null, Cancel);
        var (before, after) = (commits[1].Sha, commits[0].Sha);
        var changes = (await repository.ChangesAsync(before, after, Cancel)).ToDictionary(change => change.Path);
        Assert.Equal((ChangeKind.Added, 2, 0), (changes["added.txt"].Kind, changes["added.txt"].Added, changes["added.txt"].Removed));
        Assert.Equal((ChangeKind.Removed, null), (changes["gone.txt"].Kind, changes["gone.txt"].NewOid));
        Assert.Equal((ChangeKind.Renamed, "old name.txt", 1), (changes["new name.txt"].Kind, changes["new name.txt"].OldPath, changes["new name.txt"].Added));
        Assert.True(changes["bin"].IsBinary);
        var edit = await repository.PatchAsync(before, after, changes["edit.txt"], Cancel);
        Assert.Equal("@@ -1,3 +1,3 @@\n a\n-b\n-c\n\\ No newline at end of file\n+B\n+c\n", PatchText.Write(edit));
        Assert.Equal("@@ -0,0 +1,2 @@\n+1\n+2\n\\ No newline at end of file\n", PatchText.Write(await repository.PatchAsync(before, after, changes["added.txt"], Cancel)));
        Assert.True((await repository.PatchAsync(before, after, changes["bin"], Cancel)).IsBinary);
        Assert.Equal(5, (await repository.ChangesAsync("", after, Cancel)).Count + 1);
    }

    [Fact]
    public async Task An_object_that_is_not_there_is_absent()
    {
        var (_, repository, _) = await PushedAsync("absent");
        Assert.Null(await repository.BytesAsync(new string('1', 40), 100, Cancel));
        Assert.Null(await repository.BlobSizeAsync(new string('1', 40), Cancel));
        Assert.Null(await repository.BytesAsync((await repository.ResolveAsync("main", Cancel))!, 100_000, Cancel));
    }

    [Theory]
    [InlineData("--all")]
    [InlineData("-x")]
    [InlineData("main~1")]
    [InlineData("main^{tree}")]
    [InlineData("main..side")]
    [InlineData("@{u}")]
    [InlineData(":/Write")]
    [InlineData("main:README.md")]
    [InlineData("../../etc/passwd")]
    [InlineData("refs/heads/../heads/main")]
    [InlineData("")]
    [InlineData("ma\0in")]
    [InlineData("main\n")]
    public async Task Git_words_are_no_revisions(string revision)
    {
        var (_, repository, _) = await PushedAsync("words-" + Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(revision)));
        Assert.Null(await repository.ResolveAsync(revision, Cancel));
        Assert.Empty(await repository.LogAsync(revision, null, 0, 10, null, Cancel));
        Assert.Empty(await repository.FilesAsync(revision, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => repository.UpdateRefAsync(revision, new string('1', 40), "", Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => repository.DeleteRefAsync(revision, Cancel));
    }

    [Fact]
    public async Task A_push_that_the_server_did_not_live_to_record_is_told_at_the_next_start()
    {
        var (project, repository, _) = await PushedAsync("crash");
        var ledger = host.Services.GetRequiredService<PushLedger>();
        var main = (await repository.ResolveAsync("main", Cancel))!;
        await ledger.AnnounceAsync(project.Id, 7, [new RefUpdate("refs/heads/late", RefUpdate.Nothing, main), new RefUpdate("refs/heads/never", RefUpdate.Nothing, main)], Cancel);
        Assert.True(await repository.UpdateRefAsync("refs/heads/late", main, "", Cancel));
        var settle = ActivatorUtilities.CreateInstance<SettlePushes>(host.Services);
        Assert.True(await settle.SettleAsync(long.MaxValue, isLast: false, Cancel));
        var database = host.Services.GetRequiredService<Database>();
        Assert.Equal(
            ["refs/heads/late"],
            await database.ReadAsync(session => session.ListAsync<string>("SELECT ref FROM repositories_pushes WHERE project_id = @Id AND person_id = 7", new { project.Id }), Cancel));
        Assert.DoesNotContain(await ledger.OpenAsync(Cancel), intent => intent.ProjectId == project.Id);
    }

    [Fact]
    public async Task Cancelling_kills_git()
    {
        var (_, repository, _) = await PushedAsync("cancel");
        using var cancel = new CancellationTokenSource();
        var git = host.Services.GetRequiredService<GitProcess>();
        await using var waiting = git.Start(repository.Path, ["cat-file", "--batch"]);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => git.RunAsync(repository.Path, ["rev-parse", "HEAD"], cancel.Token));
        waiting.Kill();
        Assert.NotEqual(0, await waiting.WaitAsync(Cancel));
    }
}
