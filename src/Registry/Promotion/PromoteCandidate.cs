using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>
/// Makes a candidate an immutable version of a model and moves an alias to it, in one transaction. Asked twice for the
/// same candidate it makes no second version.
/// </summary>
public sealed class PromoteCandidate(Database database, CandidateStore candidates, CandidateFiles files, ModelFileCheck check)
{
    public async Task<PromotionOutcome> PromoteAsync(Promotion promotion, CancellationToken cancel)
    {
        Model.CheckName(promotion.ModelName);
        var candidate = await candidates.FindByIdAsync(promotion.CandidateId, cancel);
        if (candidate is null || candidate.ProjectId != promotion.ProjectId)
        {
            return Blocked("The candidate is not there any more.");
        }

        if (candidate.Deleted)
        {
            return Blocked($"Candidate {candidate.Label} has been deleted. Restore it first.");
        }

        if (candidate.Status != CandidateStatus.Finished)
        {
            return Blocked($"Candidate {candidate.Label} has not finished: only finished candidates become versions.");
        }

        var (file, reason) = await check.FindAsync(candidate, cancel);
        if (file is null)
        {
            return Blocked(reason!);
        }

        var all = await files.AllAsync(candidate.ProjectId, candidate.Id, cancel);
        return await database.WriteAsync(session => PromoteAsync(session, promotion, candidate, file, all), cancel);
    }

    private static async Task<PromotionOutcome> PromoteAsync(
        WriteSession session, Promotion promotion, Candidate candidate, CandidateFile file, IReadOnlyList<CandidateFile> all)
    {
        var modelId = await session.InsertAsync(
            """
            INSERT INTO registry_models (project_id, name, created_us, updated_us) VALUES (@ProjectId, @ModelName, @NowMicros, @NowMicros)
            ON CONFLICT (project_id, name) DO UPDATE SET updated_us = excluded.updated_us RETURNING id
            """,
            new { promotion.ProjectId, promotion.ModelName, session.NowMicros });
        var known = await session.FirstAsync<ModelVersion>(
            $"SELECT {ModelStore.VersionColumns} FROM registry_versions v WHERE v.model_id = @modelId AND v.candidate_id = @Id ORDER BY v.number LIMIT 1",
            new { modelId, candidate.Id });
        var version = known ?? await CreateAsync(session, modelId, promotion, candidate, file, all);
        await MoveAliasAsync(session, promotion, modelId, version);
        return known is null ? new PromotionOutcome.Promoted(version) : new PromotionOutcome.AlreadyPromoted(version);
    }

    private static async Task<ModelVersion> CreateAsync(
        WriteSession session, long modelId, Promotion promotion, Candidate candidate, CandidateFile file, IReadOnlyList<CandidateFile> all)
    {
        var number = await session.InsertAsync(
            "UPDATE registry_models SET last_number = last_number + 1 WHERE id = @modelId RETURNING last_number", new { modelId });
        var version = new ModelVersion
        {
            ModelId = modelId,
            Number = number,
            Label = $"1.{number - 1}.0",
            CandidateId = candidate.Id,
            CandidateIid = candidate.Iid,
            Sha = candidate.Sha,
            MergeRequestIid = promotion.MergeRequestIid,
            PersonId = promotion.PersonId,
            ModelPath = file.Path,
            CreatedUs = session.NowMicros,
        };
        version = version with
        {
            Id = await session.InsertAsync(
                """
                INSERT INTO registry_versions (model_id, number, label, candidate_id, candidate_iid, sha, merge_request_iid, person_id, model_path, created_us)
                VALUES (@ModelId, @Number, @Label, @CandidateId, @CandidateIid, @Sha, @MergeRequestIid, @PersonId, @ModelPath, @CreatedUs) RETURNING id
                """,
                version),
        };
        foreach (var part in all)
        {
            await session.ExecuteAsync(
                "INSERT INTO registry_files (version_id, path, hash, size) VALUES (@Id, @Path, @Hash, @Size)",
                new { version.Id, part.Path, part.Hash, part.Size });
        }

        await session.PublishAsync(new VersionCreated(promotion.ProjectId, modelId, version.Id));
        return version;
    }

    private static async Task MoveAliasAsync(WriteSession session, Promotion promotion, long modelId, ModelVersion version)
    {
        var present = await session.FirstAsync<long?>(
            "SELECT version_id FROM registry_aliases WHERE model_id = @modelId AND alias = @Alias", new { modelId, promotion.Alias });
        if (present == version.Id)
        {
            return;
        }

        await session.ExecuteAsync(
            """
            INSERT INTO registry_aliases (model_id, alias, version_id) VALUES (@modelId, @Alias, @Id)
            ON CONFLICT (model_id, alias) DO UPDATE SET version_id = excluded.version_id
            """,
            new { modelId, promotion.Alias, version.Id });
        await session.ExecuteAsync(
            """
            INSERT INTO registry_history (model_id, alias, version_id, person_id, merge_request_iid, moved_us)
            VALUES (@modelId, @Alias, @Id, @PersonId, @MergeRequestIid, @NowMicros)
            """,
            new { modelId, promotion.Alias, version.Id, promotion.PersonId, promotion.MergeRequestIid, session.NowMicros });
        await session.PublishAsync(new AliasMoved(promotion.ProjectId, modelId, promotion.Alias, version.Id, promotion.PersonId));
    }

    private static PromotionOutcome.Blocked Blocked(string reason) => new([reason]);
}
