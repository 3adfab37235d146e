namespace Squero.Repositories;

/// <summary>Working out merges without a work tree and without leaving a trace.</summary>
public sealed partial class GitRepository
{
    /// <summary>How merging source into target would end, with the objects at hand: to look at the sides, and to keep the result.</summary>
    public async Task<MergeDraft> DraftMergeAsync(string target, string source, CancellationToken cancel)
    {
        if (await ResolveAsync(target, cancel) is not { } ours || await ResolveAsync(source, cancel) is not { } theirs)
        {
            throw new ArgumentException($"There is no commit {target} or {source}.");
        }

        var objects = new ObjectDraft(path);
        try
        {
            // With the common ancestor between the markers: those who decide about lines need it.
            var tried = await git.RunAsync(path, ["-c", "merge.conflictStyle=diff3", "merge-tree", "--write-tree", "-z", "--messages", ours, theirs], cancel, environment: objects.Environment);
            return new MergeDraft(this, git, objects, Read(tried)) { TargetSha = ours, SourceSha = theirs };
        }
        catch
        {
            objects.Dispose();
            throw;
        }
    }

    private static MergeTrial Read(GitResult tried)
    {
        if (tried.ExitCode > 1 && tried.Error.Contains("unrelated histories", StringComparison.Ordinal))
        {
            return new MergeTrial.Conflicting("", []);
        }

        if (tried.IsCut || tried.ExitCode > 1)
        {
            throw new InvalidOperationException($"git merge-tree ended with {tried.ExitCode}: {tried.Error}");
        }

        var (tree, entries, merged) = MergeTreeOutput.Parse(tried.Output);
        return tried.ExitCode == 0 ? new MergeTrial.Clean(tree) { AutoMerged = merged } : new MergeTrial.Conflicting(tree, entries) { AutoMerged = merged };
    }
}
