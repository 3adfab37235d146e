namespace Squero.Notebooks;

/// <summary>
/// Whether a cell that was edited may also have moved. Cells move in company: beside another one that went the same way
/// likeness is enough. One that moved alone must be nearly the same or hold all of the other, and what moved together
/// keeps its order.
/// </summary>
internal sealed class MoveEvidence
{
    /// <summary>How much alike a cell must be that moved alone.</summary>
    private const double Alone = 0.85;

    /// <summary>How much alike a companion must be.</summary>
    private const double Companion = 0.66;

    /// <summary>A shorter text stands within others by chance.</summary>
    private const int Telling = 8;

    private readonly CellPairs _pairs;
    private readonly HashSet<(int Old, int New)> _company;
    private HashSet<int> _kept;

    public MoveEvidence(CellPairs pairs, IEnumerable<CellMatch> matches)
    {
        _pairs = pairs;
        _company = matches.Where(match => match.Score >= Companion).Select(match => (match.Old, match.New)).ToHashSet();
        _kept = [.. pairs.InOrder()];
    }

    public bool Allows(CellMatch match) =>
        match.Score >= Alone || IsAccompanied(match.Old - 1, match.New - 1) || IsAccompanied(match.Old + 1, match.New + 1) || IsWithin(match);

    /// <summary>What is known by now kept its place, or moved.</summary>
    public void Settle() => _kept = [.. _pairs.InOrder()];

    /// <summary>Its neighbour moved, too, yet to the other side of it.</summary>
    public bool IsContradicted(CellMatch match) =>
        match.Score < Alone && (MovedTo(match.Old - 1) is { } before && before > match.New || MovedTo(match.Old + 1) is { } after && after < match.New);

    private bool IsAccompanied(int i, int j) =>
        i >= 0 && j >= 0 && i < _pairs.Before.Count && j < _pairs.After.Count && (_pairs.OldOf[j] == i || _company.Contains((i, j)));

    private bool IsWithin(CellMatch match)
    {
        var (old, now) = (_pairs.Before[match.Old].Source, _pairs.After[match.New].Source);
        return Math.Min(old.Length, now.Length) >= Telling
            && (old.Length < now.Length ? now.Contains(old, StringComparison.Ordinal) : old.Contains(now, StringComparison.Ordinal));
    }

    private int? MovedTo(int i) => i >= 0 && i < _pairs.Before.Count && _pairs.NewOf[i] is >= 0 and var j && !_kept.Contains(j) ? j : null;
}
