namespace Squero.Experiments;

/// <summary>
/// The index that holds what the candidates of one experiment logged under one name, in order: latest values of a metric, or the
/// beginnings of a param's or a tag's texts. Pure.
/// </summary>
internal sealed record ValueIndex(FilterEntity Entity, string Key, long KeyId, long ExperimentId)
{
    /// <summary>How its rows are called in SQL.</summary>
    public const string Alias = "r";

    /// <summary>Whether rows that are not a number are among the others. They are stored as 0, by which filters compare them.</summary>
    public bool HasNan { get; init; }

    public bool IsNumeric => Entity == FilterEntity.Metric;

    /// <summary>What the index is in order of; the candidate breaks ties.</summary>
    public string Value => Beginning(Entity, $"{Alias}.value");

    /// <summary>Null when nothing in the project has the name, or the entity has no names.</summary>
    public static ValueIndex? Of(FilterEntity entity, string key, long experiment, IReadOnlyDictionary<string, long> keys) =>
        entity is FilterEntity.Metric or FilterEntity.Param or FilterEntity.Tag && keys.TryGetValue(key, out var number) ? new ValueIndex(entity, key, number, experiment) : null;

    /// <summary>What tables are ordered by: of texts their beginning, which an index can hold. The migration says the same.</summary>
    public static string Beginning(FilterEntity entity, string value) =>
        entity is FilterEntity.Param or FilterEntity.Tag ? $"substr({value}, 1, 120)" : value;

    /// <summary>Its rows alone.</summary>
    public string Rows(SqlParts parts, params IEnumerable<string?> further) => $"FROM {CandidateSql.Table(Entity)} {Alias} WHERE {Conditions(parts, further)}";

    /// <summary>Lets a search read its candidates off the index, in its order, instead of all of the experiment. CROSS JOIN keeps SQLite to it.</summary>
    public void Lead(SqlParts parts, params IEnumerable<string?> further)
    {
        parts.Scope = null;
        parts.Source = $"{CandidateSql.Table(Entity)} {Alias} CROSS JOIN {parts.Source}";
        parts.Conditions.Insert(0, $"{Conditions(parts, further)} AND c.id = {Alias}.candidate_id");
    }

    private string Conditions(SqlParts parts, IEnumerable<string?> further)
    {
        var numbers = !IsNumeric ? null : $"{Alias}.is_nan {(HasNan ? "IN (0, 1)" : "= 0")}";
        return string.Join(
            " AND ", further.Prepend(numbers).Where(condition => condition is not null)
                .Prepend($"{Alias}.experiment_id = {parts.Bind(ExperimentId)} AND {Alias}.key_id = {parts.Bind(KeyId)}"));
    }
}
