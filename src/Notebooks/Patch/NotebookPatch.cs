using System.Buffers;
using System.IO.Hashing;

namespace Squero.Notebooks;

/// <summary>
/// The patch of a diff: what rebuilds the new file from the old one byte for byte, whatever the files are. Cells are told
/// by the cells they came from, so that a moved cell is a copy wherever it went.
/// </summary>
internal static class NotebookPatch
{
    public const int Version = 2;

    /// <summary>A layout that leaves less than this part of the file to be told is the right one.</summary>
    private const int Telling = 8;

    /// <summary>
    /// Tells a file from any other, by chance: a patch guards against mistakes. Whoever can forge the notebook can forge
    /// the patch.
    /// </summary>
    public static string Print(ReadOnlySpan<byte> file) => Convert.ToHexStringLower(XxHash128.Hash(file));

    public static void Write(NotebookDiff diff, IBufferWriter<byte> to)
    {
        var (before, after) = (diff.Before, diff.After);
        var best = (Style: (PatchStyle?)null, Ops: (List<PatchOp>?)null);
        foreach (var style in before.File.Length > 0 && !before.File.Span.SequenceEqual(after.File.Span) ? Styles(before.File.Span, after.File.Span) : [])
        {
            if (JsonRestyle.Rewrite(before.File.Span, style) is { } rewritten)
            {
                var ops = Ops(Notebook.Parse(rewritten), rewritten, after, diff);
                best = best.Ops is null || Cost(ops) < Cost(best.Ops) ? (style, ops) : best;
            }
        }

        // Where another layout leaves little to tell, the old one, of which every line differs, need not be tried.
        if (best.Ops is null || Cost(best.Ops) > after.File.Length / Telling)
        {
            var ops = Ops(before, before.File, after, diff);
            best = best.Ops is null || Cost(ops) <= Cost(best.Ops) ? (null, ops) : best;
        }

        PatchJson.Write(before.File.Span, after.File.Span, best.Style, best.Ops!, to);
    }

    /// <summary>Other layouts of the old file that may be the new one's.</summary>
    private static List<PatchStyle> Styles(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var (was, style) = (PatchStyle.Of(before), PatchStyle.Of(after));
        style = JsonLetters.FormOf(after) is { } letters && JsonLetters.FormOf(before) is { } other && other != letters ? style with { Letters = letters } : style;
        List<PatchStyle> styles = [];
        if (PatchStyle.TextsOf(after) is { } texts && texts != PatchStyle.TextsOf(before))
        {
            styles.Add(style with { Texts = texts });
        }

        if (style != was)
        {
            styles.Add(style);
        }

        return styles.FindAll(one => one.IsPlausible);
    }

    private static long Cost(List<PatchOp> ops) => New(ops) + (8L * ops.Count);

    private static long New(List<PatchOp> ops) => ops.Sum(op => op.IsCopy ? 0L : op.Length);

    private static List<PatchOp> Ops(Notebook before, ReadOnlyMemory<byte> old, Notebook after, NotebookDiff diff)
    {
        var now = after.File;
        var delta = new ByteDelta(old, now);
        if (old.Span.SequenceEqual(now.Span))
        {
            delta.Ops.Copy(0, now.Length);
            return delta.Ops.Finish();
        }

        var stretches = new OldStretches(before, old.Length);
        var oldOf = OldOf(diff);
        var next = 0;
        foreach (var cell in after.Cells)
        {
            var from = oldOf[cell.Index] is var i && i < before.Cells.Count ? i : -1;
            delta.Tell(stretches.Before(cell.Index, from), new JsonSlice(next, cell.Whole.Start));
            delta.Tell(from < 0 ? default : before.Cells[from].Whole, cell.Whole);
            next = cell.Whole.End;
        }

        delta.Tell(after.Cells.Count == 0 ? new JsonSlice(0, old.Length) : stretches.Tail, new JsonSlice(next, now.Length));
        return delta.Ops.Finish();
    }

    private static int[] OldOf(NotebookDiff diff)
    {
        var oldOf = new int[diff.After.Cells.Count];
        Array.Fill(oldOf, -1);
        foreach (var cell in diff.Cells)
        {
            if (cell is { Before: { } old, After: { } now })
            {
                oldOf[now.Index] = old.Index;
            }
        }

        return oldOf;
    }

    /// <summary>What stands around the cells of the old file.</summary>
    private sealed class OldStretches(Notebook before, int length)
    {
        private readonly IReadOnlyList<Cell> _cells = before.Cells;

        public JsonSlice Tail => new(_cells.Count == 0 ? 0 : _cells[^1].Whole.End, length);

        /// <summary>For the first new cell the head of the file, else what stands before the old cell, or between any two.</summary>
        public JsonSlice Before(int j, int i)
        {
            if (j == 0)
            {
                return new JsonSlice(0, _cells.Count == 0 ? length : _cells[0].Whole.Start);
            }

            i = i > 0 ? i : 1;
            return i < _cells.Count ? new JsonSlice(_cells[i - 1].Whole.End, _cells[i].Whole.Start) : default;
        }
    }
}
