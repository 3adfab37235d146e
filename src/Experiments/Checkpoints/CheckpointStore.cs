using System.Security.Cryptography;
using Squero.Kernel;

namespace Squero.Experiments;

public sealed class CheckpointStore(Database database)
{
    internal const string Columns = "id, uid, project_id, experiment_id, candidate_uid, name, kind, status, created_us, updated_us";

    public Task<Checkpoint?> FindAsync(long projectId, string uid, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                var found = await session.ListAsync<Checkpoint>(
                    $"SELECT {Columns} FROM experiments_checkpoints WHERE uid = @uid AND project_id = @projectId AND deleted = 0", new { projectId, uid });
                return found.Count == 0 ? null : (await WithNotesAsync(session, found))[0];
            },
            cancel);

    public Task<Checkpoint> CreateAsync(Checkpoint checkpoint, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var created = checkpoint with
                {
                    Uid = "m-" + RandomNumberGenerator.GetHexString(32, lowercase: true),
                    Status = CheckpointStatus.Pending,
                    CreatedUs = session.NowMicros,
                    UpdatedUs = session.NowMicros,
                };
                var id = await session.InsertAsync(
                    """
                    INSERT INTO experiments_checkpoints (uid, project_id, experiment_id, candidate_uid, name, kind, status, created_us, updated_us)
                    VALUES (@Uid, @ProjectId, @ExperimentId, @CandidateUid, @Name, @Kind, @status, @CreatedUs, @UpdatedUs) RETURNING id
                    """,
                    new
                    {
                        created.Uid,
                        created.ProjectId,
                        created.ExperimentId,
                        created.CandidateUid,
                        created.Name,
                        created.Kind,
                        status = (int)created.Status,
                        created.CreatedUs,
                        created.UpdatedUs,
                    });
                await AddNotesAsync(session, id, true, created.Params);
                await AddNotesAsync(session, id, false, created.Tags);
                return created with { Id = id };
            },
            cancel);

    public Task SetStatusAsync(Checkpoint checkpoint, CheckpointStatus status, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE experiments_checkpoints SET status = @status, updated_us = @NowMicros WHERE id = @Id", new { checkpoint.Id, status = (int)status, session.NowMicros }),
            cancel);

    public Task DeleteAsync(Checkpoint checkpoint, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync("UPDATE experiments_checkpoints SET deleted = 1 WHERE id = @Id", new { checkpoint.Id }), cancel);

    public Task SetTagsAsync(Checkpoint checkpoint, IReadOnlyList<NamedText> tags, CancellationToken cancel) =>
        database.WriteAsync(session => AddNotesAsync(session, checkpoint.Id, false, tags), cancel);

    /// <summary>False when there was no such tag.</summary>
    public async Task<bool> DeleteTagAsync(Checkpoint checkpoint, string name, CancellationToken cancel) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(
                "DELETE FROM experiments_checkpoint_notes WHERE checkpoint_id = @Id AND is_param = 0 AND name = @name", new { checkpoint.Id, name }),
            cancel) > 0;

    /// <summary>False when one of them was there with another value: then nothing is written.</summary>
    public Task<bool> AddParamsAsync(Checkpoint checkpoint, IReadOnlyList<NamedText> texts, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var known = (await WithNotesAsync(session, [checkpoint]))[0].Params.ToDictionary(param => param.Name, param => param.Value);
                if (texts.Any(param => known.TryGetValue(param.Name, out var value) && value != param.Value))
                {
                    return false;
                }

                await AddNotesAsync(session, checkpoint.Id, true, texts);
                return true;
            },
            cancel);

    private static async Task AddNotesAsync(WriteSession session, long id, bool isParam, IReadOnlyList<NamedText> notes)
    {
        foreach (var note in notes)
        {
            await session.ExecuteAsync(
                """
                INSERT INTO experiments_checkpoint_notes (checkpoint_id, is_param, name, value) VALUES (@id, @isParam, @Name, @Value)
                ON CONFLICT (checkpoint_id, is_param, name) DO UPDATE SET value = excluded.value
                """,
                new { id, isParam = isParam ? 1 : 0, note.Name, note.Value });
        }
    }

    internal static async Task<IReadOnlyList<Checkpoint>> WithNotesAsync(Session session, IReadOnlyList<Checkpoint> checkpoints)
    {
        var notes = new List<NoteRow>();
        foreach (var part in checkpoints.Select(checkpoint => checkpoint.Id).Chunk(500))
        {
            notes.AddRange(await session.ListAsync<NoteRow>(
                "SELECT checkpoint_id, is_param, name, value FROM experiments_checkpoint_notes WHERE checkpoint_id IN @part ORDER BY checkpoint_id, name", new { part }));
        }

        var of = notes.ToLookup(note => (note.CheckpointId, note.IsParam), note => new NamedText(note.Name, note.Value));
        return [.. checkpoints.Select(checkpoint => checkpoint with { Params = [.. of[(checkpoint.Id, true)]], Tags = [.. of[(checkpoint.Id, false)]] })];
    }

    private sealed record NoteRow
    {
        public long CheckpointId { get; init; }

        public bool IsParam { get; init; }

        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
