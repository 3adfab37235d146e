using System.Text.Json;
using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>
/// The record of what moved. Git's refs and the database cannot change in one transaction, so an intent is written first:
/// whatever dies in between, the move is found and told at the next start.
/// </summary>
internal sealed class PushLedger(Database database)
{
    public Task<long> AnnounceAsync(long projectId, long personId, IReadOnlyList<RefUpdate> updates, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.InsertAsync(
                "INSERT INTO repositories_intents (project_id, person_id, updates, created_us) VALUES (@projectId, @personId, @json, @NowMicros) RETURNING id",
                new { projectId, personId, json = JsonSerializer.Serialize(updates), session.NowMicros }),
            cancel);

    /// <summary>Records what really moved and states it as facts, once per intent.</summary>
    public Task SettleAsync(long intentId, long projectId, long personId, IReadOnlyList<RefUpdate> moved, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.ExecuteAsync("DELETE FROM repositories_intents WHERE id = @intentId", new { intentId }) == 0)
                {
                    return;
                }

                foreach (var update in moved)
                {
                    await RecordAsync(session, projectId, personId, update);
                }
            },
            cancel);

    /// <summary>Intents that nobody settled: their server ended in between. At most 1,000, oldest first.</summary>
    public Task<IReadOnlyList<PushIntent>> OpenAsync(CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<PushIntent>("SELECT id, project_id, person_id, updates, created_us FROM repositories_intents ORDER BY id LIMIT 1000"),
            cancel);

    private static async Task RecordAsync(WriteSession session, long projectId, long personId, RefUpdate update)
    {
        await session.ExecuteAsync(
            """
            INSERT INTO repositories_pushes (project_id, person_id, ref, before_sha, after_sha, created_us)
            VALUES (@projectId, @personId, @Name, @Before, @After, @NowMicros)
            """,
            new { projectId, personId, update.Name, update.Before, update.After, session.NowMicros });
        if (update.Branch is { } branch)
        {
            await session.PublishAsync(new BranchPushed(projectId, branch, update.Before, update.After, personId));
        }
        else if (update.Tag is { } tag)
        {
            await session.PublishAsync(new TagPushed(projectId, tag, update.Before, update.After, personId));
        }
    }
}

internal sealed record PushIntent
{
    public long Id { get; init; }

    public long ProjectId { get; init; }

    public long PersonId { get; init; }

    public string Updates { get; init; } = "[]";

    public long CreatedUs { get; init; }

    public IReadOnlyList<RefUpdate> ReadUpdates() => JsonSerializer.Deserialize<List<RefUpdate>>(Updates) ?? [];
}
