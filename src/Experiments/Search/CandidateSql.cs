using System.Globalization;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// A search of candidates as SQL. Metrics compare by their latest value; a clause about a key matches only candidates
/// that have the key. Pure: numbers of keys are given, nothing is asked.
/// </summary>
internal static class CandidateSql
{
    internal const long NoKey = -1;

    /// <summary>The text that a path of artifacts begins with, for the attribute artifact_uri.</summary>
    /// <param name="index">An index whose rows the search is going to begin with: clauses about its key need no join.</param>
    public static SqlParts Build(
        IReadOnlyList<FilterClause> clauses, IReadOnlyList<OrderKey> order, IReadOnlyDictionary<string, long> keys, string artifactPrefix, SqlDialect dialect, ValueIndex? index = null)
    {
        var parts = new SqlParts(dialect) { Source = "experiments_candidates c" };
        long KeyOf(string name) => keys.TryGetValue(name, out var id) ? id : NoKey;
        for (var at = 0; at < clauses.Count; at++)
        {
            if (index is not null && clauses[at].Entity == index.Entity && clauses[at].Key == index.Key)
            {
                parts.Conditions.Add(parts.Compare($"{ValueIndex.Alias}.value", clauses[at]));
            }
            else
            {
                Add(parts, clauses[at], string.Create(CultureInfo.InvariantCulture, $"f{at}"), KeyOf, artifactPrefix);
            }
        }

        for (var at = 0; at < order.Count; at++)
        {
            Add(parts, order[at], string.Create(CultureInfo.InvariantCulture, $"o{at}"), KeyOf, artifactPrefix);
        }

        if (!order.Any(key => key is { Entity: FilterEntity.Attribute, Key: "start_time" }))
        {
            parts.Order.Add("c.started_us DESC");
        }

        parts.Order.Add("c.uid");
        return parts;
    }

    /// <summary>The names whose numbers <see cref="Build"/> needs.</summary>
    public static IReadOnlyCollection<string> Names(IReadOnlyList<FilterClause> clauses, IReadOnlyList<OrderKey> order) =>
    [
        .. clauses.Where(clause => clause.Entity is FilterEntity.Metric or FilterEntity.Param or FilterEntity.Tag).Select(clause => clause.Key),
        .. order.Where(key => key.Entity is not FilterEntity.Attribute).Select(key => key.Key),
    ];

    private static void Add(SqlParts parts, FilterClause clause, string alias, Func<string, long> keyOf, string artifactPrefix)
    {
        switch (clause.Entity)
        {
            case FilterEntity.Attribute:
                parts.Conditions.Add(parts.Compare(Attribute(parts, clause.Key, artifactPrefix), clause));
                break;
            case FilterEntity.Dataset:
                var column = clause.Key == "context" ? "i.context" : clause.Key == "name" ? "d.name" : "d.digest";
                parts.Conditions.Add(
                    $"EXISTS (SELECT 1 FROM experiments_inputs i JOIN experiments_datasets d ON d.id = i.dataset_id WHERE i.candidate_id = c.id AND {parts.Compare(column, clause)})");
                break;
            default:
                parts.Joins.Append(CultureInfo.InvariantCulture, $" JOIN {Table(clause.Entity)} {alias} ON {alias}.candidate_id = c.id AND {alias}.key_id = {parts.Bind(keyOf(clause.Key))}");
                parts.Conditions.Add(parts.Compare($"{alias}.value", clause));
                break;
        }
    }

    private static void Add(SqlParts parts, OrderKey key, string alias, Func<string, long> keyOf, string artifactPrefix)
    {
        var direction = key.Descending ? "DESC" : "ASC";
        if (key.Entity == FilterEntity.Attribute)
        {
            var expression = Attribute(parts, key.Key, artifactPrefix);
            parts.Order.Add($"CASE WHEN {expression} IS NULL THEN 1 ELSE 0 END");
            parts.Order.Add($"{expression} {direction}");
            return;
        }

        parts.Joins.Append(CultureInfo.InvariantCulture, $" LEFT JOIN {Table(key.Entity)} {alias} ON {alias}.candidate_id = c.id AND {alias}.key_id = {parts.Bind(keyOf(key.Key))}");
        var nan = key.Entity == FilterEntity.Metric ? $"WHEN {alias}.is_nan = 1 THEN 1 " : "";
        parts.Order.Add($"CASE WHEN {alias}.key_id IS NULL THEN 2 {nan}ELSE 0 END");
        parts.Order.Add($"{alias}.value {direction}");
    }

    internal static string Table(FilterEntity entity) =>
        entity switch
        {
            FilterEntity.Metric => "experiments_latest",
            FilterEntity.Param => "experiments_params",
            _ => "experiments_tags",
        };

    internal static string Attribute(SqlParts parts, string key, string artifactPrefix) =>
        key switch
        {
            "run_id" => "c.uid",
            "run_name" => "c.name",
            "status" => "CASE c.status WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'SCHEDULED' WHEN 3 THEN 'FINISHED' WHEN 5 THEN 'KILLED' ELSE 'FAILED' END",
            "user_id" => "c.user_name",
            "start_time" => "(c.started_us / 1000)",
            "end_time" => "(c.ended_us / 1000)",
            _ => $"({parts.Bind(artifactPrefix)} || (SELECT e.iid FROM experiments_experiments e WHERE e.id = c.experiment_id) || '/' || c.uid || '/artifacts')",
        };
}
