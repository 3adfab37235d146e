using System.Globalization;
using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>A search: a filter, orders such as <c>name DESC</c>, and which rows of what is found. A null kind finds both.</summary>
public sealed record RegistryQuery(long ProjectId, string? Filter, IReadOnlyList<string> Order, ModelKind? Kind, long Skip, int Take);

/// <summary>A version with the name of its model.</summary>
public sealed record FoundVersion(string ModelName, ModelVersion Version);

/// <summary>Finds models and versions of a project by name, source, candidate, number and tags.</summary>
public sealed class RegistrySearch(Database database)
{
    public Task<IReadOnlyList<Model>> ModelsAsync(RegistryQuery query, CancellationToken cancel)
    {
        var parts = Build(query, RegistryScope.Models, database.Dialect);
        parts.Order.AddRange(["m.name", "m.id"]);
        var sql =
            $"""
            SELECT {ModelStore.ModelColumns} FROM registry_models m WHERE {string.Join(" AND ", parts.Conditions)}
            ORDER BY {string.Join(", ", parts.Order)} LIMIT {parts.Bind(query.Take)} OFFSET {parts.Bind(query.Skip)}
            """;
        return database.ReadAsync(session => session.ListAsync<Model>(sql, parts.Values), cancel);
    }

    /// <summary>Those changed last come first where no order is asked for.</summary>
    public async Task<IReadOnlyList<FoundVersion>> VersionsAsync(RegistryQuery query, CancellationToken cancel)
    {
        var parts = Build(query, RegistryScope.Versions, database.Dialect);
        parts.Conditions.Add("v.deleted = 0");
        parts.Order.AddRange(query.Order.Count == 0 ? ["v.updated_us DESC", "m.name", "v.number DESC"] : ["m.name", "v.number DESC"]);
        var sql =
            $"""
            SELECT {ModelStore.VersionColumns} FROM registry_versions v JOIN registry_models m ON m.id = v.model_id
            WHERE {string.Join(" AND ", parts.Conditions)}
            ORDER BY {string.Join(", ", parts.Order)} LIMIT {parts.Bind(query.Take)} OFFSET {parts.Bind(query.Skip)}
            """;
        var found = await database.ReadAsync(session => session.ListAsync<ModelVersion>(sql, parts.Values), cancel);
        var names = await NamesAsync([.. found.Select(version => version.ModelId).Distinct()], cancel);
        return [.. found.Where(version => names.ContainsKey(version.ModelId)).Select(version => new FoundVersion(names[version.ModelId], version))];
    }

    private static SqlParts Build(RegistryQuery query, RegistryScope scope, SqlDialect dialect)
    {
        var parts = new SqlParts(dialect);
        parts.Conditions.Add($"m.project_id = {parts.Bind(query.ProjectId)}");
        if (query.Kind is { } kind)
        {
            parts.Conditions.Add($"m.kind = {parts.Bind((int)kind)}");
        }

        foreach (var clause in RegistryFilter.Parse(query.Filter, scope))
        {
            parts.Conditions.Add(clause.Entity == FilterEntity.Tag
                ? $"EXISTS (SELECT 1 FROM {scope.TagTable} t WHERE {scope.TagOwner} AND t.name = {parts.Bind(clause.Key)} AND {parts.Compare("t.value", clause)})"
                : parts.Compare(scope.Attributes[clause.Key], clause));
        }

        parts.Order.AddRange(Orders(query.Order, scope));
        return parts;
    }

    private static List<string> Orders(IReadOnlyList<string> written, RegistryScope scope)
    {
        var keys = written.Select(clause => Order(clause, scope)).ToList();
        return keys.DistinctBy(key => key.Column).Count() == keys.Count && keys.Count <= Ordering.MaxKeys
            ? [.. keys.Select(key => key.Column + (key.Descending ? " DESC" : ""))]
            : throw Refusal.Invalid($"`order_by` contains duplicate fields: [{string.Join(", ", written.Select(clause => $"'{clause}'"))}]");
    }

    private static (string Column, bool Descending) Order(string clause, RegistryScope scope)
    {
        var tokens = FilterTokens.Cut(clause);
        if (tokens.Count is 0 or > 2)
        {
            throw Refusal.Invalid($"Invalid order_by clause '{clause}'. Could not be parsed.");
        }

        var descending = tokens.Count == 2 && tokens[1].IsWord("desc");
        if (tokens.Count == 2 && !descending && !tokens[1].IsWord("asc"))
        {
            throw Refusal.Invalid($"Invalid ordering key in order_by clause '{clause}'.");
        }

        var key = tokens[0].Value.Trim('`', '"');
        key = key.StartsWith("attribute.", StringComparison.Ordinal) ? key["attribute.".Length..] : key;
        return scope.Order.TryGetValue(key, out var column)
            ? (column, descending)
            : throw Refusal.Invalid(string.Format(CultureInfo.InvariantCulture, scope.OrderFault, key));
    }

    private async Task<Dictionary<long, string>> NamesAsync(long[] modelIds, CancellationToken cancel)
    {
        var names = new Dictionary<long, string>();
        foreach (var part in modelIds.Chunk(500))
        {
            var models = await database.ReadAsync(
                session => session.ListAsync<Model>($"SELECT {ModelStore.ModelColumns} FROM registry_models WHERE id IN @part", new { part }), cancel);
            foreach (var model in models)
            {
                names[model.Id] = model.Name;
            }
        }

        return names;
    }
}
