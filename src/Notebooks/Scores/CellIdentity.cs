namespace Squero.Notebooks;

/// <summary>
/// What the ids of two versions say about which cell is which: the truth that an alignment made without ids is
/// measured against. Only ids that are unique on their side say anything.
/// </summary>
internal sealed class CellIdentity
{
    private readonly HashSet<int> _old;
    private readonly HashSet<int> _now;

    private CellIdentity(int[] oldOf, IEnumerable<int> old, IEnumerable<int> now)
    {
        OldOf = oldOf;
        Moved = Outside(oldOf);
        Pairs = oldOf.Count(i => i >= 0);
        _old = [.. old];
        _now = [.. now];
    }

    /// <summary>For every new cell the old cell of the same id, or -1.</summary>
    public int[] OldOf { get; }

    /// <summary>New cells outside a longest run of ids that kept their order.</summary>
    public HashSet<int> Moved { get; }

    public int Pairs { get; }

    /// <summary>Files whose ids were made anew teach nothing.</summary>
    public bool Tells => Pairs > 0 && Pairs * 2 >= Math.Min(_old.Count, _now.Count);

    /// <summary>Every cell of both sides has an id of its own.</summary>
    public bool TellsAll(Notebook before, Notebook after) => Tells && _old.Count == before.Cells.Count && _now.Count == after.Cells.Count;

    /// <summary>Both cells have ids of their own, so that the pair is right or wrong.</summary>
    public bool Judges(CellDiff cell) => cell is { Before: { } old, After: { } now } && _old.Contains(old.Index) && _now.Contains(now.Index);

    public static CellIdentity Of(Notebook before, Notebook after)
    {
        var old = Seats(before.Cells);
        var now = Seats(after.Cells);
        var oldOf = new int[after.Cells.Count];
        Array.Fill(oldOf, -1);
        foreach (var (id, j) in now)
        {
            oldOf[j] = old.GetValueOrDefault(id, -1);
        }

        return new CellIdentity(oldOf, old.Values, now.Values);
    }

    private static Dictionary<string, int> Seats(IReadOnlyList<Cell> cells) =>
        cells.Where(cell => cell.Id is not null).GroupBy(cell => cell.Id!, StringComparer.Ordinal)
            .Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.First().Index, StringComparer.Ordinal);

    private static HashSet<int> Outside(int[] oldOf)
    {
        var pairs = Enumerable.Range(0, oldOf.Length).Where(j => oldOf[j] >= 0).ToList();
        var kept = IncreasingSequence.Longest(pairs.ConvertAll(j => oldOf[j])).Select(at => pairs[at]).ToHashSet();
        return pairs.Where(j => !kept.Contains(j)).ToHashSet();
    }
}
