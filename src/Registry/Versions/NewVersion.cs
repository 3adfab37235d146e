using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>Writes a version with its files, under the model's next number; who asks has checked everything.</summary>
internal static class NewVersion
{
    public static async Task<ModelVersion> InsertAsync(WriteSession session, long projectId, ModelVersion wanted, IReadOnlyList<VersionFile> files, IReadOnlyList<NamedText>? tags = null)
    {
        var number = await session.InsertAsync(
            "UPDATE registry_models SET last_number = last_number + 1, updated_us = @NowMicros WHERE id = @ModelId RETURNING last_number",
            new { wanted.ModelId, session.NowMicros });
        var version = wanted with { Number = number, Label = $"1.{number - 1}.0", CreatedUs = session.NowMicros, UpdatedUs = session.NowMicros };
        version = version with
        {
            Id = await session.InsertAsync(
                """
                INSERT INTO registry_versions (model_id, number, label, candidate_id, candidate_iid, sha, merge_request_iid, person_id, model_path,
                    description, source, location, run_link, candidate_uid, checkpoint_uid, created_us, updated_us)
                VALUES (@ModelId, @Number, @Label, @CandidateId, @CandidateIid, @Sha, @MergeRequestIid, @PersonId, @ModelPath,
                    @Description, @Source, @Location, @RunLink, @CandidateUid, @CheckpointUid, @CreatedUs, @UpdatedUs) RETURNING id
                """,
                version),
        };
        foreach (var file in files)
        {
            await session.ExecuteAsync(
                "INSERT INTO registry_files (version_id, path, hash, size) VALUES (@Id, @Path, @Hash, @Size)", new { version.Id, file.Path, file.Hash, file.Size });
        }

        foreach (var tag in tags ?? [])
        {
            await VersionEdits.TagAsync(session, version.Id, tag);
        }

        await RegistryNews.StateAsync(session, version.ModelId, RegistryAct.VersionCreated, version, tags: tags);
        await session.PublishAsync(new VersionCreated(projectId, version.ModelId, version.Id));
        return version;
    }
}
