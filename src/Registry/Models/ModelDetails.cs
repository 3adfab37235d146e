using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>An alias of a model, with the number of the version it points at.</summary>
public sealed record ModelAlias
{
    public long ModelId { get; init; }

    public string Alias { get; init; } = "";

    public long VersionId { get; init; }

    public long Number { get; init; }
}

/// <summary>What hangs on models and versions: tags, aliases, the newest version of every stage. For many at once.</summary>
public sealed class ModelDetails(Database database)
{
    public Task<ILookup<long, NamedText>> ModelTagsAsync(IReadOnlyCollection<long> modelIds, CancellationToken cancel) =>
        TagsAsync("SELECT model_id AS owner_id, name, value FROM registry_model_tags WHERE model_id IN @part ORDER BY model_id, name", modelIds, cancel);

    public Task<ILookup<long, NamedText>> VersionTagsAsync(IReadOnlyCollection<long> versionIds, CancellationToken cancel) =>
        TagsAsync("SELECT version_id AS owner_id, name, value FROM registry_version_tags WHERE version_id IN @part ORDER BY version_id, name", versionIds, cancel);

    /// <summary>By model, in order of name.</summary>
    public async Task<ILookup<long, ModelAlias>> AliasesAsync(IReadOnlyCollection<long> modelIds, CancellationToken cancel) =>
        (await InPartsAsync<ModelAlias>(
            """
            SELECT a.model_id, a.alias, a.version_id, v.number FROM registry_aliases a JOIN registry_versions v ON v.id = a.version_id
            WHERE a.model_id IN @part ORDER BY a.model_id, a.alias
            """,
            modelIds,
            cancel)).ToLookup(alias => alias.ModelId);

    /// <summary>The newest version of every stage that has one, by model, in order of number.</summary>
    public async Task<ILookup<long, ModelVersion>> LatestAsync(IReadOnlyCollection<long> modelIds, CancellationToken cancel) =>
        (await InPartsAsync<ModelVersion>(
            $"""
            SELECT {ModelStore.VersionColumns} FROM registry_versions v
            JOIN (SELECT model_id, stage, max(number) AS number FROM registry_versions WHERE model_id IN @part AND deleted = 0 GROUP BY model_id, stage) n
                ON n.model_id = v.model_id AND n.number = v.number
            ORDER BY v.model_id, v.number
            """,
            modelIds,
            cancel)).ToLookup(version => version.ModelId);

    private async Task<ILookup<long, NamedText>> TagsAsync(string sql, IReadOnlyCollection<long> ids, CancellationToken cancel) =>
        (await InPartsAsync<TagRow>(sql, ids, cancel)).ToLookup(row => row.OwnerId, row => new NamedText(row.Name, row.Value));

    private Task<List<T>> InPartsAsync<T>(string sql, IReadOnlyCollection<long> ids, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                var rows = new List<T>();
                foreach (var part in ids.Distinct().Chunk(500))
                {
                    rows.AddRange(await session.ListAsync<T>(sql, new { part }));
                }

                return rows;
            },
            cancel);

    private sealed record TagRow
    {
        public long OwnerId { get; init; }

        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
