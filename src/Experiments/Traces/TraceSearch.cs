using System.Data.Common;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Under which names clients keep what a search asks for as if it were an attribute.</summary>
/// <param name="NameTag">The tag that holds a trace's name.</param>
/// <param name="CandidateNote">The metadata that names the candidate in which a trace was made.</param>
public sealed record TraceNames(string NameTag, string CandidateNote);

/// <summary>A search of traces as a caller wrote it.</summary>
public sealed record TraceQuestion(IReadOnlyCollection<long> ExperimentIds, string? Filter, IReadOnlyCollection<string> Order, TraceNames Names, long Skip, int Take);

/// <summary>Finds traces by attributes, tags, metadata, spans and assessments.</summary>
public sealed class TraceSearch(Database database)
{
    /// <summary>Latest first where nothing else is asked for.</summary>
    public Task<IReadOnlyList<Trace>> FindAsync(TraceQuestion question, CancellationToken cancel)
    {
        var clauses = Filter.Parse(question.Filter, FilterScope.Traces);
        var parts = TraceSql.Build(question.ExperimentIds, clauses, Ordering.Parse(question.Order, FilterScope.Traces), question.Names, database.Dialect);
        if (question.ExperimentIds.Count == 0)
        {
            return Task.FromResult<IReadOnlyList<Trace>>([]);
        }

        var sql =
            $"""
            SELECT {TraceStore.Columns} FROM experiments_traces t WHERE {string.Join(" AND ", parts.Conditions)}
            ORDER BY {string.Join(", ", parts.Order)} LIMIT {parts.Bind(question.Take)} OFFSET {parts.Bind(question.Skip)}
            """;
        return ReadAsync(async session => await TraceStore.WithNotesAsync(session, await session.ListAsync<Trace>(sql, parts.Values)), cancel);
    }

    /// <summary>How many traces of the experiments all of the filters find together.</summary>
    public Task<long> CountAsync(IReadOnlyCollection<long> experimentIds, IReadOnlyCollection<string?> filters, TraceNames names, CancellationToken cancel)
    {
        var clauses = filters.SelectMany(filter => Filter.Parse(filter, FilterScope.Traces)).ToList();
        var parts = TraceSql.Build(experimentIds, clauses, [], names, database.Dialect);
        return experimentIds.Count == 0
            ? Task.FromResult(0L)
            : ReadAsync(session => session.CountAsync($"SELECT count(*) FROM experiments_traces t WHERE {string.Join(" AND ", parts.Conditions)}", parts.Values), cancel);
    }

    private async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken cancel)
    {
        try
        {
            return await database.ReadAsync(
                session =>
                {
                    SqlPattern.Allow(session);
                    return read(session);
                },
                cancel);
        }
        catch (DbException failure) when (SqlFailure.IsBadPattern(failure))
        {
            throw Refusal.Invalid($"A regular expression of the filter cannot be searched for: {failure.Message}");
        }
    }
}
