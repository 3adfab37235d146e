using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Follows a file, and a place in it, from commit to commit: through new names, and through versions that lack the file.</summary>
internal abstract class FileTrail(VersionReader reader, string sha, string? path)
{
    // The last commit that had the file, and the file's content there.
    private string seenAt = sha;
    private string? seenOid;
    private bool isBegun;

    /// <summary>The file's name where it was last seen.</summary>
    public string? Path { get; private set; } = path;

    /// <summary>False when the last step's commit has no such file.</summary>
    public bool IsThere { get; private set; } = path is not null;

    /// <summary>The place in the version of the last step; null when there is none to draw a thread at.</summary>
    public abstract string? Anchor { get; }

    public abstract bool IsOutdated { get; }

    protected VersionReader Reader => reader;

    public async Task StepAsync(string next, CancellationToken cancel)
    {
        if (Path is null)
        {
            return;
        }

        if (!isBegun)
        {
            isBegun = true;
            seenOid = await reader.OidAsync(seenAt, Path, cancel);
            await BeginAsync(seenOid, cancel);
        }

        var now = Path;
        var oid = await reader.OidAsync(next, Path, cancel);
        if (oid is null)
        {
            var all = await reader.ChangesAsync(seenAt, next, cancel);

            // What is there word for word under another name is it, whatever git, which sees bytes alike, calls its new name.
            now = all.FirstOrDefault(change => seenOid is not null && change.NewOid == seenOid)?.NewPath
                ?? all.FirstOrDefault(change => change.OldPath == Path && change.NewPath is not null)?.NewPath ?? await RenamedAsync(all, cancel);
            oid = now is null ? null : await reader.OidAsync(next, now, cancel);
        }
        else if (oid != seenOid && await ExchangedAsync(oid, await reader.ChangesAsync(seenAt, next, cancel), cancel) is { } other)
        {
            (now, oid) = (other.NewPath, other.NewOid);
        }

        IsThere = oid is not null;
        if (oid is null)
        {
            return;
        }

        if (oid != seenOid)
        {
            await MoveAsync(seenAt, next, now!, oid, cancel);
        }

        (Path, seenAt, seenOid) = (now, next, oid);
    }

    /// <summary>Reads the place's first version.</summary>
    protected abstract Task BeginAsync(string? oid, CancellationToken cancel);

    /// <summary>The file reads otherwise in the next commit.</summary>
    protected abstract Task MoveAsync(string from, string to, string newPath, string oid, CancellationToken cancel);

    /// <summary>Where the file went when another took its name: two files that changed places. Null when it is still the one of its name.</summary>
    protected virtual Task<FileChange?> ExchangedAsync(string newOid, IReadOnlyList<FileChange> changes, CancellationToken cancel) =>
        Task.FromResult(changes.FirstOrDefault(change => change.NewOid is not null && change.NewOid == seenOid && change.OldOid == newOid && change.NewPath != Path));

    /// <summary>Another name that git does not recognise the file by.</summary>
    protected virtual Task<string?> RenamedAsync(IReadOnlyList<FileChange> changes, CancellationToken cancel) => Task.FromResult<string?>(null);
}

/// <summary>A cell, a line or an output of a notebook.</summary>
internal sealed class NotebookTrail(VersionReader reader, string sha, string? path, NotebookAnchor start) : FileTrail(reader, sha, path)
{
    private const int MaxCandidates = 20;

    /// <summary>With half of its cells a notebook is still the same.</summary>
    private const double Likeness = 0.5;

    /// <summary>Another that was there before must be more like it.</summary>
    private const double Exchange = 0.67;
    private AnchorTrail? trail;
    private Notebook last = Notebook.Absent;

    public override string? Anchor => trail is null ? start.ToString() : trail.Now switch
    {
        AnchorPlacement.OnLine found => found.Anchor.ToString(),
        AnchorPlacement.OnCell found => found.Anchor.ToString(),
        _ => null,
    };

    public override bool IsOutdated => trail is not null && trail.Now is not AnchorPlacement.OnLine;

    protected override async Task BeginAsync(string? oid, CancellationToken cancel)
    {
        last = oid is null ? Notebook.Absent : await Reader.NotebookAsync(oid, cancel);
        trail = new AnchorTrail(start, last, Reader.Compare);
    }

    protected override async Task MoveAsync(string from, string to, string newPath, string oid, CancellationToken cancel)
    {
        last = await Reader.NotebookAsync(oid, cancel);
        trail!.Step(last);
    }

    /// <summary>A notebook that was run again under a new name shares few bytes with the old one, because its pictures are new; its cells tell.</summary>
    protected override async Task<string?> RenamedAsync(IReadOnlyList<FileChange> changes, CancellationToken cancel) =>
        (await BestAsync(changes.Where(change => change.Kind == ChangeKind.Added), Likeness, cancel))?.NewPath;

    /// <summary>Two notebooks may change places and be run again: then the cells of the other name tell, where those of its own say nothing.</summary>
    protected override async Task<FileChange?> ExchangedAsync(string newOid, IReadOnlyList<FileChange> changes, CancellationToken cancel) =>
        await base.ExchangedAsync(newOid, changes, cancel) is { } exact ? exact
        : ShareOf(await Reader.NotebookAsync(newOid, cancel)) >= Likeness ? null
        : await BestAsync(changes.Where(change => change is { OldOid: not null } && change.NewPath != Path), Exchange, cancel);

    private async Task<FileChange?> BestAsync(IEnumerable<FileChange> changes, double least, CancellationToken cancel)
    {
        var best = (Share: least, Change: (FileChange?)null);
        foreach (var change in changes.Where(change => change is { IsNotebook: true, NewPath: not null, NewOid: not null }).Take(MaxCandidates))
        {
            var share = ShareOf(await Reader.NotebookAsync(change.NewOid!, cancel));
            best = share >= best.Share ? (share, change) : best;
        }

        return best.Change;
    }

    /// <summary>The share of cells that the notebook last seen and another one have in common.</summary>
    private double ShareOf(Notebook other)
    {
        var kept = Reader.Compare(last, other).Cells.Count(cell => cell is { Before: { } old, After: { } now } && old.Source == now.Source && old.Source.Length > 0);
        return (double)kept / Math.Max(1, Math.Max(last.Cells.Count, other.Cells.Count));
    }
}

/// <summary>A line of a text file, or the file as a whole.</summary>
internal sealed class TextTrail(VersionReader reader, string sha, string? path, TextAnchor? start) : FileTrail(reader, sha, path)
{
    // Where the line was last seen.
    private (string Sha, TextAnchor? Anchor) seen = (sha, start);
    private bool isLost = start is null;

    public override string? Anchor => isLost ? null : seen.Anchor?.ToString();

    public override bool IsOutdated => isLost;

    protected override Task BeginAsync(string? oid, CancellationToken cancel) => Task.CompletedTask;

    protected override async Task MoveAsync(string from, string to, string newPath, string oid, CancellationToken cancel)
    {
        if (seen.Anchor is not { IsWhole: false } anchor)
        {
            return;
        }

        var change = (await Reader.ChangesAsync(seen.Sha, to, cancel)).FirstOrDefault(change => change.NewPath == newPath);
        var patch = change is null ? null : await Reader.Repository.PatchAsync(seen.Sha, to, change, cancel);
        var found = change is null ? anchor : patch is { IsBinary: false, IsTooLarge: false } ? anchor.Follow(patch) : null;
        isLost = found is null;
        seen = found is null ? seen : (to, found);
    }
}
