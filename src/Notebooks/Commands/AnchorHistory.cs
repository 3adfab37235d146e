namespace Squero.Notebooks;

/// <summary>One generated history of a notebook, with threads that begin in it.</summary>
internal sealed class AnchorHistory(Random random, DraftEdits edits, Action<string>? complain)
{
    private sealed record Pin(AnchorTrail Trail, NotebookAnchor Anchor, IReadOnlySet<int> Lines, IReadOnlySet<int> Lineage, int Version);

    public AnchorFigures Play(DraftNotebook first, int versions, int threadsEach, AnchorFigures figures)
    {
        var drafts = new List<DraftNotebook> { first };
        var origin = Notebook.Parse(first.ToBytes());
        var shown = origin;
        var pins = new List<Pin>();
        for (var version = 0; version < versions; version++)
        {
            if (version > 0)
            {
                // A forced push goes on from an older version.
                var from = random.Next(5) == 0 ? drafts[random.Next(drafts.Count)] : drafts[^1];
                drafts.Add(edits.Change(from));
                shown = Notebook.Parse(drafts[^1].ToBytes());
                pins.ForEach(pin => pin.Trail.Step(shown));
            }

            // Drawing costs most: the last page is drawn in every history.
            figures = Look(figures, pins, drafts[^1], shown, version == versions - 1 ? Seats(origin, shown) : null);
            for (var i = 0; version < versions - 1 && i < threadsEach / 2; i++)
            {
                pins.Add(NewPin(drafts[^1], shown, version));
            }
        }

        return figures with { Threads = figures.Threads + pins.Count };
    }

    private Pin NewPin(DraftNotebook draft, Notebook shown, int version)
    {
        var cell = shown.Cells[random.Next(shown.Cells.Count)];
        var made = draft.Cells[cell.Index];
        var onCell = NotebookAnchor.Of(NotebookSide.New, cell);
        var anchor = random.Next(6) switch
        {
            0 => onCell,
            1 when cell.Outputs.Count > 0 => OnOutput(onCell, cell),
            2 when random.Next(8) == 0 => NotebookAnchor.Whole(NotebookSide.New),
            _ when cell.Lines.Count > 0 => OnLines(onCell, cell.Lines.Count),
            _ => onCell,
        };
        var lines = anchor.Part == AnchorPart.Source ? made.Lines.Skip(anchor.FirstLine - 1).Take(anchor.Line - anchor.FirstLine + 1).Select(line => line.Identity) : [];
        return new Pin(new AnchorTrail(anchor, shown), anchor, lines.ToHashSet(), made.Lineage, version);
    }

    private NotebookAnchor OnLines(NotebookAnchor onCell, int count)
    {
        var last = random.Next(1, count + 1);
        return (onCell with { Part = AnchorPart.Source }).OnLines(random.Next(3) == 0 ? random.Next(1, last + 1) : last, last);
    }

    private NotebookAnchor OnOutput(NotebookAnchor onCell, Cell cell)
    {
        var output = cell.Outputs[random.Next(cell.Outputs.Count)];
        var place = onCell with { Part = AnchorPart.Output, Output = output.Index };
        if (output.Picture() is { } picture)
        {
            return place with { ImageSha256 = NotebookPicture.Sha256Of(picture), Region = random.Next(2) == 0 ? null : new PictureRegion(1000, 2000, 3000, 2500) };
        }

        var lines = OutputLines.Of(output).Count;
        return lines > 0 && random.Next(2) == 0 ? place with { Line = random.Next(1, lines + 1) } : place;
    }

    private AnchorFigures Look(AnchorFigures figures, List<Pin> pins, DraftNotebook draft, Notebook shown, HashSet<string>? seats)
    {
        foreach (var pin in pins)
        {
            var anchor = pin.Trail.Now switch
            {
                AnchorPlacement.OnLine found => found.Anchor,
                AnchorPlacement.OnCell found => found.Anchor,
                _ => null,
            };
            var visible = anchor is null || (seats?.Contains(anchor.Seat.ToString()) ?? (anchor.Part == AnchorPart.Notebook || AnchorText.Of(anchor, shown) is not null));
            figures = figures with { Looks = figures.Looks + 1, Visible = figures.Visible + (visible ? 1 : 0) };
            if (pin.Anchor.Part != AnchorPart.Notebook)
            {
                figures = Judge(figures, pin, draft, anchor);
            }
        }

        return figures;
    }

    private AnchorFigures Judge(AnchorFigures figures, Pin pin, DraftNotebook draft, NotebookAnchor? anchor)
    {
        // Where the lines are is where the thread belongs; when they are gone, any cell made of the one it was on.
        var right = draft.Cells.Where(cell => cell.Lines.Any(line => pin.Lines.Contains(line.Identity))).ToHashSet();
        var hasLine = right.Count == 1 && right.Single().Lines.Count(line => pin.Lines.Contains(line.Identity)) == pin.Lines.Count;
        if (right.Count == 0)
        {
            right = draft.Cells.Where(cell => cell.Lineage.Overlaps(pin.Lineage)).ToHashSet();
        }

        var stands = anchor is null ? null : draft.Cells[anchor.Cell];
        if (right.Count == 0)
        {
            return figures with { OnStrangers = figures.OnStrangers + (stands is null ? 0 : 1) };
        }

        var isRight = stands is not null && right.Contains(stands);
        if (!isRight)
        {
            complain?.Invoke($"{pin.Anchor.Describe()} of version {pin.Version} is on {anchor?.Describe() ?? "the shelf"}, not on cell {string.Join(" or ", right.Select(cell => draft.Cells.ToList().IndexOf(cell) + 1))}");
        }

        var onLine = hasLine && isRight && anchor!.Part == AnchorPart.Source
            && stands!.Lines.Skip(anchor.FirstLine - 1).Take(anchor.Line - anchor.FirstLine + 1).Any(line => pin.Lines.Contains(line.Identity));
        return figures with
        {
            WithCell = figures.WithCell + 1,
            OnRightCell = figures.OnRightCell + (isRight ? 1 : 0),
            WithLine = figures.WithLine + (hasLine ? 1 : 0),
            OnRightLine = figures.OnRightLine + (onLine ? 1 : 0),
        };
    }

    /// <summary>Every place below which the diff page would draw a thread.</summary>
    private static HashSet<string> Seats(Notebook before, Notebook after)
    {
        var seats = new HashSet<string>(StringComparer.Ordinal);
        NotebookView.DiffHtml(NotebookDiff.Between(before, after), new NotebookViewOptions
        {
            ImageUrl = _ => "",
            Slot = anchor =>
            {
                seats.Add(NotebookAnchor.Parse(anchor)!.Seat.ToString());
                return null;
            },
        });
        return seats;
    }
}
