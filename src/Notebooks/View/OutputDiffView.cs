namespace Squero.Notebooks;

/// <summary>The outputs of a compared cell: changed ones old beside new or line by line, unchanged ones folded.</summary>
internal sealed class OutputDiffView(ViewPart part, OutputView outputs)
{
    private const int MaxDescription = 300_000;
    private const int MaxOpenLines = 12;

    private readonly LineTextDiff _text = new(part);
    private readonly PictureDiff _pictures = new(part, outputs);

    public void Write(CellDiff cell)
    {
        if (cell.Outputs.Count == 0)
        {
            return;
        }

        part.To.Raw("<div class=\"nb-outputs\">"u8);
        for (var i = 0; i < cell.Outputs.Count;)
        {
            var from = i;
            while (i < cell.Outputs.Count && cell.Outputs[i].Change == OutputChange.Unchanged)
            {
                i++;
            }

            if (i > from)
            {
                Unchanged(cell, from, i);
            }

            if (i < cell.Outputs.Count)
            {
                One(cell, cell.Outputs[i++]);
            }
        }

        part.To.Raw("</div>"u8);
    }

    private void Unchanged(CellDiff cell, int from, int to)
    {
        if (part.Look == NotebookLook.Report)
        {
            Same(cell, from, to);
            return;
        }

        part.Fold("nb-fold-outputs", ViewPart.Count(to - from, "unchanged output"), () => Same(cell, from, to));
    }

    private void Same(CellDiff cell, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            outputs.Write(cell.Outputs[i].After!, cell.After!, NotebookSide.New);
            if (part.Options.Slot is not null)
            {
                part.Slot(OutputView.AnchorOf(cell.Outputs[i].Before!, cell.Before!, NotebookSide.Old));
            }
        }
    }

    private void One(CellDiff cell, OutputDiff diff)
    {
        switch (diff.Change)
        {
            case OutputChange.Added:
                Alone(diff.After!, cell.After!, NotebookSide.New, "Output added", "nb-add");
                break;
            case OutputChange.Removed:
                Alone(diff.Before!, cell.Before!, NotebookSide.Old, "Output removed", "nb-del");
                break;
            default:
                Changed(cell, diff.Before!, diff.After!, diff.Mimes);
                break;
        }
    }

    private void Alone(CellOutput output, Cell cell, NotebookSide side, string words, string kind)
    {
        var anchor = outputs.Begin(output, cell, side, "nb-output " + kind);
        part.Caption(words);
        outputs.Content(output, cell, side, anchor);
        outputs.End(anchor);
    }

    private void Changed(CellDiff cell, CellOutput before, CellOutput after, IReadOnlyList<string> mimes)
    {
        var (old, now) = (OutputView.Best(before, mimes), OutputView.Best(after, mimes));
        if (before.Kind == after.Kind && AreLines(old) && AreLines(now))
        {
            ChangedLines(cell, before, after, old, now);
            return;
        }

        if (old is { IsPicture: true } && now is { IsPicture: true })
        {
            _pictures.Write(cell, before, after, old, now);
        }
        else
        {
            var marks = old?.Mime == "text/html" && now?.Mime == "text/html" ? TableMarks.Between(old.Text(), now.Text()) : default;
            part.To.Raw("<div class=\"nb-pair\">"u8);
            Half(before, cell.Before!, NotebookSide.Old, mimes, "Before", "nb-output nb-old", marks.Old);
            Half(after, cell.After!, NotebookSide.New, mimes, "Now", "nb-output nb-new", marks.New);
            part.To.Raw("</div>"u8);
        }

        if (old is not null && now is not null)
        {
            Description(old, now);
        }

        Rest(before, after, mimes);
    }

    /// <summary>A chart is drawn on demand; which of its numbers changed is told without it.</summary>
    private void Description(MimeValue old, MimeValue now)
    {
        if (!ChartSpec.IsDrawable(old.Mime) || !ChartSpec.IsDrawable(now.Mime) || Math.Max(old.RawLength, now.RawLength) > MaxDescription)
        {
            return;
        }

        var (was, has) = (JsonTree.Lines(MaskedJson.Of(old)), JsonTree.Lines(MaskedJson.Of(now)));
        var changed = LineDiff.Between(was, has).Sum(hunk => hunk.AddedCount + hunk.RemovedCount);
        if (changed > 0)
        {
            part.Fold("nb-fold-form", $"In its description, {ViewPart.Count(changed, "changed line")}", () => _text.Write(was, has), open: !part.IsRendered && changed <= MaxOpenLines);
        }
    }

    // Text and JSON are compared line by line; a kernel that sends no form at all says nothing.
    private static bool AreLines(MimeValue? value) => value?.Mime is null or "text/plain" or "application/json" or "application/geo+json";

    private void Half(CellOutput output, Cell cell, NotebookSide side, IReadOnlyList<string> mimes, string words, string kind, IReadOnlySet<int>? marked)
    {
        var anchor = outputs.Begin(output, cell, side, kind);
        part.Caption(words);
        outputs.Content(output, cell, side, anchor, OutputView.Best(output, mimes) is null ? null : mimes, marked);
        outputs.End(anchor);
    }

    /// <summary>Forms that changed too are named, so that no change is silent; the text of a table, which says the same once more, is not.</summary>
    private void Rest(CellOutput before, CellOutput after, IReadOnlyList<string> mimes)
    {
        var shown = OutputView.Best(after, mimes)?.Mime ?? OutputView.Best(before, mimes)?.Mime;
        var others = mimes.Where(mime => mime != shown && !(mime == "text/plain" && (shown == "text/html" || IsObjectName(before) && IsObjectName(after)))).Select(MimeLabel.Of).ToList();
        if (others.Count > 0)
        {
            part.Label("Changed too: " + string.Join(", ", others));
        }
    }

    // "<Figure size 640x480 with 1 Axes>", "<matplotlib.lines.Line2D at 0x7f…>": the name of what is shown beside it.
    private static bool IsObjectName(CellOutput output) => output.Find("text/plain")?.Text() is ['<', ..] text && !text.Contains('\n', StringComparison.Ordinal);

    private void ChangedLines(CellDiff cell, CellOutput before, CellOutput after, MimeValue? old, MimeValue? now)
    {
        var anchor = outputs.Begin(after, cell.After!, NotebookSide.New, "nb-output nb-changed");
        part.Caption(after.Kind == OutputKind.Error ? "Error changed" : "Output changed");
        var (was, has) = (Lines(before, old), Lines(after, now));
        if (was.AsSpan().SequenceEqual(has) && AnsiText.Visible(before.Text()) != AnsiText.Visible(after.Text()))
        {
            part.Label("Differs in what is masked here");
        }
        else
        {
            _text.Write(was, has);
        }

        outputs.End(anchor);
        if (part.Options.Slot is not null)
        {
            part.Slot(OutputView.AnchorOf(before, cell.Before!, NotebookSide.Old));
        }
    }

    private static string[] Lines(CellOutput output, MimeValue? value) => value?.Mime.EndsWith("json", StringComparison.Ordinal) == true
        ? JsonTree.Lines(MaskedJson.Of(value))
        : Credentials.Mask(AnsiText.Visible(output.Text())).TrimEnd('\n').Split('\n');
}
