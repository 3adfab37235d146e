namespace Squero.Notebooks;

/// <summary>Where an anchor of an older version stands in a newer one.</summary>
public abstract record AnchorPlacement
{
    private AnchorPlacement()
    {
    }

    /// <summary>The same line, output or cell, whatever happened around it.</summary>
    public sealed record OnLine(NotebookAnchor Anchor) : AnchorPlacement;

    /// <summary>Outdated: the cell is there, but the line or output is gone or says something else. OldText is what it said.</summary>
    public sealed record OnCell(NotebookAnchor Anchor, string OldText) : AnchorPlacement;

    /// <summary>The cell is gone: the thread belongs on the shelf at the top of the file.</summary>
    public sealed record Gone(string OldText) : AnchorPlacement;

    /// <summary>Both notebooks are versions of the side that the anchor names.</summary>
    public static AnchorPlacement Follow(NotebookAnchor anchor, Notebook oldNotebook, Notebook newNotebook) =>
        Follow(anchor, NotebookDiff.Between(oldNotebook, newNotebook));

    /// <summary>For many anchors between the same two versions.</summary>
    public static AnchorPlacement Follow(NotebookAnchor anchor, NotebookDiff between)
    {
        if (anchor.Part == AnchorPart.Notebook)
        {
            return new OnLine(anchor);
        }

        var text = AnchorText.Of(anchor, between.Before) ?? "";
        if (AnchorText.CellOf(anchor, between.Before) is not { } old)
        {
            return new Gone(text);
        }

        var moved = new MovedLines(between, old);
        var pair = between.CellOfOld(old.Index);
        return anchor.Part switch
        {
            AnchorPart.Source => FollowLines(anchor, pair, moved, text),
            _ when pair?.After is null => moved.Home() is { } home ? new OnCell(NotebookAnchor.Of(anchor.Side, home), text) : new Gone(text),
            AnchorPart.Output => FollowOutput(anchor, pair, text),
            _ => new OnLine(NotebookAnchor.Of(anchor.Side, pair.After)),
        };
    }

    private static AnchorPlacement FollowLines(NotebookAnchor anchor, CellDiff? pair, MovedLines moved, string text)
    {
        var found = new List<(Cell Cell, int Line)>();
        for (var line = anchor.FirstLine; line <= anchor.Line; line++)
        {
            if (InCell(pair, line - 1) is { } stays)
            {
                found.Add((pair!.After!, stays));
            }
            else if (moved.Find(line - 1) is { } elsewhere)
            {
                found.Add(elsewhere);
            }
        }

        if (found.Count == 0)
        {
            return (pair?.After ?? moved.Home()) is { } cell ? new OnCell(NotebookAnchor.Of(anchor.Side, cell), text) : new Gone(text);
        }

        // Most of a range's lines decide to which cell it belongs.
        var lines = found.GroupBy(place => place.Cell).MaxBy(group => group.Count())!;
        var (first, last) = (lines.Min(place => place.Line) + 1, lines.Max(place => place.Line) + 1);
        var there = (NotebookAnchor.Of(anchor.Side, lines.Key) with { Part = AnchorPart.Source }).OnLines(first, last);
        var whole = lines.Count() == anchor.Line - anchor.FirstLine + 1 && last - first == anchor.Line - anchor.FirstLine;
        return whole ? new OnLine(there) : new OnCell(there, text);
    }

    /// <summary>Where a line (from 0) stands in the newer self of its cell, or null.</summary>
    private static int? InCell(CellDiff? pair, int line)
    {
        if (pair?.After is not { } now)
        {
            return null;
        }

        if (pair.NewLineOf(line) is { } same && same < now.Lines.Count)
        {
            return same;
        }

        // A line that went elsewhere within its cell is still that line, if there is only one like it; so is one that was
        // only laid out anew.
        var text = pair.Before!.Lines[line];
        return text.Trim().Length <= 3 ? null : Only(now.Lines, other => other == text) ?? Relaid(pair, line, text);
    }

    private static int? Relaid(CellDiff pair, int line, string text)
    {
        var hunk = pair.Source.FirstOrDefault(hunk => line >= hunk.Before && line < hunk.Before + hunk.RemovedCount);
        var bare = LineLayout.Bare(text);
        var at = Only([.. pair.After!.Lines.Skip(hunk.After).Take(hunk.AddedCount)], other => LineLayout.Bare(other) == bare);
        return at is { } found ? hunk.After + found : null;
    }

    private static int? Only(IReadOnlyList<string> lines, Func<string, bool> fits)
    {
        int? found = null;
        for (var i = 0; i < lines.Count; i++)
        {
            if (fits(lines[i]))
            {
                if (found is not null)
                {
                    return null;
                }

                found = i;
            }
        }

        return found;
    }

    private static AnchorPlacement FollowOutput(NotebookAnchor anchor, CellDiff pair, string text)
    {
        var onCell = NotebookAnchor.Of(anchor.Side, pair.After!);
        var diff = pair.Outputs.FirstOrDefault(output => output.Before?.Index == anchor.Output);
        if (diff?.After is not { } now)
        {
            return new OnCell(onCell, text);
        }

        var place = onCell with
        {
            Part = AnchorPart.Output,
            Output = now.Index,
            ImageSha256 = NotebookPicture.HashOf(now),
            Region = now.Picture() is null ? null : anchor.Region,
        };
        if (anchor.Line == 0)
        {
            return diff.Change == OutputChange.Unchanged ? new OnLine(place) : new OnCell(place, text);
        }

        return LinesOfOutput(anchor, diff) is var (first, last) && last > 0 ? new OnLine(place.OnLines(first, last)) : new OnCell(place, text);
    }

    /// <summary>Lines that an output still prints are the same lines, though other ones changed. (0, 0) when they are not all there.</summary>
    private static (int First, int Last) LinesOfOutput(NotebookAnchor anchor, OutputDiff diff)
    {
        var (old, now) = (OutputLines.Of(diff.Before!), OutputLines.Of(diff.After!));
        if (anchor.Line > old.Count || anchor.FirstLine < 1)
        {
            return default;
        }

        var hunks = LineDiff.Between(old, now);
        var (first, last) = (LineHunk.NewLineOf(hunks, anchor.FirstLine - 1), LineHunk.NewLineOf(hunks, anchor.Line - 1));
        return first is { } from && last is { } to && to - from == anchor.Line - anchor.FirstLine && to < now.Count
            && Enumerable.Range(0, to - from).All(step => old[anchor.FirstLine - 1 + step] == now[from + step])
                ? (from + 1, to + 1)
                : default;
    }
}
