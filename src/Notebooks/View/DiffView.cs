using System.Text;

namespace Squero.Notebooks;

/// <summary>The diff as a document: cells in reading order, what changed in full, what did not in a fold.</summary>
internal sealed class DiffView
{
    /// <summary>Blanks, of which HTML shows none: longer than any number of cells in words.</summary>
    private static ReadOnlySpan<byte> Room => "                                        "u8;

    private readonly ViewPart _part;
    private readonly CellView _cells;
    private readonly ChangedCell _changed;
    private readonly FormerPlaces _former;
    private readonly CellChunk _chunk;
    private readonly NotebookDiff _diff;

    public DiffView(ViewPart part, NotebookDiff diff)
    {
        var outputs = new OutputView(part);
        (_part, _diff) = (part, diff);
        _cells = new CellView(part, outputs);
        _chunk = new CellChunk(part, diff.Cells.Count);
        _former = new FormerPlaces(part, diff, _chunk);
        _changed = new ChangedCell(part, _cells, outputs, _former);
    }

    public void Write()
    {
        _part.To.Raw(_part.Look switch
        {
            NotebookLook.Report => "<div class=\"nb nb-diff nb-report\" data-language=\""u8,
            NotebookLook.Rich => "<div class=\"nb nb-diff nb-rich\" data-language=\""u8,
            _ => "<div class=\"nb nb-diff\" data-language=\""u8,
        });
        _part.To.Text(_diff.After.Language);
        _part.To.Raw("\""u8);
        _part.Id("nb");
        _part.To.Raw(">"u8);
        if (_chunk.Start == 0)
        {
            NotebookView.Note(_part, _diff.Reason);
            _part.Slot(NotebookAnchor.Whole(NotebookSide.New).ToString());
            _part.Slot(NotebookAnchor.Whole(NotebookSide.Old).ToString());
            new NoiseView(_part).Write(_diff);
            new WarningView(_part).Summary(NotebookWarnings.Of(_diff));
        }

        _chunk.WriteEarlier();
        _chunk.WriteLater(Cells());
        _part.To.Raw("</div>"u8);
    }

    /// <summary>Returns where the next piece begins.</summary>
    private int Cells()
    {
        var at = _chunk.Start;
        while (at < _diff.Cells.Count && !_chunk.IsFull(at))
        {
            _former.WriteAt(at);
            if (!IsQuiet(at))
            {
                _changed.Write(_diff.Cells[at++]);
            }
            else if (_part.Look == NotebookLook.Report)
            {
                Unchanged(_diff.Cells[at++]);
            }
            else
            {
                at = Fold(at);
            }
        }

        return at;
    }

    private bool IsQuiet(int at) => _diff.Cells[at] is { Change: CellChange.Unchanged, Moved: false };

    private int Fold(int from)
    {
        var (to, end) = (from, End(from));
        var label = 0;
        _part.Fold(
            "nb-fold-cells",
            () =>
            {
                label = _part.To.Length;
                _part.To.Raw(Room);
            },
            () =>
            {
                for (; to < end && !_chunk.IsFull(to); to++)
                {
                    Unchanged(_diff.Cells[to]);
                }
            });

        // A piece of a long notebook may end in the middle: the fold says how many it holds.
        _part.To.Patch(label, Encoding.UTF8.GetBytes(ViewPart.Count(to - from, "unchanged cell")));
        return to;
    }

    /// <summary>The end of a run of unchanged cells: a place from which a cell moved away ends it too.</summary>
    private int End(int from)
    {
        var to = from + 1;
        while (to < _diff.Cells.Count && IsQuiet(to) && !_former.IsAt(to))
        {
            to++;
        }

        return to;
    }

    private void Unchanged(CellDiff cell)
    {
        _cells.Write(cell.After!, NotebookSide.New);
        OldSlots.Write(_part, cell, lines: true, outputs: true);
    }
}
