namespace Squero.Notebooks;

/// <summary>The outputs of a compared cell: changed ones old beside new or line by line, unchanged ones folded.</summary>
internal sealed class OutputDiffView(ViewPart part)
{
    private const int Context = 3;
    private const int MaxRows = 120;

    private readonly OutputView _outputs = new(part);

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

    private void Unchanged(CellDiff cell, int from, int to) => part.Fold(
        "nb-fold-outputs",
        () => part.Words(ViewPart.Count(to - from, "unchanged output")),
        () =>
        {
            for (var i = from; i < to; i++)
            {
                _outputs.Write(cell.Outputs[i].After!, cell.After!, NotebookSide.New);
                if (part.Options.Slot is not null)
                {
                    part.Slot(OutputView.AnchorOf(cell.Outputs[i].Before!, cell.Before!, NotebookSide.Old));
                }
            }
        });

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
        var anchor = _outputs.Begin(output, cell, side, "nb-output " + kind);
        Caption(words);
        _outputs.Content(output, side, anchor);
        _outputs.End(anchor);
    }

    private void Changed(CellDiff cell, CellOutput before, CellOutput after, IReadOnlyList<string> mimes)
    {
        if (OutputView.Best(before, mimes)?.Mime is "text/plain" or null && OutputView.Best(after, mimes)?.Mime is "text/plain" or null && before.Kind == after.Kind)
        {
            ChangedText(cell, before, after);
            return;
        }

        part.To.Raw("<div class=\"nb-pair\">"u8);
        Half(before, cell.Before!, NotebookSide.Old, mimes, "Before", "nb-output nb-old");
        Half(after, cell.After!, NotebookSide.New, mimes, "Now", "nb-output nb-new");
        part.To.Raw("</div>"u8);
        Rest(before, after, mimes);
    }

    private void Half(CellOutput output, Cell cell, NotebookSide side, IReadOnlyList<string> mimes, string words, string kind)
    {
        var anchor = _outputs.Begin(output, cell, side, kind);
        Caption(words);
        _outputs.Content(output, side, anchor, OutputView.Best(output, mimes) is null ? null : mimes);
        _outputs.End(anchor);
    }

    /// <summary>Forms that changed too but say the same as the one shown are named, so that no change is silent.</summary>
    private void Rest(CellOutput before, CellOutput after, IReadOnlyList<string> mimes)
    {
        var shown = OutputView.Best(after, mimes)?.Mime ?? OutputView.Best(before, mimes)?.Mime;
        var others = mimes.Where(mime => mime != shown && !(mime == "text/plain" && IsObjectName(before) && IsObjectName(after))).Select(MimeLabel.Of).ToList();
        if (others.Count > 0)
        {
            _outputs.Label("Changed too: " + string.Join(", ", others));
        }
    }

    // "<Figure size 640x480 with 1 Axes>", "<matplotlib.lines.Line2D at 0x7f…>": the name of what is shown beside it.
    private static bool IsObjectName(CellOutput output) => output.Find("text/plain")?.Text() is ['<', ..] text && !text.Contains('\n', StringComparison.Ordinal);

    private void ChangedText(CellDiff cell, CellOutput before, CellOutput after)
    {
        var anchor = _outputs.Begin(after, cell.After!, NotebookSide.New, "nb-output nb-changed");
        Caption(after.Kind == OutputKind.Error ? "Error changed" : "Output changed");
        var old = AnsiText.Visible(before.Text()).TrimEnd('\n').Split('\n');
        var now = AnsiText.Visible(after.Text()).TrimEnd('\n').Split('\n');
        var hunks = LineDiff.Between(old, now);
        if (hunks.Count == 0)
        {
            _outputs.Label("Differs only in colours, progress or line ends");
        }
        else
        {
            part.To.Raw("<div class=\"nb-lines nb-text-diff\">"u8);
            Rows(old, now, hunks);
            part.To.Raw("</div>"u8);
        }

        _outputs.End(anchor);
        part.Slot(OutputView.AnchorOf(before, cell.Before!, NotebookSide.Old));
    }

    private void Rows(string[] old, string[] now, List<LineHunk> hunks)
    {
        int at = 0, rows = 0;
        foreach (var hunk in hunks)
        {
            if (rows > MaxRows)
            {
                Gap("more of this output changed");
                return;
            }

            var from = Math.Max(at, hunk.Before - Context);
            if (from > at && at > 0 || from > 0 && at == 0)
            {
                Gap(ViewPart.Count(from - at, "unchanged line"));
            }

            rows += Same(old, from, hunk.Before) + Hunk(old, now, hunk, MaxRows);
            var end = hunk.Before + hunk.RemovedCount;
            at = Math.Min(old.Length, NextStart(hunks, hunk, end, old.Length));
            Same(old, end, at);
        }

        if (at < old.Length)
        {
            Gap(ViewPart.Count(old.Length - at, "unchanged line"));
        }
    }

    private static int NextStart(List<LineHunk> hunks, LineHunk hunk, int end, int length)
    {
        var next = hunks.IndexOf(hunk) + 1;
        return Math.Min(end + Context, next < hunks.Count ? hunks[next].Before : length);
    }

    private int Same(string[] lines, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            Row(lines[i], ' ', null);
        }

        return to - from;
    }

    private int Hunk(string[] old, string[] now, LineHunk hunk, int limit)
    {
        var paired = Math.Min(hunk.RemovedCount, hunk.AddedCount);
        for (var k = 0; k < Math.Min(limit, hunk.RemovedCount); k++)
        {
            Row(old[hunk.Before + k], '-', k < paired ? WordMarks.Between(old[hunk.Before + k], now[hunk.After + k]).Old : null);
        }

        for (var k = 0; k < Math.Min(limit, hunk.AddedCount); k++)
        {
            Row(now[hunk.After + k], '+', k < paired ? WordMarks.Between(old[hunk.Before + k], now[hunk.After + k]).New : null);
        }

        if (Math.Max(hunk.RemovedCount, hunk.AddedCount) > limit)
        {
            Gap(ViewPart.Count(Math.Max(0, hunk.RemovedCount - limit) + Math.Max(0, hunk.AddedCount - limit), "more changed line"));
        }

        return hunk.RemovedCount + hunk.AddedCount;
    }

    private void Row(string line, char sign, List<Range>? marks)
    {
        var to = part.To;
        to.Raw(sign switch { '+' => "<div class=\"nb-line nb-add\"><span class=\"nb-sign\">+</span><code>"u8, '-' => "<div class=\"nb-line nb-del\"><span class=\"nb-sign\">−</span><code>"u8, _ => "<div class=\"nb-line\"><span class=\"nb-sign\"></span><code>"u8 });
        LineRows.Marked(line, marks, sign == '-', to);
        to.Raw("</code></div>"u8);
    }

    private void Gap(string words)
    {
        part.To.Raw("<p class=\"nb-gap\">"u8);
        part.To.Text(words);
        part.To.Raw("</p>"u8);
    }

    private void Caption(string words)
    {
        part.To.Raw("<p class=\"nb-cap\">"u8);
        part.To.Text(words);
        part.To.Raw("</p>"u8);
    }
}
