using System.Globalization;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What a table of candidates asks for: a filter and an order in the grammar of searches, and where to go on.</summary>
/// <param name="Sort">One clause such as <c>metrics.auc DESC</c>; null is the newest first.</param>
/// <param name="Backwards">The page that ends before the place, not the one that begins behind it.</param>
public sealed record TableQuestion(long ProjectId, long ExperimentId, string Filter, string? Sort, bool WithDeleted, PagePlace? From = null, bool Backwards = false);

/// <summary>A page of a table; a place that is null has no page beyond it.</summary>
public sealed record CandidateSlice(IReadOnlyList<Candidate> Rows, PagePlace? Before, PagePlace? After, long FirstAt, MatchCount Total);

/// <summary>How many candidates match.</summary>
/// <param name="Number">So many at least.</param>
/// <param name="IsWhole">And no more.</param>
public readonly record struct MatchCount(long Number, bool IsWhole)
{
    /// <summary>For people: <c>12,345</c> or <c>more than 1,000</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsWhole ? "" : "more than ")}{Number:N0}");
}

/// <summary>Tables of candidates, read page by page. It stays quick at the last of a hundred thousand rows.</summary>
public sealed class CandidatePages(Database database)
{
    /// <summary>Matches of a filter are counted so far.</summary>
    public const int MaxCounted = 1_000;

    /// <summary>The most candidates that one export or one chart takes.</summary>
    public const int MaxIds = 1_000_000;

    public Task<CandidateSlice> FindAsync(TableQuestion question, int size, CancellationToken cancel) =>
        RunAsync(
            question,
            async asked =>
            {
                var matching = asked.Clauses.Count == 0 ? null : await MatchingAsync(asked);
                var few = matching is { Count: <= MaxCounted } ? matching : null;
                var total = few is not null ? new MatchCount(few.Count, true) : matching is not null ? new MatchCount(MaxCounted, false) : new MatchCount(await CountAsync(asked), true);
                var rows = (few is null ? await RankedAsync(asked, size + 1) : null) ?? await SortedAsync(asked, size + 1, few);
                return await SliceAsync(asked.Session, question, [.. rows], size, total);
            },
            cancel);

    /// <summary>The numbers of all that match, in order: eight bytes each, so that what is exported need not be held.</summary>
    public Task<IReadOnlyList<long>> IdsAsync(TableQuestion question, int limit, CancellationToken cancel) =>
        RunAsync(
            question,
            async asked =>
            {
                var parts = asked.Build();
                (await asked.RareAsync())?.Lead(parts);
                var page = PageOrder.Of(asked.Order, parts, asked.Keys);
                return await asked.Session.ListAsync<long>($"SELECT c.id {parts.From()} ORDER BY {page.Clause(false)} LIMIT {parts.Bind(Math.Min(limit, MaxIds))}", parts.Values);
            },
            cancel);

    private async Task<T> RunAsync<T>(TableQuestion question, Func<AskedTable, Task<T>> ask, CancellationToken cancel)
    {
        var clauses = Filter.Parse(question.Filter, FilterScope.Candidates);
        var order = question.Sort is null ? null : Ordering.Parse([question.Sort], FilterScope.Candidates)[0];
        return await database.ReadAsync(
            async session =>
            {
                var keys = await KeyNames.FindAsync(session, question.ProjectId, CandidateSql.Names(clauses, order is null ? [] : [order]));
                return await ask(new AskedTable(session, question, clauses, order, keys));
            },
            cancel);
    }

    /// <summary>What matches a filter; one more than are counted when there are more. Few are put in order without another look at the rest.</summary>
    private static async Task<IReadOnlyList<long>> MatchingAsync(AskedTable asked)
    {
        var parts = asked.Build();
        (await asked.RareAsync())?.Lead(parts);
        return await asked.Session.ListAsync<long>($"SELECT c.id {parts.From()} LIMIT {parts.Bind(MaxCounted + 1)}", parts.Values);
    }

    private static Task<long> CountAsync(AskedTable asked)
    {
        var parts = asked.Build();
        return asked.Session.CountAsync($"SELECT count(*) {parts.From()}", parts.Values);
    }

    /// <summary>The page off an index; null when all that matches has to be sorted.</summary>
    private static async Task<IReadOnlyList<PlaceRow>?> RankedAsync(AskedTable asked, int take)
    {
        var question = asked.Question;
        if (asked.Order is not { } order || question.From is { Rank: > 0 } || ValueIndex.Of(order.Entity, order.Key, question.ExperimentId, asked.Keys) is not { } index)
        {
            return null;
        }

        var parts = asked.Build(index);
        parts.Order.Clear();
        return await new RankedSearch(parts, index, order.Descending != question.Backwards, WithId: true) { From = question.From }
            .FindAsync<PlaceRow>(asked.Session, PageOrder.ColumnsOf("0", index.Value, index.IsNumeric), 0, take);
    }

    /// <summary>The page of all that matches, or of the few that are known to.</summary>
    private static Task<IReadOnlyList<PlaceRow>> SortedAsync(AskedTable asked, int take, IReadOnlyList<long>? few)
    {
        var question = asked.Question;
        var parts = few is null ? asked.Build() : AskedTable.Of(few, asked.Session.Dialect);
        var page = PageOrder.Of(asked.Order, parts, asked.Keys);
        if (question.From is { } place)
        {
            parts.Conditions.Add(page.Beyond(place, question.Backwards, parts));
        }

        return asked.Session.ListAsync<PlaceRow>($"SELECT {page.Columns} {parts.From()} ORDER BY {page.Clause(question.Backwards)} LIMIT {parts.Bind(take)}", parts.Values);
    }

    private static async Task<CandidateSlice> SliceAsync(Session session, TableQuestion question, List<PlaceRow> rows, int size, MatchCount total)
    {
        var hasMore = rows.Count > size;
        rows = rows.Take(size).ToList();
        if (question.Backwards)
        {
            rows.Reverse();
        }

        var firstAt = question.From is not { } place ? 0 : question.Backwards ? Math.Max(0, place.At - rows.Count) : place.At + 1;
        var ids = rows.Select(row => row.Id).ToList();
        var found = ids.Count == 0 ? [] : (await session.ListOfAsync<Candidate>(
            $"SELECT {CandidateStore.Columns} FROM experiments_candidates c WHERE c.id IN @ids", ids)).ToDictionary(row => row.Id);
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

/// <summary>A question about a table with the numbers of its names.</summary>
internal sealed record AskedTable(
    Session Session, TableQuestion Question, IReadOnlyList<FilterClause> Clauses, OrderKey? Order, IReadOnlyDictionary<string, long> Keys)
{
    public Task<RareClause?> RareAsync() => RareClause.FindAsync(Session, Clauses, Question.ExperimentId, Keys);

    public SqlParts Build(ValueIndex? index = null)
    {
        var parts = CandidateSql.Build(Clauses, [], Keys, "", Session.Dialect, index);
        parts.Scope = $"c.experiment_id = {parts.Bind(Question.ExperimentId)}";
        parts.Conditions.Insert(0, Question.WithDeleted ? "c.deleted IN (0, 1)" : "c.deleted = 0");
        return parts;
    }

    /// <summary>Some candidates, whatever they are.</summary>
    public static SqlParts Of(IReadOnlyList<long> ids, SqlDialect dialect)
    {
        var parts = CandidateSql.Build([], [], new Dictionary<string, long>(), "", dialect);
        parts.Conditions.Add($"c.id IN {parts.Bind(ids)}");
        return parts;
    }
}
