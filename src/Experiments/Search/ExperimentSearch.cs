using System.Globalization;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Finds experiments of a project by name, times and tags.</summary>
public sealed class ExperimentSearch(Database database)
{
    public Task<IReadOnlyList<Experiment>> FindAsync(
        long projectId, string? filter, IReadOnlyCollection<string> order, Existence existence, long skip, int take, CancellationToken cancel)
    {
        var parts = Build(Filter.Parse(filter, FilterScope.Experiments), Ordering.Parse(order, FilterScope.Experiments), database.Dialect);
        parts.Conditions.Insert(0, $"e.project_id = {parts.Bind(projectId)}");
        if (existence != Existence.All)
        {
            parts.Conditions.Add($"e.deleted = {(existence == Existence.Deleted ? 1 : 0)}");
        }

        var sql =
            $"""
            SELECT {ExperimentStore.Columns} FROM experiments_experiments e{parts.Joins} WHERE {string.Join(" AND ", parts.Conditions)}
            ORDER BY {string.Join(", ", parts.Order)} LIMIT {parts.Bind(take)} OFFSET {parts.Bind(skip)}
            """;
        return database.ReadAsync(session => session.ListAsync<Experiment>(sql, parts.Values), cancel);
    }

    internal static SqlParts Build(IReadOnlyList<FilterClause> clauses, IReadOnlyList<OrderKey> order, SqlDialect dialect)
    {
        var parts = new SqlParts(dialect);
        for (var index = 0; index < clauses.Count; index++)
        {
            var clause = clauses[index];
            var alias = string.Create(CultureInfo.InvariantCulture, $"f{index}");
            if (clause.Entity == FilterEntity.Tag)
            {
                parts.Joins.Append(CultureInfo.InvariantCulture, $" JOIN experiments_experiment_tags {alias} ON {alias}.experiment_id = e.id AND {alias}.name = {parts.Bind(clause.Key)}");
            }

            parts.Conditions.Add(parts.Compare(clause.Entity == FilterEntity.Tag ? $"{alias}.value" : Attribute(clause.Key), clause));
        }

        parts.Order.AddRange(order.Select(key => $"{Attribute(key.Key)} {(key.Descending ? "DESC" : "ASC")}"));
        parts.Order.AddRange(order.Count == 0 ? ["e.created_us DESC", "e.iid"] : ["e.iid DESC"]);
        return parts;
    }

    private static string Attribute(string key) =>
        key switch
        {
            "name" => "e.name",
            "creation_time" => "(e.created_us / 1000)",
            "last_update_time" => "(e.updated_us / 1000)",
            _ => "e.iid",
        };
}
