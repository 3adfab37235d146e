using Squero.Kernel;

namespace Squero.Experiments;

public enum Existence
{
    Active = 1,
    Deleted = 2,
    All = 3,
}

/// <summary>A search as a caller wrote it.</summary>
/// <param name="Order">Clauses such as <c>metrics.auc DESC</c>.</param>
/// <param name="ArtifactPrefix">What addresses of artifacts begin with, for the attribute artifact_uri.</param>
public sealed record CandidateQuestion(
    long ProjectId, IReadOnlyCollection<long> ExperimentIds, string? Filter, IReadOnlyCollection<string> Order, Existence Existence, long Skip, int Take, string ArtifactPrefix = "");

/// <summary>Finds candidates by what was logged of them.</summary>
public sealed class CandidateSearch(Database database)
{
    public const int MaxExperiments = 1000;

    public Task<IReadOnlyList<Candidate>> FindAsync(CandidateQuestion question, CancellationToken cancel) =>
        RunAsync(
            question,
            async asked =>
            {
                var rare = await asked.RareAsync();
                return (rare is null ? await RankedAsync(asked) : null) ?? await SortedAsync(asked, rare);
            },
            [],
            cancel);

    /// <summary>How many there are in all, whatever page is asked.</summary>
    public Task<long> CountAsync(CandidateQuestion question, CancellationToken cancel) =>
        RunAsync(
            question with { Order = [] },
            asked =>
            {
                var parts = asked.Build(asked.Order);
                return asked.Session.CountAsync($"SELECT count(*) {parts.From()}", parts.Values);
            },
            0L,
            cancel);

    private async Task<T> RunAsync<T>(CandidateQuestion question, Func<AskedSearch, Task<T>> ask, T none, CancellationToken cancel)
    {
        var clauses = Filter.Parse(question.Filter, FilterScope.Candidates);
        var order = Ordering.Parse(question.Order, FilterScope.Candidates);
        return question.ExperimentIds.Count == 0 ? none : await database.ReadAsync(
            async session =>
            {
                var keys = await KeyNames.FindAsync(session, question.ProjectId, CandidateSql.Names(clauses, order));
                return await ask(new AskedSearch(session, question, clauses, order, keys));
            },
            cancel);
    }

    /// <summary>The best of one experiment by a metric, a param or a tag; null when all that matches has to be sorted.</summary>
    private static async Task<IReadOnlyList<Candidate>?> RankedAsync(AskedSearch asked)
    {
        if (asked.Order is not [var first, ..] || asked.Experiment is not { } experiment || ValueIndex.Of(first.Entity, first.Key, experiment, asked.Keys) is not { } index)
        {
            return null;
        }

        var parts = asked.Build([.. asked.Order.Skip(1)], index);
        if (!index.IsNumeric)
        {
            parts.Order.Insert(0, $"{ValueIndex.Alias}.value {(first.Descending ? "DESC" : "ASC")}");
        }

        return await new RankedSearch(parts, index, first.Descending, WithId: false).FindAsync<Candidate>(
            asked.Session, CandidateStore.Columns, asked.Question.Skip, asked.Question.Take);
    }

    private static Task<IReadOnlyList<Candidate>> SortedAsync(AskedSearch asked, RareClause? rare)
    {
        var parts = asked.Build(asked.Order);
        rare?.Lead(parts);
        return asked.Session.ListAsync<Candidate>(
            $"SELECT {CandidateStore.Columns} {parts.From()} ORDER BY {string.Join(", ", parts.Order)} LIMIT {parts.Bind(asked.Question.Take)} OFFSET {parts.Bind(asked.Question.Skip)}",
            parts.Values);
    }
}

/// <summary>A search with the numbers of its names.</summary>
internal sealed record AskedSearch(
    Session Session, CandidateQuestion Question, IReadOnlyList<FilterClause> Clauses, IReadOnlyList<OrderKey> Order, IReadOnlyDictionary<string, long> Keys)
{
    /// <summary>The only experiment that is asked about; null when there are several.</summary>
    public long? Experiment => Question.ExperimentIds.Distinct().ToList() is [var only] ? only : null;

    public async Task<RareClause?> RareAsync() => Experiment is { } experiment ? await RareClause.FindAsync(Session, Clauses, experiment, Keys) : null;

    public SqlParts Build(IReadOnlyList<OrderKey> order, ValueIndex? index = null)
    {
        var parts = CandidateSql.Build(Clauses, order, Keys, Question.ArtifactPrefix, Session.Dialect, index);
        parts.Scope = $"c.experiment_id IN {parts.Bind(Question.ExperimentIds.Distinct().Take(CandidateSearch.MaxExperiments).ToArray())}";
        parts.Conditions.Insert(0, Question.Existence switch { Existence.All => "c.deleted < 2", Existence.Deleted => "c.deleted = 1", _ => "c.deleted = 0" });
        return parts;
    }
}
