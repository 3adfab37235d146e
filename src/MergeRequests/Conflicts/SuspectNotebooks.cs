using Squero.Notebooks;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// What needs a look besides the files in conflict: git merges lines and knows nothing of cells, so that what it calls clean may be
/// broken JSON, or hold one cell twice because both branches moved it. A notebook that was sound on both sides is merged by cells then.
/// </summary>
internal sealed class SuspectNotebooks
{
    /// <summary>Merged notebooks that are looked at; larger merges keep git's word.</summary>
    private const int LooksMax = 100;

    /// <summary>The files in conflict, and the notebooks that git's merge would break.</summary>
    public async Task<IReadOnlyList<ConflictedFile>> ListAsync(MergeDraft draft, CancellationToken cancel)
    {
        var found = draft.Trial is MergeTrial.Conflicting conflict ? conflict.Entries.ToList() : [];
        foreach (var path in draft.Trial.AutoMerged.Where(path => path.EndsWith(".ipynb", StringComparison.OrdinalIgnoreCase)).Take(LooksMax))
        {
            if (await draft.MergedAsync(path, JudgeConflicts.SizeMax, cancel) is { } merged && !IsSound(merged)
                && await draft.SidesAsync(path, cancel) is { } sides && await IsSoundAsync(draft, sides.Target!, cancel) && await IsSoundAsync(draft, sides.Source!, cancel))
            {
                found.Add(sides);
            }
        }

        return found;
    }

    private static async Task<bool> IsSoundAsync(MergeDraft draft, MergeStage stage, CancellationToken cancel) =>
        await draft.BytesAsync(stage.Oid, JudgeConflicts.SizeMax, cancel) is { } bytes && IsSound(bytes);

    private static bool IsSound(byte[] bytes)
    {
        var notebook = Notebook.Parse(bytes);
        var ids = notebook.Cells.Where(cell => cell.Id is not null).Select(cell => cell.Id).ToList();
        return notebook is { State: NotebookState.Ok or NotebookState.Upgraded, Reason: null } && ids.Distinct(StringComparer.Ordinal).Count() == ids.Count;
    }
}
