using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// A clause that few candidates satisfy: what matches is read off its index then, and whether the experiment has a thousand candidates
/// or a million is all the same.
/// </summary>
internal sealed record RareClause(ValueIndex Index, FilterClause Clause)
{
    private const int Few = 1_000;

    /// <summary>Null when there is none of which an index knows.</summary>
    public static async Task<RareClause?> FindAsync(Session session, IReadOnlyList<FilterClause> clauses, long experiment, IReadOnlyDictionary<string, long> keys)
    {
        foreach (var clause in clauses.Where(IsIndexed))
        {
            if (ValueIndex.Of(clause.Entity, clause.Key, experiment, keys) is { } index)
            {
                var rare = new RareClause(index with { HasNan = true }, clause);
                if (await rare.IsRareAsync(session))
                {
                    return rare;
                }
            }
        }

        return null;
    }

    /// <summary>Lets a search begin with what satisfies the clause.</summary>
    public void Lead(SqlParts parts) => Index.Lead(parts, Condition(parts));

    private async Task<bool> IsRareAsync(Session session)
    {
        var parts = new SqlParts(session.Dialect);
        var rows = Index.Rows(parts, Condition(parts));
        return await session.CountAsync($"SELECT count(*) FROM (SELECT 1 AS one {rows} LIMIT {parts.Bind(Few + 1)}) AS entries", parts.Values) <= Few;
    }

    private static bool IsIndexed(FilterClause clause) =>
        clause.Entity == FilterEntity.Metric ? clause.Comparator != Comparator.NotEqual
        : clause.Entity is FilterEntity.Param or FilterEntity.Tag && clause.Comparator == Comparator.Equal;

    private string Condition(SqlParts parts) =>
        Index.IsNumeric ? parts.Compare(Index.Value, Clause) : $"{Index.Value} = {ValueIndex.Beginning(Clause.Entity, parts.Bind(Clause.Text))}";
}
