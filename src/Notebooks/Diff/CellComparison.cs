namespace Squero.Notebooks;

/// <summary>Compares one cell with its old self.</summary>
internal static class CellComparison
{
    /// <summary>Nobody writes to it.</summary>
    private static readonly List<string> None = [];

    public static CellDiff Between(Cell before, Cell after)
    {
        if (before.HasSameBytes(after))
        {
            return new CellDiff(before, after, CellChange.Unchanged) { Outputs = before.Outputs.Count == 0 ? [] : Unchanged(before, after) };
        }

        var source = before.SameSource(after) ? [] : LineDiff.Between(before.Lines, after.Lines);
        var outputs = OutputAlignment.Between(before.Outputs, after.Outputs);
        var attachments = ChangedAttachments(before, after);
        var metadata = MetadataComparison.Between(before, after);
        var edited = source.Count > 0 || before.Kind != after.Kind || attachments.Count > 0;
        var change = edited ? CellChange.Edited
            : outputs.Exists(output => output.Change != OutputChange.Unchanged) ? CellChange.Outputs
            : metadata.Meant.Count > 0 ? CellChange.Metadata : CellChange.Unchanged;
        return new CellDiff(before, after, change)
        {
            Source = source,
            Outputs = outputs,
            Attachments = attachments,
            MetadataKeys = metadata.Meant,
            CountNoise = before.ExecutionCount != after.ExecutionCount || CountsDiffer(outputs),
            Reencoded = change == CellChange.Unchanged && outputs.Exists(IsReencoded),
            MetadataNoise = metadata.Noise || before.Id != after.Id || OutputMetadataDiffers(before, after, outputs),
        };
    }

    private static OutputDiff[] Unchanged(Cell before, Cell after)
    {
        var diffs = new OutputDiff[after.Outputs.Count];
        for (var i = 0; i < diffs.Length; i++)
        {
            diffs[i] = new OutputDiff(before.Outputs[i], after.Outputs[i], OutputChange.Unchanged, []);
        }

        return diffs;
    }

    private static List<string> ChangedAttachments(Cell before, Cell after)
    {
        if (before.Attachments.Count + after.Attachments.Count == 0
            || JsonMeaning.Same(before.Json, before.AttachmentsSlice, after.Json, after.AttachmentsSlice))
        {
            return None;
        }

        var changed = new List<string>();
        foreach (var name in before.Attachments.Keys.Union(after.Attachments.Keys, StringComparer.Ordinal))
        {
            var old = before.Attachments.GetValueOrDefault(name, []);
            var now = after.Attachments.GetValueOrDefault(name, []);
            if (old.Count != now.Count || old.Zip(now).Any(pair => !pair.First.Means(pair.Second)))
            {
                changed.Add(name);
            }
        }

        return changed;
    }

    private static bool IsReencoded(OutputDiff output) => output is { Change: OutputChange.Unchanged, Before: { } old, After: { } now }
        && old.Data.Any(value => value.IsPicture && now.Find(value.Mime) is { } other && value.IsReencodedIn(other));

    private static bool CountsDiffer(List<OutputDiff> outputs) => outputs.Exists(diff =>
        diff is { Before: { } old, After: { } now } && old.ExecutionCount.Length != now.ExecutionCount.Length);

    private static bool OutputMetadataDiffers(Cell before, Cell after, List<OutputDiff> outputs) => outputs.Exists(diff =>
        diff is { Before: { } old, After: { } now } && !JsonMeaning.Same(before.Json, old.Metadata, after.Json, now.Metadata));
}
