using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>States what changed, in the transaction of the change.</summary>
internal static class RegistryNews
{
    public static async Task StateAsync(WriteSession session, long modelId, RegistryAct act, ModelVersion? version = null, NamedText? tag = null, string? alias = null, IReadOnlyList<NamedText>? tags = null)
    {
        if (await session.FirstAsync<Model>($"SELECT {ModelStore.ModelColumns} FROM registry_models WHERE id = @modelId", new { modelId }) is { } model)
        {
            await session.PublishAsync(new RegistryChanged(model.ProjectId, model.Kind, model.Name, act, version, version?.Number, tag, alias, model.Description, tags));
        }
    }

    /// <summary>The same, of a version by its id.</summary>
    public static async Task StateAsync(WriteSession session, long modelId, long versionId, RegistryAct act, string alias) =>
        await StateAsync(
            session, modelId, act, await session.FirstAsync<ModelVersion>($"SELECT {ModelStore.VersionColumns} FROM registry_versions v WHERE v.id = @versionId", new { versionId }), alias: alias);
}
