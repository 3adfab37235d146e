using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A search of traces as SQL. A clause about a key matches only traces that have the key. Pure.</summary>
internal static class TraceSql
{
    public static SqlParts Build(
        IReadOnlyCollection<long> experimentIds, IReadOnlyList<FilterClause> clauses, IReadOnlyList<OrderKey> order, TraceNames names, SqlDialect dialect)
    {
        var parts = new SqlParts(dialect);
        parts.Conditions.Add($"t.experiment_id IN {parts.Bind(experimentIds.ToArray())}");
        parts.Conditions.AddRange(clauses.Select(clause => Condition(parts, clause, names)));
        foreach (var key in order)
        {
            var expression = OrderExpression(parts, key, names);
            parts.Order.Add($"CASE WHEN {expression} IS NULL THEN 1 ELSE 0 END");
            parts.Order.Add($"{expression} {(key.Descending ? "DESC" : "ASC")}");
        }

        parts.Order.AddRange(["t.started_ms DESC", "t.uid"]);
        return parts;
    }

    private static string Condition(SqlParts parts, FilterClause clause, TraceNames names) =>
        clause switch
        {
            { Entity: FilterEntity.Attribute, Key: "name" } => Note(parts, true, names.NameTag, clause),
            { Entity: FilterEntity.Attribute, Key: "run_id" } => OfCandidate(parts, clause, names),
            { Entity: FilterEntity.Attribute, Key: "text" } => OfSpan(parts.Compare("s.content", OnlyLike(clause))),
            { Entity: FilterEntity.Attribute } => parts.Compare(Attribute(clause.Key), clause),
            { Entity: FilterEntity.Tag } => Note(parts, true, clause.Key, clause),
            { Entity: FilterEntity.Metadata } => clause.Key == names.CandidateNote ? OfCandidate(parts, clause, names) : Note(parts, false, clause.Key, clause),
            { Entity: FilterEntity.Span, Key: "content" } => OfSpan(parts.Compare("s.content", OnlyLike(clause))),
            { Entity: FilterEntity.Span, Key: "name" or "status" } => OfSpan(parts.Compare("s." + clause.Key, clause)),
            { Entity: FilterEntity.Span, Key: "type" } => OfSpan(parts.Compare("s.kind", clause)),
            { Entity: FilterEntity.Span } => OfSpan(
                $"EXISTS (SELECT 1 FROM {parts.Dialect.TextEntries("s.attributes")} AS e WHERE e.key = {parts.Bind(clause.Key["attributes.".Length..])} AND {parts.Compare("e.value", clause)})"),
            _ =>
                $"""
                EXISTS (SELECT 1 FROM experiments_assessments a WHERE a.trace_id = t.id AND a.is_expectation = {(clause.Entity == FilterEntity.Expectation ? 1 : 0)}
                  AND a.name = {parts.Bind(clause.Key)} AND {parts.Compare("trim(a.value, '\"')", clause)})
                """,
        };

    /// <summary>Traces that were made in the candidate, or linked to it afterwards.</summary>
    private static string OfCandidate(SqlParts parts, FilterClause clause, TraceNames names)
    {
        var made = Note(parts, false, names.CandidateNote, clause);
        return clause.Comparator is Comparator.Equal or Comparator.In
            ? $"({made} OR EXISTS (SELECT 1 FROM experiments_trace_links l WHERE l.trace_id = t.id AND {parts.Compare("l.candidate_uid", clause)}))"
            : made;
    }

    private static string OfSpan(string condition) => $"EXISTS (SELECT 1 FROM experiments_spans s WHERE s.trace_id = t.id AND {condition})";

    private static string Note(SqlParts parts, bool isTag, string name, FilterClause clause) =>
        $"EXISTS (SELECT 1 FROM experiments_trace_notes n WHERE n.trace_id = t.id AND n.is_tag = {(isTag ? 1 : 0)} AND n.name = {parts.Bind(name)} AND {parts.Compare("n.value", clause)})";

    private static FilterClause OnlyLike(FilterClause clause) =>
        clause.Comparator is Comparator.Like or Comparator.ILike
            ? clause
            : throw Refusal.Invalid($"span.content comparator '{clause.Comparator}' not one of '{{'LIKE', 'ILIKE'}}'");

    private static string OrderExpression(SqlParts parts, OrderKey key, TraceNames names) =>
        key switch
        {
            { Entity: FilterEntity.Attribute, Key: "name" } => NoteValue(parts, true, names.NameTag),
            { Entity: FilterEntity.Attribute, Key: "run_id" } => NoteValue(parts, false, names.CandidateNote),
            { Entity: FilterEntity.Attribute } => Attribute(key.Key),
            _ => NoteValue(parts, key.Entity == FilterEntity.Tag, key.Key),
        };

    private static string NoteValue(SqlParts parts, bool isTag, string name) =>
        $"(SELECT n.value FROM experiments_trace_notes n WHERE n.trace_id = t.id AND n.is_tag = {(isTag ? 1 : 0)} AND n.name = {parts.Bind(name)})";

    private static string Attribute(string key) =>
        key switch
        {
            "request_id" => "t.uid",
            "timestamp_ms" => "t.started_ms",
            "execution_time_ms" => "t.duration_ms",
            "end_time_ms" => "(t.started_ms + coalesce(t.duration_ms, 0))",
            "status" => "CASE t.state WHEN 1 THEN 'OK' WHEN 2 THEN 'ERROR' WHEN 3 THEN 'IN_PROGRESS' ELSE 'STATE_UNSPECIFIED' END",
            "client_request_id" => "t.request_uid",
            _ => "t.experiment_id",
        };
}
