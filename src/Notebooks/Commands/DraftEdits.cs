using System.Collections.Immutable;
using System.Globalization;

namespace Squero.Notebooks;

/// <summary>What people and tools do to a notebook between two pushes, at random.</summary>
internal sealed class DraftEdits(Random random, DraftIdentities identities)
{
    private readonly DraftWords _words = new(random);

    /// <summary>A notebook to begin with.</summary>
    public DraftNotebook Begin(int cells) => new([.. Enumerable.Range(0, cells).Select(_ => NewCell())], new DraftLayout(true, true, false, 1));

    /// <summary>One to four edits.</summary>
    public DraftNotebook Change(DraftNotebook notebook)
    {
        Func<DraftNotebook, DraftNotebook>[] edits =
            [Edit, Edit, Edit, Rewrite, Split, Merge, Move, Move, Rerun, Rerun, RegenerateIds, Reformat, Relayout, Add, Delete, Copy];
        for (var i = random.Next(1, 5); i > 0; i--)
        {
            notebook = edits[random.Next(edits.Length)](notebook);
        }

        return notebook;
    }

    private DraftNotebook Edit(DraftNotebook notebook) => OnCell(notebook, cell =>
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            cell = EditLine(cell);
        }

        return cell;
    });

    /// <summary>Four lines of ten say something else.</summary>
    private DraftNotebook Rewrite(DraftNotebook notebook) => OnCell(
        notebook, cell => cell with { Lines = [.. cell.Lines.Select(line => random.Next(10) < 4 ? NewLine(cell.Kind) : line)] });

    private DraftCell EditLine(DraftCell cell)
    {
        if (cell.Lines.Count == 0)
        {
            return cell with { Lines = [NewLine(cell.Kind)] };
        }

        var at = random.Next(cell.Lines.Count);
        var lines = cell.Lines.ToList();
        switch (random.Next(3))
        {
            case 0:
                lines.Insert(at, NewLine(cell.Kind));
                break;
            case 1 when lines.Count > 1:
                lines.RemoveAt(at);
                break;
            default:
                lines[at] = new DraftLine(_words.Vary(lines[at].Text), identities.Next());
                break;
        }

        return cell with { Lines = lines };
    }

    private DraftNotebook Split(DraftNotebook notebook)
    {
        var at = Pick(notebook, cell => cell.Lines.Count > 1);
        if (at < 0)
        {
            return notebook;
        }

        var cell = notebook.Cells[at];
        var cut = random.Next(1, cell.Lines.Count);
        return notebook with
        {
            Cells =
            [
                .. notebook.Cells.Take(at),
                cell with { Lines = [.. cell.Lines.Take(cut)], Outputs = [] },
                cell with { Lines = [.. cell.Lines.Skip(cut)], Id = identities.NextId() },
                .. notebook.Cells.Skip(at + 1),
            ],
        };
    }

    private DraftNotebook Merge(DraftNotebook notebook)
    {
        var at = random.Next(Math.Max(1, notebook.Cells.Count - 1));
        if (at + 1 >= notebook.Cells.Count || notebook.Cells[at].Kind != notebook.Cells[at + 1].Kind)
        {
            return notebook;
        }

        var (first, second) = (notebook.Cells[at], notebook.Cells[at + 1]);
        var joined = first with
        {
            Lines = [.. first.Lines, .. second.Lines],
            Outputs = second.Outputs,
            Lineage = first.Lineage.Union(second.Lineage).ToImmutableHashSet(),
        };
        return notebook with { Cells = [.. notebook.Cells.Take(at), joined, .. notebook.Cells.Skip(at + 2)] };
    }

    private DraftNotebook Move(DraftNotebook notebook)
    {
        var cells = notebook.Cells.ToList();
        var from = random.Next(cells.Count);
        var taken = cells.GetRange(from, Math.Min(random.Next(1, 4), cells.Count - from));
        cells.RemoveRange(from, taken.Count);
        cells.InsertRange(random.Next(cells.Count + 1), taken);
        return notebook with { Cells = cells };
    }

    /// <summary>New counts; numbers that are printed and pictures come out otherwise here and there.</summary>
    private DraftNotebook Rerun(DraftNotebook notebook) => notebook with
    {
        Layout = notebook.Layout with { Count = notebook.Layout.Count + notebook.Cells.Count },
        Cells =
        [
            .. notebook.Cells.Select(cell => cell with
            {
                Outputs =
                [
                    .. cell.Outputs.Select(output => random.Next(3) > 0 ? output
                        : output with { Picture = identities.Next(), Lines = [.. output.Lines.Select(line => random.Next(2) > 0 ? line : _words.Vary(line))] }),
                ],
            }),
        ],
    };

    private DraftNotebook RegenerateIds(DraftNotebook notebook) =>
        notebook with { Cells = [.. notebook.Cells.Select(cell => cell with { Id = identities.NextId() })] };

    private DraftNotebook Reformat(DraftNotebook notebook) => notebook with
    {
        Cells =
        [
            .. notebook.Cells.Select(cell => cell.Kind != CellKind.Code ? cell
                : cell with { Lines = [.. cell.Lines.Select(line => line with { Text = DraftWords.Format(line.Text) })] }),
        ],
    };

    private DraftNotebook Relayout(DraftNotebook notebook) => notebook with
    {
        Layout = notebook.Layout with { WithIds = random.Next(3) > 0, Indented = random.Next(3) > 0, OneString = random.Next(3) == 0 },
    };

    private DraftNotebook Add(DraftNotebook notebook) => Insert(notebook, NewCell());

    private DraftNotebook Delete(DraftNotebook notebook) =>
        notebook.Cells.Count < 4 ? notebook : notebook with { Cells = Without(notebook.Cells, random.Next(notebook.Cells.Count)) };

    /// <summary>The copy is another cell, although it says nearly the same.</summary>
    private DraftNotebook Copy(DraftNotebook notebook)
    {
        var cell = notebook.Cells[random.Next(notebook.Cells.Count)];
        return Insert(notebook, EditLine(cell with
        {
            Id = identities.NextId(),
            Lineage = ImmutableHashSet.Create(identities.Next()),
            Lines = [.. cell.Lines.Select(line => line with { Identity = identities.Next() })],
        }));
    }

    private DraftNotebook Insert(DraftNotebook notebook, DraftCell cell)
    {
        var at = random.Next(notebook.Cells.Count + 1);
        return notebook with { Cells = [.. notebook.Cells.Take(at), cell, .. notebook.Cells.Skip(at)] };
    }

    private DraftNotebook OnCell(DraftNotebook notebook, Func<DraftCell, DraftCell> change)
    {
        var at = random.Next(notebook.Cells.Count);
        return notebook with { Cells = [.. notebook.Cells.Select((cell, index) => index == at ? change(cell) : cell)] };
    }

    private int Pick(DraftNotebook notebook, Func<DraftCell, bool> fits)
    {
        var seats = Enumerable.Range(0, notebook.Cells.Count).Where(at => fits(notebook.Cells[at])).ToList();
        return seats.Count == 0 ? -1 : seats[random.Next(seats.Count)];
    }

    private static List<DraftCell> Without(IReadOnlyList<DraftCell> cells, int at) => [.. cells.Where((_, index) => index != at)];

    private DraftCell NewCell()
    {
        var kind = random.Next(3) == 0 ? CellKind.Markdown : CellKind.Code;
        var lines = Enumerable.Range(0, random.Next(1, 11)).Select(_ => NewLine(kind)).ToList();
        var outputs = kind == CellKind.Code ? Enumerable.Range(0, random.Next(3)).Select(_ => NewOutput()).ToList() : [];
        return new DraftCell(kind, identities.NextId(), lines, outputs, ImmutableHashSet.Create(identities.Next()));
    }

    private DraftOutput NewOutput() => new(
        identities.Next(),
        random.Next(2) == 0 ? [] : [.. Enumerable.Range(0, random.Next(1, 8)).Select(row => string.Create(CultureInfo.InvariantCulture, $"{_words.Name()} {row} {random.NextDouble():0.0000}"))],
        identities.Next());

    private DraftLine NewLine(CellKind kind) => new(kind == CellKind.Code ? _words.Code() : _words.Prose(), identities.Next());
}
