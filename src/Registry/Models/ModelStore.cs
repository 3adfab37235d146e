using Squero.Kernel;

namespace Squero.Registry;

public sealed class ModelStore(Database database)
{
    internal const string ModelColumns = "id, project_id, name, description, kind, created_us, updated_us";
    internal const string VersionColumns =
        """
        v.id, v.model_id, v.number, v.label, v.candidate_id, v.candidate_iid, v.sha, v.merge_request_iid, v.person_id, v.model_path, v.description,
        v.source, v.location, v.run_link, v.candidate_uid, v.checkpoint_uid, v.stage, v.created_us, v.updated_us, v.deleted
        """;

    public Task<Model?> FindAsync(long projectId, string name, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Model>(
                $"SELECT {ModelColumns} FROM registry_models WHERE project_id = @projectId AND name = @name", new { projectId, name }),
            cancel);

    public Task<Model?> FindAsync(long modelId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Model>($"SELECT {ModelColumns} FROM registry_models WHERE id = @modelId", new { modelId }), cancel);

    /// <summary>Models, or prompts, in order of name.</summary>
    public Task<Page<Model>> ListAsync(long projectId, ModelKind kind, PageRequest page, CancellationToken cancel) =>
        database.ReadAsync(
            async session => new Page<Model>(
                await session.ListAsync<Model>(
                    $"SELECT {ModelColumns} FROM registry_models WHERE project_id = @projectId AND kind = @kind ORDER BY name, id LIMIT @Size OFFSET @Skip",
                    new { projectId, kind = (int)kind, page.Size, page.Skip }),
                await session.CountAsync("SELECT count(*) FROM registry_models WHERE project_id = @projectId AND kind = @kind", new { projectId, kind = (int)kind }),
                page),
            cancel);

    /// <summary>Versions, the newest first.</summary>
    public Task<Page<ModelVersion>> VersionsAsync(long modelId, PageRequest page, CancellationToken cancel) =>
        database.ReadAsync(
            async session => new Page<ModelVersion>(
                await session.ListAsync<ModelVersion>(
                    $"SELECT {VersionColumns} FROM registry_versions v WHERE v.model_id = @modelId AND v.deleted = 0 ORDER BY v.number DESC LIMIT @Size OFFSET @Skip",
                    new { modelId, page.Size, page.Skip }),
                await session.CountAsync("SELECT count(*) FROM registry_versions WHERE model_id = @modelId AND deleted = 0", new { modelId }),
                page),
            cancel);

    public Task<ModelVersion?> VersionAsync(long modelId, long number, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<ModelVersion>(
                $"SELECT {VersionColumns} FROM registry_versions v WHERE v.model_id = @modelId AND v.number = @number AND v.deleted = 0", new { modelId, number }),
            cancel);

    /// <summary>Also one that has been deleted: histories name it.</summary>
    public Task<ModelVersion?> VersionByIdAsync(long versionId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<ModelVersion>($"SELECT {VersionColumns} FROM registry_versions v WHERE v.id = @versionId", new { versionId }),
            cancel);

    /// <summary>The version an alias points at, if any.</summary>
    public Task<ModelVersion?> AliasedAsync(long modelId, string alias, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<ModelVersion>(
                $"SELECT {VersionColumns} FROM registry_versions v JOIN registry_aliases a ON a.version_id = v.id WHERE a.model_id = @modelId AND a.alias = @alias",
                new { modelId, alias }),
            cancel);

    /// <summary>Alias and version number pairs of a model.</summary>
    public async Task<IReadOnlyList<(string Alias, long VersionId)>> AliasesAsync(long modelId, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.ListAsync<AliasMove>("SELECT alias, version_id FROM registry_aliases WHERE model_id = @modelId ORDER BY alias", new { modelId }),
            cancel);
        return [.. rows.Select(row => (row.Alias, row.VersionId))];
    }

    /// <summary>How an alias moved, the newest first; at most 200 moves.</summary>
    public Task<IReadOnlyList<AliasMove>> HistoryAsync(long modelId, string alias, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<AliasMove>(
                """
                SELECT alias, version_id, person_id, merge_request_iid, moved_us FROM registry_history
                WHERE model_id = @modelId AND alias = @alias ORDER BY id DESC LIMIT 200
                """,
                new { modelId, alias }),
            cancel);

    public Task<IReadOnlyList<VersionFile>> FilesAsync(long versionId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<VersionFile>(
                "SELECT path, hash, size FROM registry_files WHERE version_id = @versionId ORDER BY path LIMIT 10000", new { versionId }),
            cancel);
}
