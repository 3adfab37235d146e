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
            async (session, asked) => await RankedSearch.FindAsync(session, asked) ?? await session.ListAsync<Candidate>(
                $"SELECT {CandidateStore.Columns} {asked.From()} ORDER BY {string.Join(", ", asked.Parts.Order)} LIMIT @take OFFSET @skip", asked.Parts.Values),
            [],
            cancel);

    /// <summary>How many there are in all, whatever page is asked.</summary>
    public Task<long> CountAsync(CandidateQuestion question, CancellationToken cancel) =>
        RunAsync(question with { Order = [] }, (session, asked) => session.CountAsync($"SELECT count(*) {asked.From()}", asked.Parts.Values), 0L, cancel);

    private Task<T> RunAsync<T>(CandidateQuestion question, Func<Session, AskedSearch, Task<T>> ask, T none, CancellationToken cancel)
    {
        var clauses = Filter.Parse(question.Filter, FilterScope.Candidates);
        var order = Ordering.Parse(question.Order, FilterScope.Candidates);
        if (question.ExperimentIds.Count == 0)
        {
            return Task.FromResult(none);
        }

        return database.ReadAsync(
            async session =>
            {
                var keys = await KeyNames.FindAsync(session, question.ProjectId, CandidateSql.Names(clauses, order));
                var parts = CandidateSql.Build(clauses, order, keys, question.ArtifactPrefix, session.Dialect);
                parts.Values["take"] = question.Take;
                parts.Values["skip"] = question.Skip;
                Restrict(question, parts);
                return await ask(session, new AskedSearch(question, order, keys, parts));
            },
            cancel);
    }

    private static void Restrict(CandidateQuestion question, SqlParts parts)
    {
        parts.Conditions.Insert(0, $"c.experiment_id IN {parts.Bind(question.ExperimentIds.Distinct().Take(MaxExperiments).ToArray())}");
        parts.Conditions.Insert(1, question.Existence switch { Existence.All => "c.deleted < 2", Existence.Deleted => "c.deleted = 1", _ => "c.deleted = 0" });
    }
}

/// <summary>A search with the numbers of its names and its SQL.</summary>
internal sealed record AskedSearch(CandidateQuestion Question, IReadOnlyList<OrderKey> Order, IReadOnlyDictionary<string, long> Keys, SqlParts Parts)
{
    public string From() => $"FROM experiments_candidates c{Parts.Joins} WHERE {string.Join(" AND ", Parts.Conditions)}";
}
