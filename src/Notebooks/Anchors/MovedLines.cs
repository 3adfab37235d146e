namespace Squero.Notebooks;

/// <summary>
/// Finds the lines of an old cell in cells that are not its newer self: where a cell was split, joined with another one, or
/// lost a part to it. Only lines that are new where they stand count, so that other cells' own lines are never taken.
/// </summary>
internal sealed class MovedLines(NotebookDiff between, Cell old)
{
    private const int Context = 4;
    private const int MinLength = 4;
    private Dictionary<string, List<(CellDiff Cell, int Line)>>? _came;

    /// <summary>The place of a line (from 0); null when it is nowhere or in several places that are as good.</summary>
    public (Cell Cell, int Line)? Find(int line)
    {
        var text = old.Lines[line];
        if (!Came.TryGetValue(LineLayout.Bare(text), out var places))
        {
            return null;
        }

        // A line that says little belongs here only together with its neighbours.
        var needed = text.Trim().Length < MinLength ? 2 : 0;
        var best = places.Select(place => (place.Cell, place.Line, Score: Likeness(line, place.Cell.After!, place.Line)))
            .OrderByDescending(place => place.Score).Take(2).ToList();
        return best[0].Score < needed || best.Count > 1 && best[0].Score == best[1].Score ? null : (best[0].Cell.After!, best[0].Line);
    }

    /// <summary>The cell in which most of the old cell's lines stand now; null when it lost them altogether.</summary>
    public Cell? Home()
    {
        var meant = Enumerable.Range(0, old.Lines.Count).Where(line => old.Lines[line].Trim().Length >= MinLength).ToList();
        var found = meant.Select(Find).Where(place => place is not null).GroupBy(place => place!.Value.Cell).MaxBy(group => group.Count());
        return found is not null && found.Count() * 2 >= meant.Count ? found.Key : null;
    }

    private Dictionary<string, List<(CellDiff Cell, int Line)>> Came => _came ??= Index();

    private Dictionary<string, List<(CellDiff Cell, int Line)>> Index()
    {
        var came = new Dictionary<string, List<(CellDiff, int)>>(StringComparer.Ordinal);
        foreach (var cell in between.Cells)
        {
            if (cell.After is not { } now || cell.Before == old || cell.Before is not null && cell.Source.Count == 0)
            {
                continue;
            }

            for (var line = 0; line < now.Lines.Count; line++)
            {
                if (cell.Before is null || cell.OldLineOf(line) is null)
                {
                    var bare = LineLayout.Bare(now.Lines[line]);
                    (came.TryGetValue(bare, out var places) ? places : came[bare] = []).Add((cell, line));
                }
            }
        }

        return came;
    }

    /// <summary>How many neighbours of the line stand beside it there too.</summary>
    private int Likeness(int line, Cell there, int at)
    {
        var score = 0;
        for (var step = -Context; step <= Context; step++)
        {
            var (here, other) = (line + step, at + step);
            if (step != 0 && here >= 0 && here < old.Lines.Count && other >= 0 && other < there.Lines.Count
                && LineLayout.Bare(old.Lines[here]) is { Length: > 0 } bare && bare == LineLayout.Bare(there.Lines[other]))
            {
                score++;
            }
        }

        return score;
    }
}
