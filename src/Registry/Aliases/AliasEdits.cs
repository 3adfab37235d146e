using System.Text.RegularExpressions;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Registry;

/// <summary>Who moves an alias, and because of which merge request.</summary>
internal sealed record AliasChange(string Alias, long PersonId, long? MergeRequestIid);

/// <summary>
/// Points aliases at versions and takes them away. The alias that an environment serves is a maintainer's, and points only
/// at what can serve; jobs touch none.
/// </summary>
public sealed partial class AliasEdits(Database database)
{
    public const int MaxLength = 255;

    /// <summary>Letters, digits, dashes and underscores.</summary>
    public static bool IsFit(string alias) => alias.Length is > 0 and <= MaxLength && Fit().IsMatch(alias);

    public Task SetAsync(ProjectAccess access, Model model, string alias, long number, CancellationToken cancel)
    {
        RequireRight(access, model, alias, "move");
        return database.WriteAsync(
            async session =>
            {
                var version = await session.FirstAsync<ModelVersion>(
                    $"SELECT {ModelStore.VersionColumns} FROM registry_versions v WHERE v.model_id = @Id AND v.number = @number AND v.deleted = 0", new { model.Id, number })
                    ?? throw Refusal.NotFound($"Version {number} of `{model.Name}` is not there.");
                if (model.Serves(alias))
                {
                    CheckServable(model, version);
                }

                await MoveAsync(session, model.ProjectId, model.Id, version.Id, new AliasChange(alias, access.PersonId, null), model.Kind == ModelKind.Model);
            },
            cancel);
    }

    /// <summary>Nothing happens when there is no such alias.</summary>
    public Task RemoveAsync(ProjectAccess access, Model model, string alias, CancellationToken cancel)
    {
        RequireRight(access, model, alias, "remove");
        return database.WriteAsync(session => RemoveAsync(session, model, alias), cancel);
    }

    internal static async Task MoveAsync(WriteSession session, long projectId, long modelId, long versionId, AliasChange change, bool states = true)
    {
        var present = await session.FirstAsync<long?>(
            "SELECT version_id FROM registry_aliases WHERE model_id = @modelId AND alias = @Alias", new { modelId, change.Alias });
        if (present == versionId)
        {
            return;
        }

        await session.ExecuteAsync(
            """
            INSERT INTO registry_aliases (model_id, alias, version_id) VALUES (@modelId, @Alias, @versionId)
            ON CONFLICT (model_id, alias) DO UPDATE SET version_id = excluded.version_id
            """,
            new { modelId, change.Alias, versionId });
        await session.ExecuteAsync(
            """
            INSERT INTO registry_history (model_id, alias, version_id, person_id, merge_request_iid, moved_us)
            VALUES (@modelId, @Alias, @versionId, @PersonId, @MergeRequestIid, @NowMicros)
            """,
            new { modelId, change.Alias, versionId, change.PersonId, change.MergeRequestIid, session.NowMicros });
        await RegistryNews.StateAsync(session, modelId, versionId, RegistryAct.AliasSet, change.Alias);
        if (states)
        {
            await session.PublishAsync(new AliasMoved(projectId, modelId, change.Alias, versionId, change.PersonId));
        }
    }

    internal static async Task RemoveAsync(WriteSession session, Model model, string alias)
    {
        var gone = await session.ExecuteAsync("DELETE FROM registry_aliases WHERE model_id = @Id AND alias = @alias", new { model.Id, alias });
        if (gone > 0)
        {
            await RegistryNews.StateAsync(session, model.Id, RegistryAct.AliasRemoved, alias: alias);
        }

        if (gone > 0 && model.Kind == ModelKind.Model)
        {
            await session.PublishAsync(new AliasRemoved(model.ProjectId, model.Id, alias));
        }
    }

    private static void RequireRight(ProjectAccess access, Model model, string alias, string act)
    {
        ModelRights.RequirePerson(access, $"{act} an alias");
        if (model.Serves(alias))
        {
            access.Require(Role.Maintainer, $"{act} the alias `{alias}`: it serves what it points at. Choose a candidate on a merge request, or ask a maintainer");
        }
    }

    private static void CheckServable(Model model, ModelVersion version)
    {
        Model.CheckName(model.Name);
        if (version.ModelPath is null)
        {
            throw Refusal.Invalid(
                $"Version {version.Number} of `{model.Name}` has no ONNX file and cannot serve, and the alias `{Model.Production}` serves what it points at. Register a version with a model.onnx, or use another alias.");
        }
    }

    [GeneratedRegex(@"^[\w\-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Fit();
}
