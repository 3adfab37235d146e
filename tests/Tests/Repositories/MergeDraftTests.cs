using System.Text;
using CsCheck;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Tests.Repositories;

public sealed class MergeDraftTests(GitHost host) : IClassFixture<GitHost>
{
    private const string Odd = "a \"b\"\n\t<i>ü.ipynb";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_trial_leaves_no_object_behind_and_a_kept_merge_all_of_them()
    {
        var (project, repository, work) = await BeginAsync("traceless", ("a.ipynb", "1\n2\n3\n"), (Odd, "1\n2\n3\n"), ("far.txt", "f\n"));
        await ChangeAsync(project, work, "side", ("a.ipynb", "1\nside\n3\n"), (Odd, "1\nside\n3\n"), ("far.txt", "side\n"));
        await ChangeAsync(project, work, "main", ("a.ipynb", "1\nmain\n3\n"), (Odd, "1\nmain\n3\n"));
        var before = Objects(repository);

        var draft = await repository.DraftMergeAsync("main", "side", Cancel);
        var conflict = Assert.IsType<MergeTrial.Conflicting>(draft.Trial);
        Assert.Equal([Odd, "a.ipynb"], conflict.Files);
        Assert.All(conflict.Entries, entry => Assert.True(entry.IsContentOnly));
        Assert.Equal("1\n2\n3\n", Encoding.UTF8.GetString((await draft.BytesAsync(conflict.Entries[0].Base!.Oid, 100, Cancel))!));
        Assert.Null(await draft.BytesAsync(conflict.Entries[0].Base!.Oid, 5, Cancel));
        Assert.Equal(before, Objects(repository));
        await Assert.ThrowsAsync<InvalidOperationException>(() => draft.KeepAsync(Settle(conflict, "x")[..1], Cancel));

        var tree = await draft.KeepAsync(Settle(conflict, "odd\n", "1\nboth\n3\n"), Cancel);
        draft.Dispose();
        Assert.DoesNotContain(Directory.EnumerateDirectories(Path.Combine(repository.Path, "objects")), name => name.Contains("tmp_", StringComparison.Ordinal));
        var who = new GitIdentity("Ada", "ada@example.org", DateTimeOffset.UnixEpoch);
        var sha = await repository.CommitTreeAsync(tree, [(await repository.ResolveAsync("main", Cancel))!], "Merged", who, who, Cancel);
        foreach (var (path, text) in new[] { ("a.ipynb", "1\nboth\n3\n"), (Odd, "odd\n"), ("far.txt", "side\n") })
        {
            Assert.Equal(text, Encoding.UTF8.GetString((await repository.BlobAsync(sha, path, Cancel))!.Bytes));
        }
    }

    [Fact]
    public async Task Only_plain_contents_can_be_replaced()
    {
        var (project, repository, work) = await BeginAsync(
            "shapes", ("removed.ipynb", "1\n2\n"), ("moved.ipynb", "1\n2\n3\n4\n5\n6\n7\n"), ("apart.ipynb", "a\nb\nc\nd\ne\nf\n"), ("link.ipynb", "x\n"), ("folder.ipynb", "y\n"),
            ("mode.ipynb", "m\n"));
        await host.RunAsync(work, "checkout", "-q", "-b", "side");
        await host.RunAsync(work, "rm", "-q", "removed.ipynb", "link.ipynb", "folder.ipynb");
        await host.RunAsync(work, "mv", "moved.ipynb", "new name.ipynb");
        await host.RunAsync(work, "mv", "apart.ipynb", "side name.ipynb");
        File.CreateSymbolicLink(Path.Combine(work, "link.ipynb"), "elsewhere");
        await WriteAsync(work, ("new name.ipynb", "1\n2\n3\n4\n5\n6\nside\n"), ("both.ipynb", "side\n"), ("folder.ipynb/inside.txt", "i\n"), ("mode.ipynb", "side\n"));
        await host.RunAsync(work, "add", "-A");
        await host.RunAsync(work, "update-index", "--chmod=+x", "mode.ipynb");
        await host.RunAsync(work, "commit", "-q", "-m", "Side");
        await host.RunAsync(work, "checkout", "-q", "-f", "main");
        await host.RunAsync(work, "mv", "apart.ipynb", "main name.ipynb");
        await WriteAsync(
            work, ("moved.ipynb", "1\n2\n3\n4\n5\n6\nmain\n"), ("both.ipynb", "main\n"), ("removed.ipynb", "1\nmain\n"), ("link.ipynb", "main\n"), ("folder.ipynb", "main\n"), ("mode.ipynb", "main\n"));
        await host.RunAsync(work, "add", "-A");
        await host.RunAsync(work, "commit", "-q", "-m", "Main");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main", "side");

        using var draft = await repository.DraftMergeAsync("main", "side", Cancel);
        var entries = Assert.IsType<MergeTrial.Conflicting>(draft.Trial).Entries;
        Assert.Equal(["both.ipynb", "mode.ipynb", "new name.ipynb"], entries.Where(entry => entry.IsContentOnly).Select(entry => entry.Path));
        Assert.Null(entries.Single(entry => entry.Path == "both.ipynb").Base);
        Assert.Equal("100755", entries.Single(entry => entry.Path == "mode.ipynb").Mode);
        Assert.Contains("removed it", entries.Single(entry => entry.Path == "removed.ipynb").Sentence, StringComparison.Ordinal);
        Assert.All(["main name.ipynb", "side name.ipynb"], name => Assert.Contains("renamed it", entries.Single(entry => entry.Path == name).Sentence, StringComparison.Ordinal));
        Assert.All(entries.Where(entry => entry.Path.StartsWith("link", StringComparison.Ordinal)), entry => Assert.False(entry.IsContentOnly));
        Assert.All(entries.Where(entry => entry.Path.StartsWith("folder", StringComparison.Ordinal)), entry => Assert.False(entry.IsContentOnly));
    }

    [Fact]
    public void Whatever_is_printed_is_read_or_refused()
    {
        string[] known =
        [
            "", "1", "2", "a.ipynb", "CONFLICT (contents)", "100644 " + new string('a', 40) + " 2\ta.ipynb", "100644 " + new string('b', 40) + " 3\ta.ipynb", "x 1 4\t", "-1", "99999999999", "\t",
        ];
        var part = Gen.Int[0, known.Length - 1].Select(index => known[index]);
        Gen.Select(part.Array[0, 12], Gen.Byte.Array[0, 20]).Sample((parts, tail) =>
        {
            var output = Encoding.UTF8.GetBytes(string.Join('\0', parts) + "\0").Concat(tail).ToArray();
            try
            {
                var (_, entries, _) = MergeTreeOutput.Parse(output);
                Assert.All(entries.Where(entry => entry.IsContentOnly), entry => Assert.True(entry is { Target: not null, Source: not null } && entry.Mode == "100644"));
            }
            catch (FormatException)
            {
                // Said, and nothing was made of it.
            }
        });
    }

    [Fact]
    public void A_name_that_is_no_text_is_left_alone()
    {
        var oid = new string('a', 40);
        byte[] name = [0x61, 0xFF, 0x2E];
        byte[] Part(string head, byte[] path) => [.. Encoding.UTF8.GetBytes(head), .. path, 0];
        byte[] output =
        [
            .. Part(oid, []), .. Part($"100644 {oid} 2\t", name), .. Part($"100644 {oid} 3\t", name), 0, .. Part("1", []), .. Part("", name), .. Part("CONFLICT (contents)", []), .. Part("words", []),
        ];
        Assert.False(Assert.Single(MergeTreeOutput.Parse(output).Entries).IsContentOnly);
    }

    private async Task<(Project Project, GitRepository Repository, string Work)> BeginAsync(string name, params (string, string)[] files)
    {
        var project = await host.ProjectAsync(name);
        var work = await host.WorkTreeAsync(files);
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        return (project, host.Open(project), work);
    }

    private async Task ChangeAsync(Project project, string work, string branch, params (string Path, string Text)[] files)
    {
        await host.RunAsync(work, branch == "main" ? ["checkout", "-q", "main"] : ["checkout", "-q", "-b", branch, "main"]);
        await WriteAsync(work, files);
        await host.RunAsync(work, "add", "-A");
        await host.RunAsync(work, "commit", "-q", "-m", branch);
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), branch);
    }

    private static async Task WriteAsync(string work, params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(work, path))!);
            await File.WriteAllTextAsync(Path.Combine(work, path), text, Cancel);
        }
    }

    private static List<SettledFile> Settle(MergeTrial.Conflicting conflict, params string[] texts) =>
        [.. conflict.Entries.Zip(texts, (entry, text) => new SettledFile(entry, Encoding.UTF8.GetBytes(text)))];

    private static string[] Objects(GitRepository repository) =>
        [.. Directory.EnumerateFiles(Path.Combine(repository.Path, "objects"), "*", SearchOption.AllDirectories).Where(name => !name.Contains("tmp_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
