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
        var kind = await session.FirstAsync<long?>(
            "SELECT kind FROM registry_models WHERE project_id = @ProjectId AND name = @ModelName", new { promotion.ProjectId, promotion.ModelName });
        if (kind == (int)ModelKind.Prompt)
        {
            return Blocked($"`{promotion.ModelName}` is a prompt of this project: give the model another name.");
        }

        var modelId = await session.InsertAsync(
            """
            INSERT INTO registry_models (project_id, name, created_us, updated_us) VALUES (@ProjectId, @ModelName, @NowMicros, @NowMicros)
            ON CONFLICT (project_id, name) DO UPDATE SET updated_us = excluded.updated_us RETURNING id
            """,
            new { promotion.ProjectId, promotion.ModelName, session.NowMicros });

        // A version that a client registered counts when it would serve the very file that was reviewed.
        var known = await session.FirstAsync<ModelVersion>(
            $"""
            SELECT {ModelStore.VersionColumns} FROM registry_versions v JOIN registry_files f ON f.version_id = v.id AND f.path = v.model_path
            WHERE v.model_id = @modelId AND v.candidate_id = @Id AND v.deleted = 0 AND f.hash = @Hash ORDER BY v.number LIMIT 1
            """,
            new { modelId, candidate.Id, file.Hash });
        var version = known ?? await CreateAsync(session, modelId, promotion, candidate, file, all);
        await AliasEdits.MoveAsync(session, promotion.ProjectId, modelId, version.Id, new AliasChange(promotion.Alias, promotion.PersonId, promotion.MergeRequestIid));
        return known is null ? new PromotionOutcome.Promoted(version) : new PromotionOutcome.AlreadyPromoted(version);
    }

    private static Task<ModelVersion> CreateAsync(
        WriteSession session, long modelId, Promotion promotion, Candidate candidate, CandidateFile file, IReadOnlyList<CandidateFile> all)
    {
        var version = new ModelVersion
        {
            ModelId = modelId,
            CandidateId = candidate.Id,
            CandidateIid = candidate.Iid,
            CandidateUid = candidate.Uid,
            Sha = candidate.Sha,
            MergeRequestIid = promotion.MergeRequestIid,
            PersonId = promotion.PersonId,
            ModelPath = file.Path,
        };
        return NewVersion.InsertAsync(session, promotion.ProjectId, version, [.. all.Select(part => new VersionFile { Path = part.Path, Hash = part.Hash, Size = part.Size })]);
    }

    private static PromotionOutcome.Blocked Blocked(string reason) => new([reason]);
}
