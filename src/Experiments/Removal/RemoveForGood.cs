using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// Removes for good what was deleted before, with all that was logged of it. An empty row stays, so that ids and numbers are never
/// given again: points may be on their way into blocks, and merge requests and versions name candidates by their numbers. Versions
/// in the registry have files of their own, which stay.
/// </summary>
public sealed class RemoveForGood
{
    /// <summary>So many candidates a transaction: whoever logs waits for none of them long.</summary>
    private const int AtOnce = 50;

    private readonly Database database;
    private readonly PointTail tail;

    internal RemoveForGood(Database database, PointTail tail) => (this.database, this.tail) = (database, tail);

    public async Task CandidateAsync(Candidate candidate, CancellationToken cancel)
    {
        if (!candidate.Deleted || await RemoveAsync(candidate.ProjectId, "id = @of", candidate.Id, cancel) == 0)
        {
            throw Refusal.Conflict($"Candidate {candidate.Label} is not deleted: delete it first, then it can be removed for good.");
        }
    }

    /// <summary>With its candidates, logged models, traces and scorers. When it breaks off, asking again goes on.</summary>
    public async Task ExperimentAsync(Experiment experiment, CancellationToken cancel)
    {
        if (!experiment.Deleted)
        {
            throw Refusal.Conflict($"The experiment `{experiment.Name}` is not deleted: delete it first, then it can be removed for good.");
        }

        if (experiment.Iid == 0)
        {
            throw Refusal.Invalid("Every project has the experiment 0, which clients log to when they name none: it cannot be removed for good.");
        }

        while (await RemoveAsync(experiment.ProjectId, "experiment_id = @of", experiment.Id, cancel) == AtOnce)
        {
        }

        await database.WriteAsync(session => ClearAsync(session, experiment), cancel);
    }

    /// <summary>Returns how many there were of those that are deleted, at most <see cref="AtOnce"/>.</summary>
    private async Task<int> RemoveAsync(long projectId, string which, long of, CancellationToken cancel)
    {
        // Before the transaction: what the compactor writes after it holds no point of theirs, and what it wrote before is removed in it.
        var ids = await database.ReadAsync(
            session => session.ListAsync<long>($"SELECT id FROM experiments_candidates WHERE {which} AND deleted = 1 ORDER BY id LIMIT {AtOnce}", new { of }), cancel);
        tail.Drop(ids);
        var removed = new List<long>();
        try
        {
            await database.WriteAsync(
                async session =>
                {
                    removed.Clear();
                    foreach (var id in ids)
                    {
                        if (await session.FirstAsync<string>("SELECT uid FROM experiments_candidates WHERE id = @id AND deleted = 1", new { id }) is { } uid)
                        {
                            await ClearAsync(session, projectId, id, uid);
                            removed.Add(id);
                        }
                    }
                },
                cancel);
        }
        finally
        {
            // Those that somebody has restored meanwhile, or all, when the transaction failed.
            tail.Keep(ids.Except(removed));
        }

        return removed.Count;
    }

    private static async Task ClearAsync(WriteSession session, long projectId, long id, string uid)
    {
        await session.ExecuteAsync("DELETE FROM experiments_input_tags WHERE input_id IN (SELECT i.id FROM experiments_inputs i WHERE i.candidate_id = @id)", new { id });
        foreach (var table in (string[])["inputs", "params", "tags", "latest", "blocks", "checkpoint_links"])
        {
            await session.ExecuteAsync($"DELETE FROM experiments_{table} WHERE candidate_id = @id", new { id });
        }

        await session.ExecuteAsync("DELETE FROM experiments_files WHERE project_id = @projectId AND candidate_id = @id", new { projectId, id });
        await session.ExecuteAsync("DELETE FROM experiments_trace_links WHERE candidate_uid = @uid", new { uid });
        foreach (var checkpoint in await session.ListAsync<Checkpoint>("SELECT id, uid, experiment_id FROM experiments_checkpoints WHERE candidate_uid = @uid AND project_id = @projectId", new { uid, projectId }))
        {
            await ClearAsync(session, projectId, checkpoint);
        }

        await session.ExecuteAsync(
            """
            UPDATE experiments_candidates SET uid = @grave, project_id = -project_id, name = '', status = 5, user_name = '', note = NULL, person_id = NULL,
                job_id = NULL, pipeline_id = NULL, sha = NULL, ref = NULL, deleted = 2
            WHERE id = @id
            """,
            new { id, grave = $"removed-{id}" });
    }

    private static async Task ClearAsync(WriteSession session, long projectId, Checkpoint checkpoint)
    {
        var iid = await session.CountAsync("SELECT iid FROM experiments_experiments WHERE id = @ExperimentId", new { checkpoint.ExperimentId });
        await RemoveFilesAsync(session, projectId, $"{iid}/models/{checkpoint.Uid}/");
        await session.ExecuteAsync("DELETE FROM experiments_checkpoint_links WHERE checkpoint_uid = @Uid", new { checkpoint.Uid });
        foreach (var table in (string[])["notes", "metrics"])
        {
            await session.ExecuteAsync($"DELETE FROM experiments_checkpoint_{table} WHERE checkpoint_id = @Id", new { checkpoint.Id });
        }

        await session.ExecuteAsync("DELETE FROM experiments_checkpoints WHERE id = @Id", new { checkpoint.Id });
    }

    private static async Task ClearAsync(WriteSession session, Experiment experiment)
    {
        if (await session.CountAsync("SELECT deleted FROM experiments_experiments WHERE id = @Id", new { experiment.Id }) != 1
            || await session.CountAsync("SELECT count(*) FROM experiments_candidates WHERE experiment_id = @Id AND deleted < 2", new { experiment.Id }) > 0)
        {
            throw Refusal.Conflict($"The experiment `{experiment.Name}` was restored, or removed, meanwhile.");
        }

        foreach (var checkpoint in await session.ListAsync<Checkpoint>("SELECT id, uid, experiment_id FROM experiments_checkpoints WHERE experiment_id = @Id", new { experiment.Id }))
        {
            await ClearAsync(session, experiment.ProjectId, checkpoint);
        }

        foreach (var table in (string[])["assessments", "trace_links", "spans", "trace_notes"])
        {
            await session.ExecuteAsync($"DELETE FROM experiments_{table} WHERE trace_id IN (SELECT t.id FROM experiments_traces t WHERE t.experiment_id = @Id)", new { experiment.Id });
        }

        await session.ExecuteAsync("DELETE FROM experiments_scorer_versions WHERE scorer_id IN (SELECT s.id FROM experiments_scorers s WHERE s.experiment_id = @Id)", new { experiment.Id });
        foreach (var table in (string[])["traces", "scorers", "question_set_links", "datasets", "experiment_tags"])
        {
            await session.ExecuteAsync($"DELETE FROM experiments_{table} WHERE experiment_id = @Id", new { experiment.Id });
        }

        await RemoveFilesAsync(session, experiment.ProjectId, $"{experiment.Iid}/");
        await session.ExecuteAsync(
            "UPDATE experiments_experiments SET project_id = -project_id, name = @grave, location = NULL, pipeline_id = NULL, deleted = 2 WHERE id = @Id",
            new { experiment.Id, grave = $"removed-{experiment.Id}" });
    }

    /// <summary>Files that belong to no candidate and lie below a folder.</summary>
    private static Task<int> RemoveFilesAsync(WriteSession session, long projectId, string folder) =>
        session.ExecuteAsync(
            "DELETE FROM experiments_files WHERE project_id = @projectId AND candidate_id = 0 AND path >= @folder AND path < @end",
            new { projectId, folder, end = folder + char.ConvertFromUtf32(0x10FFFF) });
}
