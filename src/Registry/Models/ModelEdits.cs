using Squero.Experiments;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Registry;

/// <summary>Makes, names, describes, tags and deletes models.</summary>
public sealed class ModelEdits(Database database)
{
    /// <summary>Null when the project has one of that name.</summary>
    public Task<Model?> CreateAsync(ProjectAccess access, string name, ModelKind kind, string description, IReadOnlyList<NamedText> tags, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var model = new Model
                {
                    ProjectId = access.Project.Id,
                    Name = name,
                    Kind = kind,
                    Description = description,
                    CreatedUs = session.NowMicros,
                    UpdatedUs = session.NowMicros,
                };
                var id = await session.FirstAsync<long?>(
                    """
                    INSERT INTO registry_models (project_id, name, kind, description, created_us, updated_us) VALUES (@ProjectId, @Name, @kind, @Description, @CreatedUs, @UpdatedUs)
                    ON CONFLICT (project_id, name) DO NOTHING RETURNING id
                    """,
                    new { model.ProjectId, model.Name, kind = (int)kind, model.Description, model.CreatedUs, model.UpdatedUs });
                if (id is not { } modelId)
                {
                    return null;
                }

                foreach (var tag in tags)
                {
                    await TagAsync(session, modelId, tag);
                }

                await RegistryNews.StateAsync(session, modelId, RegistryAct.ModelCreated, tags: tags);
                return model with { Id = modelId };
            },
            cancel);

    /// <summary>False when the name is taken. What serves keeps its name: requests reach it by that.</summary>
    public Task<bool> RenameAsync(ProjectAccess access, Model model, string name, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "rename a model");
        return database.WriteAsync(
            async session =>
            {
                if (await ModelRights.ServesAsync(session, model, null))
                {
                    throw Refusal.Invalid($"`{model.Name}` is in production and answers requests under its name: remove the alias `{Model.Production}` before you rename it.");
                }

                var taken = await session.CountAsync("SELECT count(*) FROM registry_models WHERE project_id = @ProjectId AND name = @name", new { model.ProjectId, name });
                if (taken > 0)
                {
                    return false;
                }

                await session.ExecuteAsync("UPDATE registry_models SET name = @name, updated_us = @NowMicros WHERE id = @Id", new { model.Id, name, session.NowMicros });
                await session.ExecuteAsync("UPDATE registry_versions SET updated_us = @NowMicros WHERE model_id = @Id AND deleted = 0", new { model.Id, session.NowMicros });
                return true;
            },
            cancel);
    }

    public Task DescribeAsync(ProjectAccess access, Model model, string description, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "describe a model");
        return database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE registry_models SET description = @description, updated_us = @NowMicros WHERE id = @Id", new { model.Id, description, session.NowMicros }),
            cancel);
    }

    public Task SetTagAsync(ProjectAccess access, Model model, NamedText tag, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "tag a model");
        return database.WriteAsync(
            async session =>
            {
                await TagAsync(session, model.Id, tag);
                await RegistryNews.StateAsync(session, model.Id, RegistryAct.ModelTagSet, tag: tag);
            },
            cancel);
    }

    public Task DeleteTagAsync(ProjectAccess access, Model model, string name, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "remove a tag of a model");
        return database.WriteAsync(
            async session =>
            {
                if (await session.ExecuteAsync("DELETE FROM registry_model_tags WHERE model_id = @Id AND name = @name", new { model.Id, name }) > 0)
                {
                    await RegistryNews.StateAsync(session, model.Id, RegistryAct.ModelTagDeleted, tag: new NamedText(name, ""));
                }
            },
            cancel);
    }

    /// <summary>With all its versions, aliases and history.</summary>
    public Task DeleteAsync(ProjectAccess access, Model model, CancellationToken cancel)
    {
        ModelRights.RequirePerson(access, "delete a model");
        return database.WriteAsync(
            async session =>
            {
                await ModelRights.RequireServingAsync(session, access, model, null, $"delete the model `{model.Name}`");
                await AliasEdits.RemoveAsync(session, model, Model.Production);
                foreach (var sql in Deletions)
                {
                    await session.ExecuteAsync(sql, new { model.Id });
                }
            },
            cancel);
    }

    private static readonly string[] Deletions =
    [
        "DELETE FROM registry_aliases WHERE model_id = @Id",
        "DELETE FROM registry_history WHERE model_id = @Id",
        "DELETE FROM registry_files WHERE version_id IN (SELECT id FROM registry_versions WHERE model_id = @Id)",
        "DELETE FROM registry_version_tags WHERE version_id IN (SELECT id FROM registry_versions WHERE model_id = @Id)",
        "DELETE FROM registry_versions WHERE model_id = @Id",
        "DELETE FROM registry_model_tags WHERE model_id = @Id",
        "DELETE FROM registry_models WHERE id = @Id",
    ];

    private static Task<int> TagAsync(WriteSession session, long modelId, NamedText tag) =>
        session.ExecuteAsync(
            """
            INSERT INTO registry_model_tags (model_id, name, value) VALUES (@modelId, @Name, @Value)
            ON CONFLICT (model_id, name) DO UPDATE SET value = excluded.value
            """,
            new { modelId, tag.Name, tag.Value });
}
