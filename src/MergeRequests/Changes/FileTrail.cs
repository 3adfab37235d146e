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
            now = all.FirstOrDefault(change => change.OldPath == Path && change.NewPath is not null)?.NewPath ?? await RenamedAsync(all, cancel);
            oid = now is null ? null : await reader.OidAsync(next, now, cancel);
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

    /// <summary>Another name that git does not recognise the file by.</summary>
    protected virtual Task<string?> RenamedAsync(IReadOnlyList<FileChange> changes, CancellationToken cancel) => Task.FromResult<string?>(null);
}

/// <summary>A cell, a line or an output of a notebook.</summary>
internal sealed class NotebookTrail(VersionReader reader, string sha, string? path, NotebookAnchor start) : FileTrail(reader, sha, path)
{
    private const int MaxCandidates = 20;
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
    protected override async Task<string?> RenamedAsync(IReadOnlyList<FileChange> changes, CancellationToken cancel)
    {
        var best = (Share: 0.5, Path: (string?)null);
        foreach (var added in changes.Where(change => change is { Kind: ChangeKind.Added, IsNotebook: true, NewOid: not null }).Take(MaxCandidates))
        {
            var candidate = await Reader.NotebookAsync(added.NewOid!, cancel);
            var kept = Reader.Compare(last, candidate).Cells.Count(cell => cell is { Before: { } old, After: { } now } && old.Source == now.Source && old.Source.Length > 0);
            var share = (double)kept / Math.Max(1, Math.Max(last.Cells.Count, candidate.Cells.Count));
            best = share >= best.Share ? (share, added.NewPath) : best;
        }

        return best.Path;
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
