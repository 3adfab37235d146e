using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// A page in the order of what was logged, read off an index from its first row on instead of sorting all that match. Filters pass
/// over some rows, so a good many are looked at; when these do not fill the page, the plain search has to be asked.
/// </summary>
/// <param name="Parts">What a candidate has to be, and its order after the value.</param>
/// <param name="Index">The first key of the order.</param>
/// <param name="WithId">Ties are broken by the candidate in the same direction, as the index has them.</param>
internal sealed record RankedSearch(SqlParts Parts, ValueIndex Index, bool IsDescending, bool WithId)
{
    /// <summary>So many rows are looked at for each that is wanted: filters leave one in two, or one in thirty.</summary>
    private const int Breadth = 60;

    private const int LeastRows = 2_000;
    private const string Candidate = ValueIndex.Alias + ".candidate_id";

    /// <summary>Where the page goes on, if not at the first row.</summary>
    public PagePlace? From { get; init; }

    private string Order => $"{Index.Value} {(IsDescending ? "DESC" : "ASC")}{(!WithId ? "" : IsDescending ? $", {Candidate} DESC" : $", {Candidate} ASC")}";

    /// <summary>Null when the plain search has to be asked.</summary>
    public async Task<IReadOnlyList<T>?> FindAsync<T>(Session session, string columns, long skip, int take)
    {
        var begin = From is { } place ? Behind(Parts, place.ValueOf(Index.IsNumeric), place.Id, IsDescending) : null;
        Index.Lead(Parts, begin, await EndAsync(session, Math.Max(LeastRows, (skip + take) * Breadth)));
        var order = string.Join(", ", Parts.Order.Prepend(Order));
        var rows = await session.ListAsync<T>($"SELECT {columns} {Parts.From()} ORDER BY {order} LIMIT {Parts.Bind(take)} OFFSET {Parts.Bind(skip)}", Parts.Values);
        return rows.Count == take ? rows : null;
    }

    /// <summary>The condition that a row comes before the last that is looked at; null when there are not so many.</summary>
    private async Task<string?> EndAsync(Session session, long reach)
    {
        var parts = new SqlParts(session.Dialect);
        var begin = From is { } place ? Behind(parts, place.ValueOf(Index.IsNumeric), place.Id, IsDescending) : null;
        var (number, text) = Index.IsNumeric ? (Index.Value, "NULL") : ("NULL", Index.Value);
        var end = await session.ListAsync<IndexRow>(
            $"SELECT {number} AS number, {text} AS text, {Candidate} {Index.Rows(parts, begin)} ORDER BY {Order} LIMIT 1 OFFSET {parts.Bind(reach)}", parts.Values);
        return end is [var row] ? Behind(Parts, row.Number ?? (object?)row.Text, row.CandidateId, !IsDescending) : null;
    }

    /// <summary>
    /// What ties with a value stands behind it only when the candidate tells them apart. SQLite finds its way in an index of expressions
    /// by the value alone, not by the pair.
    /// </summary>
    private string Behind(SqlParts parts, object? value, long candidate, bool descending)
    {
        var (sign, bound) = (descending ? "<" : ">", parts.Bind(value));
        return WithId ? $"{Index.Value} {sign}= {bound} AND ({Index.Value}, {Candidate}) {sign} ({bound}, {parts.Bind(candidate)})" : $"{Index.Value} {sign} {bound}";
    }

    private sealed record IndexRow
    {
        public double? Number { get; init; }

        public string? Text { get; init; }

        public long CandidateId { get; init; }
    }
}
