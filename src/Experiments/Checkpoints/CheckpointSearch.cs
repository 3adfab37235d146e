using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A dataset by name, and by digest where one is given: restricts which measured values count.</summary>
public sealed record MeasuredOn(string Name, string? Digest);

/// <summary>One key of an order: an attribute, or <c>metrics.KEY</c> by its latest value.</summary>
public sealed record CheckpointOrder(string Field, bool Descending, string? DatasetName, string? DatasetDigest);

/// <summary>A search of checkpoints as a caller wrote it.</summary>
public sealed record CheckpointQuestion(
    IReadOnlyCollection<long> ExperimentIds, string? Filter, IReadOnlyList<MeasuredOn> Datasets, IReadOnlyList<CheckpointOrder> Order, long Skip, int Take);

/// <summary>Finds checkpoints by attributes, params, tags and what was measured of them.</summary>
public sealed class CheckpointSearch(Database database)
{
    public const int MaxDatasets = 50;

    /// <summary>Newest first where nothing else is asked for.</summary>
    public Task<IReadOnlyList<Checkpoint>> FindAsync(CheckpointQuestion question, CancellationToken cancel)
    {
        var parts = Build(question, Filter.Parse(question.Filter, FilterScope.Checkpoints), database.Dialect);
        if (question.ExperimentIds.Count == 0)
        {
            return Task.FromResult<IReadOnlyList<Checkpoint>>([]);
        }

        var sql =
            $"""
            SELECT {CheckpointStore.Columns} FROM experiments_checkpoints c WHERE {string.Join(" AND ", parts.Conditions)}
            ORDER BY {string.Join(", ", parts.Order)} LIMIT {parts.Bind(question.Take)} OFFSET {parts.Bind(question.Skip)}
            """;
        return database.ReadAsync(
            async session => await CheckpointStore.WithNotesAsync(session, await session.ListAsync<Checkpoint>(sql, parts.Values)), cancel);
    }

    private static SqlParts Build(CheckpointQuestion question, IReadOnlyList<FilterClause> clauses, SqlDialect dialect)
    {
        if (question.Datasets.Count > MaxDatasets || question.Order.Count > Ordering.MaxKeys)
        {
            throw Refusal.Invalid($"A search takes at most {MaxDatasets} datasets and {Ordering.MaxKeys} orders.");
        }

        var parts = new SqlParts(dialect);
        parts.Conditions.Add($"c.experiment_id IN {parts.Bind(question.ExperimentIds.ToArray())}");
        parts.Conditions.Add("c.deleted = 0");
        parts.Conditions.AddRange(clauses.Select(clause => Condition(parts, clause, question.Datasets)));
        if (question.Datasets.Count > 0 && !clauses.Any(clause => clause.Entity == FilterEntity.Metric))
        {
            parts.Conditions.Add($"EXISTS (SELECT 1 FROM experiments_checkpoint_metrics m WHERE m.checkpoint_id = c.id{On(parts, question.Datasets)})");
        }

        question.Order.ToList().ForEach(order => AddOrder(parts, order));
        parts.Order.AddRange(["c.created_us DESC", "c.id DESC"]);
        return parts;
    }

    private static string Condition(SqlParts parts, FilterClause clause, IReadOnlyList<MeasuredOn> datasets) =>
        clause.Entity switch
        {
            FilterEntity.Attribute => parts.Compare(Attribute(clause.Key)!, clause),
            FilterEntity.Metric =>
                $"""
                EXISTS (SELECT 1 FROM experiments_checkpoint_metrics m WHERE m.checkpoint_id = c.id AND m.name = {parts.Bind(clause.Key)}
                  AND m.is_nan = 0 AND {parts.Compare("m.value", clause)}{On(parts, datasets)})
                """,
            _ =>
                $"""
                EXISTS (SELECT 1 FROM experiments_checkpoint_notes n WHERE n.checkpoint_id = c.id
                  AND n.is_param = {(clause.Entity == FilterEntity.Param ? 1 : 0)} AND n.name = {parts.Bind(clause.Key)} AND {parts.Compare("n.value", clause)})
                """,
        };

    private static string On(SqlParts parts, IReadOnlyList<MeasuredOn> datasets) =>
        datasets.Count == 0 ? "" : $" AND ({string.Join(" OR ", datasets.Select(dataset => On(parts, dataset.Name, dataset.Digest)))})";

    private static string On(SqlParts parts, string name, string? digest) =>
        $"(m.dataset_name = {parts.Bind(name)}{(digest is null ? "" : $" AND m.dataset_digest = {parts.Bind(digest)}")})";

    private static void AddOrder(SqlParts parts, CheckpointOrder order)
    {
        var expression = OrderExpression(parts, order);
        parts.Order.Add($"CASE WHEN {expression} IS NULL THEN 1 ELSE 0 END");
        parts.Order.Add($"{expression} {(order.Descending ? "DESC" : "ASC")}");
    }

    private static string OrderExpression(SqlParts parts, CheckpointOrder order)
    {
        var dot = order.Field.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return Attribute(order.Field) ?? throw Refusal.Invalid($"Invalid order by field name: {order.Field}");
        }

        if (order.Field[..dot] != "metrics")
        {
            throw Refusal.Invalid($"Invalid order by field name: {order.Field}. Only metrics are supported.");
        }

        var on = order.DatasetName is { } name ? " AND " + On(parts, name, order.DatasetDigest) : "";
        return $"""
            (SELECT m.value FROM experiments_checkpoint_metrics m WHERE m.checkpoint_id = c.id AND m.is_nan = 0
              AND m.name = {parts.Bind(order.Field[(dot + 1)..].Trim('`'))}{on} ORDER BY m.at_ms DESC, m.step DESC, m.value DESC LIMIT 1)
            """;
    }

    private static string? Attribute(string key) =>
        key switch
        {
            "name" => "c.name",
            "model_id" => "c.uid",
            "model_type" => "c.kind",
            "status" => "CASE c.status WHEN 2 THEN 'READY' WHEN 3 THEN 'FAILED' ELSE 'PENDING' END",
            "source_run_id" => "c.candidate_uid",
            "creation_timestamp" or "creation_timestamp_ms" or "creation_time" => "(c.created_us / 1000)",
            "last_updated_timestamp" or "last_updated_timestamp_ms" or "last_updated_time" => "(c.updated_us / 1000)",
            _ => null,
        };
}
