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
        var old = AnchorText.CellOf(anchor, between.Before);
        var cell = old is null ? null : between.CellOfOld(old.Index);
        if (cell?.After is not { } now)
        {
            return new Gone(text);
        }

        var onCell = NotebookAnchor.Of(anchor.Side, now);
        return anchor.Part switch
        {
            AnchorPart.Source => FollowLine(anchor, cell, onCell, text),
            AnchorPart.Output => FollowOutput(anchor, cell, onCell, text),
            _ => new OnLine(onCell),
        };
    }

    private static AnchorPlacement FollowLine(NotebookAnchor anchor, CellDiff cell, NotebookAnchor onCell, string text)
    {
        if (cell.NewLineOf(anchor.Line - 1) is { } line && line < cell.After!.Lines.Count)
        {
            return new OnLine(onCell with { Part = AnchorPart.Source, Line = line + 1 });
        }

        // A line that went elsewhere within its cell is still that line, if there is only one like it.
        var lines = cell.After!.Lines;
        var first = -1;
        for (var i = 0; i < lines.Count && text.Trim().Length > 3; i++)
        {
            if (lines[i] == text)
            {
                if (first >= 0)
                {
                    return new OnCell(onCell, text);
                }

                first = i;
            }
        }

        return first >= 0 ? new OnLine(onCell with { Part = AnchorPart.Source, Line = first + 1 }) : new OnCell(onCell, text);
    }

    private static AnchorPlacement FollowOutput(NotebookAnchor anchor, CellDiff cell, NotebookAnchor onCell, string text)
    {
        var diff = cell.Outputs.FirstOrDefault(output => output.Before?.Index == anchor.Output);
        if (diff?.After is not { } now)
        {
            return new OnCell(onCell, text);
        }

        var picture = now.Picture();
        var place = onCell with { Part = AnchorPart.Output, Output = now.Index, ImageSha256 = picture is null ? null : NotebookPicture.Sha256Of(picture) };
        return diff.Change == OutputChange.Unchanged ? new OnLine(place) : new OnCell(place, text);
    }
}
