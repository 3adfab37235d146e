using Squero.Experiments;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Registry;

/// <summary>Describes, tags, stages and deletes versions. Their files never change.</summary>
public sealed class VersionEdits(Database database)
{
    public Task DescribeAsync(ProjectAccess access, ModelVersion version, string description, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "describe a version");
        return database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE registry_versions SET description = @description, updated_us = @NowMicros WHERE id = @Id", new { version.Id, description, session.NowMicros }),
            cancel);
    }

    public Task SetTagAsync(ProjectAccess access, ModelVersion version, NamedText tag, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "tag a version");
        return database.WriteAsync(
            async session =>
            {
                await TagAsync(session, version.Id, tag);
                await RegistryNews.StateAsync(session, version.ModelId, RegistryAct.VersionTagSet, version, tag);
            },
            cancel);
    }

    public Task DeleteTagAsync(ProjectAccess access, ModelVersion version, string name, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "remove a tag of a version");
        return database.WriteAsync(
            async session =>
            {
                if (await session.ExecuteAsync("DELETE FROM registry_version_tags WHERE version_id = @Id AND name = @name", new { version.Id, name }) > 0)
                {
                    await RegistryNews.StateAsync(session, version.ModelId, RegistryAct.VersionTagDeleted, version, new NamedText(name, ""));
                }
            },
            cancel);
    }

    /// <summary>Sets a version's stage; on demand the other versions of that stage are archived.</summary>
    public Task SetStageAsync(ProjectAccess access, ModelVersion version, VersionStage stage, bool archiveOthers, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "change the stage of a version");
        return database.WriteAsync(
            async session =>
            {
                if (archiveOthers)
                {
                    await session.ExecuteAsync(
                        "UPDATE registry_versions SET stage = 3, updated_us = @NowMicros WHERE model_id = @ModelId AND stage = @stage AND id <> @Id AND deleted = 0",
                        new { version.ModelId, version.Id, stage = (int)stage, session.NowMicros });
                }

                await session.ExecuteAsync(
                    "UPDATE registry_versions SET stage = @stage, updated_us = @NowMicros WHERE id = @Id", new { version.Id, stage = (int)stage, session.NowMicros });
                await TouchModelAsync(session, version.ModelId);
            },
            cancel);
    }

    /// <summary>Its aliases go with it; its number is never given again.</summary>
    public Task DeleteAsync(ProjectAccess access, Model model, ModelVersion version, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "delete a version");
        return database.WriteAsync(
            async session =>
            {
                await ModelRights.RequireServingAsync(session, access, model, version.Id, $"delete version {version.Number} of `{model.Name}`");
                foreach (var alias in await session.ListAsync<string>("SELECT alias FROM registry_aliases WHERE version_id = @Id", new { version.Id }))
                {
                    await AliasEdits.RemoveAsync(session, model, alias);
                }

                await session.ExecuteAsync("DELETE FROM registry_version_tags WHERE version_id = @Id", new { version.Id });
                await session.ExecuteAsync("DELETE FROM registry_files WHERE version_id = @Id", new { version.Id });
                await session.ExecuteAsync("UPDATE registry_versions SET deleted = 1, updated_us = @NowMicros WHERE id = @Id", new { version.Id, session.NowMicros });
                await TouchModelAsync(session, model.Id);
            },
            cancel);
    }

    internal static Task<int> TagAsync(WriteSession session, long versionId, NamedText tag) =>
        session.ExecuteAsync(
            """
            INSERT INTO registry_version_tags (version_id, name, value) VALUES (@versionId, @Name, @Value)
            ON CONFLICT (version_id, name) DO UPDATE SET value = excluded.value
            """,
            new { versionId, tag.Name, tag.Value });

    private static Task<int> TouchModelAsync(WriteSession session, long modelId) =>
        session.ExecuteAsync("UPDATE registry_models SET updated_us = @NowMicros WHERE id = @modelId", new { modelId, session.NowMicros });
}
