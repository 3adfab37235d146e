using Squero.Notebooks;

namespace Squero.MergeRequests;

/// <summary>What collides in a merge request, in the REST API.</summary>
internal sealed record ApiConflicts(
    string SourceBranch, string TargetBranch, string Sha, string? TargetSha, string? Digest, bool Resolvable, int Count, IReadOnlyList<ApiConflictFile> Files)
{
    public static ApiConflicts Of(MergeRequest request, ConflictSheet? sheet) =>
        new(
            request.SourceBranch, request.TargetBranch, request.HeadSha, sheet?.TargetSha, sheet?.Digest, sheet?.IsFinishable ?? false, sheet?.Conflicts.Count ?? 0,
            [
                .. (sheet?.Files ?? []).Select(file => new ApiConflictFile(
                    file.File.Path, Word(file.Judgement.State), file.Judgement.Sentence,
                    [.. sheet!.Conflicts.Where(conflict => conflict.File == file).Select(ApiConflict.Of)])),
            ]);

    private static string Word(ConflictState state) =>
        state switch { ConflictState.Merged => "merged", ConflictState.Undecided => "undecided", ConflictState.Pending => "pending", _ => "by_hand" };
}

internal sealed record ApiConflictFile(string Path, string State, string Message, IReadOnlyList<ApiConflict> Conflicts);

/// <summary>One thing to decide. Cell counts from 1; null: the notebook itself, or lines of a text file. A side without the cell is null.</summary>
internal sealed record ApiConflict(
    string Id, string Kind, int? Cell, string? Name, string Message, bool AllowsBoth, ApiConflictSide? Base, ApiConflictSide? Target, ApiConflictSide? Source)
{
    public static ApiConflict Of(SheetConflict shown)
    {
        if (shown.Conflict is not { } conflict)
        {
            var hunk = shown.Hunk!;
            return new ApiConflict(
                shown.Key, "text", null, null, $"Lines near line {hunk.Line} differ.", true, new ApiConflictSide(null, null, hunk.Line, hunk.Base),
                new ApiConflictSide(null, null, hunk.Line, hunk.Target), new ApiConflictSide(null, null, hunk.Line, hunk.Source));
        }

        return new ApiConflict(
            shown.Key, Word(conflict.Kind), conflict.Place < 0 ? null : conflict.Place + 1, conflict.Name.Length == 0 ? null : conflict.Name, conflict.Sentence,
            conflict.AllowsBoth, ApiConflictSide.Of(conflict.Base, conflict.Hunk?.BaseLine, conflict.Hunk?.Base),
            ApiConflictSide.Of(conflict.Ours, conflict.Hunk?.OursLine, conflict.Hunk?.Ours), ApiConflictSide.Of(conflict.Theirs, conflict.Hunk?.TheirsLine, conflict.Hunk?.Theirs));
    }

    private static string Word(MergeConflictKind kind) =>
        kind switch
        {
            MergeConflictKind.EditEdit => "edit_edit",
            MergeConflictKind.EditRemove => "edit_remove",
            MergeConflictKind.CellType => "cell_type",
            MergeConflictKind.Metadata => "metadata",
            _ => "attachment",
        };
}

/// <summary>The cell as one side has it, and the lines of it that collide (line counts from 1).</summary>
internal sealed record ApiConflictSide(string? CellType, string? Content, int? Line, IReadOnlyList<string>? Lines)
{
    public static ApiConflictSide? Of(Cell? cell, int? line, IReadOnlyList<string>? lines) =>
        cell is null ? null : new ApiConflictSide(cell.Kind.ToString().ToLowerInvariant(), cell.Source, line + 1, lines);
}

internal sealed record ApiResolved(string CommitSha, int Conflicts, IReadOnlyList<string> Files);
