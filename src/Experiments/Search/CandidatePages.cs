using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What a table of candidates asks for: a filter and an order in the grammar of searches, and where to go on.</summary>
/// <param name="Sort">One clause such as <c>metrics.auc DESC</c>; null is the newest first.</param>
/// <param name="Backwards">The page that ends before the place, not the one that begins behind it.</param>
public sealed record TableQuestion(long ProjectId, long ExperimentId, string Filter, string? Sort, bool WithDeleted, PagePlace? From = null, bool Backwards = false);

/// <summary>A page of a table; a place that is null has no page beyond it.</summary>
/// <param name="Total">How many candidates match; <see cref="CandidatePages.MaxCounted"/> and one more when it was not counted further.</param>
public sealed record CandidateSlice(IReadOnlyList<Candidate> Rows, PagePlace? Before, PagePlace? After, long FirstAt, long Total);

/// <summary>Tables of candidates, read page by page. It stays quick at the last of a hundred thousand rows.</summary>
public sealed class CandidatePages(Database database)
{
    /// <summary>Matches of a filter are counted so far.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>The most candidates that one export or one chart takes.</summary>
    public const int MaxIds = 1_000_000;

    public Task<CandidateSlice> FindAsync(TableQuestion question, int size, CancellationToken cancel)
    {
        var clauses = Filter.Parse(question.Filter, FilterScope.Candidates);
        var order = SortKey(question.Sort);
        return database.ReadAsync(
            async session =>
            {
                var (from, page, parts) = await PrepareAsync(session, question, clauses, order);
                var total = await CountAsync(session, question, clauses);
                parts.Values["take"] = size + 1;
                var beyond = question.From is { } place ? $" AND {page.Beyond(place, question.Backwards, parts)}" : "";
                var rows = (await session.ListAsync<PlaceRow>(
                    $"SELECT {page.Columns} {from}{beyond} ORDER BY {page.Clause(question.Backwards)} LIMIT @take", parts.Values)).ToList();
                return await SliceAsync(session, question, rows, size, total);
            },
            cancel);
    }

    /// <summary>The numbers of all that match, in order: eight bytes each, so that what is exported need not be held.</summary>
    public Task<IReadOnlyList<long>> IdsAsync(TableQuestion question, int limit, CancellationToken cancel)
    {
        var clauses = Filter.Parse(question.Filter, FilterScope.Candidates);
        var order = SortKey(question.Sort);
        return database.ReadAsync(
            async session =>
            {
                var (from, page, parts) = await PrepareAsync(session, question, clauses, order);
                parts.Values["take"] = Math.Min(limit, MaxIds);
                return await session.ListAsync<long>($"SELECT c.id {from} ORDER BY {page.Clause(false)} LIMIT @take", parts.Values);
            },
            cancel);
    }

    private static OrderKey? SortKey(string? sort) => sort is null ? null : Ordering.Parse([sort], FilterScope.Candidates)[0];

    private static async Task<(string From, PageOrder Page, SqlParts Parts)> PrepareAsync(
        Session session, TableQuestion question, IReadOnlyList<FilterClause> clauses, OrderKey? order)
    {
        var keys = await KeyNames.FindAsync(session, question.ProjectId, CandidateSql.Names(clauses, order is null ? [] : [order]));
        var parts = CandidateSql.Build(clauses, [], keys, "", session.Dialect);
        var page = PageOrder.Of(order, parts, keys);
        return (From(question, parts), page, parts);
    }

    private static string From(TableQuestion question, SqlParts parts)
    {
        parts.Conditions.Insert(0, $"c.experiment_id = {parts.Bind(question.ExperimentId)}");
        parts.Conditions.Insert(1, question.WithDeleted ? "c.deleted IN (0, 1)" : "c.deleted = 0");
        return $"FROM experiments_candidates c{parts.Joins} WHERE {string.Join(" AND ", parts.Conditions)}";
    }

    private static async Task<long> CountAsync(Session session, TableQuestion question, IReadOnlyList<FilterClause> clauses)
    {
        var (from, _, parts) = await PrepareAsync(session, question, clauses, null);
        parts.Values["limit"] = clauses.Count == 0 ? MaxIds : MaxCounted + 1;
        return await session.CountAsync($"SELECT count(*) FROM (SELECT 1 AS one {from} LIMIT @limit) AS matching", parts.Values);
    }

    private static async Task<CandidateSlice> SliceAsync(Session session, TableQuestion question, List<PlaceRow> rows, int size, long total)
    {
        var hasMore = rows.Count > size;
        rows = rows.Take(size).ToList();
        if (question.Backwards)
        {
            rows.Reverse();
        }

        var firstAt = question.From is not { } place ? 0 : question.Backwards ? Math.Max(0, place.At - rows.Count) : place.At + 1;
        var ids = rows.Select(row => row.Id).ToList();
        var found = ids.Count == 0 ? [] : (await session.ListAsync<Candidate>(
            $"SELECT {CandidateStore.Columns} FROM experiments_candidates c WHERE c.id IN @ids", new { ids })).ToDictionary(row => row.Id);
        return new CandidateSlice(
            [.. ids.Select(id => found[id])],
            rows.Count > 0 && (question.Backwards ? hasMore : question.From is not null) ? rows[0].ToPlace(firstAt) : null,
            rows.Count > 0 && (question.Backwards || hasMore) ? rows[^1].ToPlace(firstAt + rows.Count - 1) : null,
            firstAt,
            total);
    }

    private sealed record PlaceRow
    {
        public long Rank { get; init; }

        public double? Number { get; init; }

        public string? Text { get; init; }

        public long StartedUs { get; init; }

        public long Id { get; init; }

        public PagePlace ToPlace(long at) => new((int)Rank, Number, Text, StartedUs, Id, at);
    }
}
