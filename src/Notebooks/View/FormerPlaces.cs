namespace Squero.Notebooks;

/// <summary>The places that moved cells left: a thin line there that leads to the new place, and is led to from it.</summary>
internal sealed class FormerPlaces
{
    private readonly ViewPart _part;
    private readonly CellChunk _chunk;
    private readonly NotebookDiff _diff;
    private readonly Dictionary<int, List<CellDiff>> _left = [];
    private readonly Dictionary<CellDiff, int> _places = [];
    private readonly Dictionary<CellDiff, int> _homes = [];

    public FormerPlaces(ViewPart part, NotebookDiff diff, CellChunk chunk)
    {
        (_part, _diff, _chunk) = (part, diff, chunk);
        if (part.Options.IdPrefix is null)
        {
            return;
        }

        for (var at = 0; at < diff.Cells.Count; at++)
        {
            if (diff.Cells[at].Moved)
            {
                _homes[diff.Cells[at]] = at;
            }
        }

        foreach (var cell in _homes.Keys.OrderBy(cell => cell.Before!.Index))
        {
            var place = PlaceOf(cell.Before!.Index);
            _places[cell] = place;
            (_left.TryGetValue(place, out var there) ? there : _left[place] = []).Add(cell);
        }
    }

    /// <summary>Whether a cell left the place before this entry.</summary>
    public bool IsAt(int at) => _left.ContainsKey(at);

    public string? HrefOf(CellDiff cell) => _places.TryGetValue(cell, out var place) ? _chunk.HrefOf(Math.Min(place, _diff.Cells.Count - 1), NameOf(cell)) : null;

    /// <summary>Where the cell that had this place in the old file stands now.</summary>
    public string? HrefOfOld(int cell) => _diff.CellOfOld(cell)?.After is { } now ? HrefOfNew(now.Index) : null;

    public string? HrefOfNew(int cell) => _part.Options.IdPrefix is { } prefix ? $"#{prefix}-{ViewPart.NameOf(NotebookSide.New, cell)}" : null;

    /// <summary>The new cells that hold what was split off this one.</summary>
    public IEnumerable<int> PiecesOf(CellDiff cell) => cell is { Before: { } old, After: not null }
        ? _diff.Cells.Where(other => other.SplitFrom == old.Index && other.After is not null && other != cell).Select(other => other.After!.Index)
        : [];

    /// <summary>The old cells that were merged into this one.</summary>
    public IEnumerable<int> TakenInto(CellDiff cell) => cell.After is { } now
        ? _diff.Cells.Where(other => other.MergedInto == now.Index && other.Before is not null && other != cell).Select(other => other.Before!.Index)
        : [];

    public void WriteAt(int at)
    {
        if (!_left.TryGetValue(at, out var cells))
        {
            return;
        }

        foreach (var cell in cells)
        {
            _part.To.Raw("<p class=\"nb-gap nb-former\""u8);
            _part.Id(NameOf(cell));
            _part.To.Raw("><span aria-hidden=\"true\">↕</span> "u8);
            _part.Words($"Cell {cell.Before!.Index + 1} moved to ");
            _part.Link(_chunk.HrefOf(_homes[cell], ViewPart.NameOf(NotebookSide.New, cell.After!.Index)), $"cell {cell.After.Index + 1}");
            _part.To.Raw("</p>"u8);
        }
    }

    /// <summary>The first entry that stayed and stood behind the cell in the old file.</summary>
    private int PlaceOf(int oldIndex)
    {
        for (var at = 0; at < _diff.Cells.Count; at++)
        {
            if (_diff.Cells[at] is { Moved: false, Before: { } old } && old.Index > oldIndex)
            {
                return at;
            }
        }

        return _diff.Cells.Count - 1;
    }

    private static string NameOf(CellDiff cell) => ViewPart.NameOf(NotebookSide.Old, cell.Before!.Index);
}
