using Microsoft.AspNetCore.DataProtection;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>Hooks, and what is still to be delivered to them.</summary>
public sealed class HookStore(Database database, IDataProtectionProvider protection)
{
    public const int MaxPerProject = 100;

    /// <summary>A hook that does not answer keeps so many deliveries; later ones are not kept.</summary>
    public const int MaxPending = 1000;

    private const string Columns =
        "id, uid, project_id, name, description, url, events AS event_list, CASE WHEN secret IS NULL THEN 0 ELSE 1 END AS has_secret, active, created_us, updated_us";

    private readonly IDataProtector protector = protection.CreateProtector("Squero.Registry.Hooks");

    public Task<Hook?> FindAsync(long projectId, string uid, CancellationToken cancel) =>
        database.ReadAsync(
            async session => (await session.FirstAsync<Row>($"SELECT {Columns} FROM registry_hooks WHERE project_id = @projectId AND uid = @uid", new { projectId, uid }))?.ToHook(), cancel);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Hook>> ListAsync(long projectId, long skip, int take, CancellationToken cancel) =>
        database.ReadAsync<IReadOnlyList<Hook>>(
            async session => [.. (await session.ListAsync<Row>(
                $"SELECT {Columns} FROM registry_hooks WHERE project_id = @projectId ORDER BY id DESC LIMIT @take OFFSET @skip", new { projectId, skip, take })).Select(row => row.ToHook())],
            cancel);

    public Task<Hook> CreateAsync(Hook hook, string? secret, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.CountAsync("SELECT count(*) FROM registry_hooks WHERE project_id = @ProjectId", new { hook.ProjectId }) >= MaxPerProject)
                {
                    throw Refusal.Invalid($"A project has at most {MaxPerProject} webhooks: delete one first.");
                }

                var created = hook with { Uid = SecretText.CreateUuid(), CreatedUs = session.NowMicros, UpdatedUs = session.NowMicros, HasSecret = secret is not null };
                return created with
                {
                    Id = await session.InsertAsync(
                        """
                        INSERT INTO registry_hooks (uid, project_id, name, description, url, events, secret, active, created_us, updated_us)
                        VALUES (@Uid, @ProjectId, @Name, @Description, @Url, @events, @kept, @active, @CreatedUs, @UpdatedUs) RETURNING id
                        """,
                        new
                        {
                            created.Uid,
                            created.ProjectId,
                            created.Name,
                            created.Description,
                            created.Url,
                            events = Join(created.Events),
                            kept = Protect(secret),
                            active = created.Active ? 1 : 0,
                            created.CreatedUs,
                            created.UpdatedUs,
                        }),
                };
            },
            cancel);

    /// <param name="secret">Null: it stays what it was.</param>
    public Task<Hook> UpdateAsync(Hook hook, string? secret, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var updated = hook with { UpdatedUs = session.NowMicros, HasSecret = hook.HasSecret || secret is not null };
                await session.ExecuteAsync(
                    """
                    UPDATE registry_hooks SET name = @Name, description = @Description, url = @Url, events = @events, active = @active, updated_us = @UpdatedUs,
                        secret = coalesce(@kept, secret) WHERE id = @Id
                    """,
                    new { updated.Id, updated.Name, updated.Description, updated.Url, events = Join(updated.Events), active = updated.Active ? 1 : 0, updated.UpdatedUs, kept = Protect(secret) });
                return updated;
            },
            cancel);

    /// <summary>With what was still to be delivered to it.</summary>
    public Task DeleteAsync(Hook hook, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("DELETE FROM registry_deliveries WHERE hook_id = @Id", new { hook.Id });
                await session.ExecuteAsync("DELETE FROM registry_hooks WHERE id = @Id", new { hook.Id });
            },
            cancel);

    /// <summary>Notes, in the transaction of what happened, that the active hooks of the project shall get it.</summary>
    public static async Task QueueAsync(WriteSession session, long projectId, string eventName, string body)
    {
        var hooks = await session.ListAsync<long>(
            $"SELECT id FROM registry_hooks WHERE project_id = @projectId AND active = 1 AND {session.Dialect.PositionOf("@name", "events")} > 0 ORDER BY id",
            new { projectId, name = $" {eventName} " });
        foreach (var hook in hooks)
        {
            if (await session.CountAsync("SELECT count(*) FROM registry_deliveries WHERE hook_id = @hook", new { hook }) < MaxPending)
            {
                await session.ExecuteAsync(
                    "INSERT INTO registry_deliveries (hook_id, uid, body, attempts, due_us) VALUES (@hook, @uid, @body, 0, @NowMicros)",
                    new { hook, uid = SecretText.CreateUuid(), body, session.NowMicros });
            }
        }
    }

    /// <summary>The secret in plain; null when there is none, or the key that protected it is lost.</summary>
    internal async Task<string?> SecretAsync(long hookId, CancellationToken cancel)
    {
        var kept = await database.ReadAsync(session => session.FirstAsync<string>("SELECT secret FROM registry_hooks WHERE id = @hookId", new { hookId }), cancel);
        return kept is null ? null : protector.Unprotect(kept);
    }

    /// <summary>
    /// Deliveries that are due, oldest first, and no more of a project than it has room for, however many of it wait. Each is put off until
    /// the given time, so that nobody else sends it meanwhile.
    /// </summary>
    /// <param name="busy">How many deliveries of which project are on their way.</param>
    internal Task<IReadOnlyList<Delivery>> TakeAsync(int take, int perProject, IReadOnlyDictionary<long, int> busy, long untilUs, CancellationToken cancel) =>
        database.WriteAsync<IReadOnlyList<Delivery>>(
            async session =>
            {
                var due = await session.ListAsync<Delivery>(
                    """
                    SELECT id, hook_id, project_id, uid, body, attempts, url FROM (
                        SELECT d.id, d.hook_id, h.project_id, d.uid, d.body, d.attempts, h.url, d.due_us,
                               row_number() OVER (PARTITION BY h.project_id ORDER BY d.due_us, d.id) AS place
                        FROM registry_deliveries d JOIN registry_hooks h ON h.id = d.hook_id WHERE d.due_us <= @NowMicros
                    ) AS waiting WHERE place <= @perProject ORDER BY due_us, id LIMIT 200
                    """,
                    new { session.NowMicros, perProject });
                var taken = due.GroupBy(delivery => delivery.ProjectId)
                    .SelectMany(group => group.Take(perProject - busy.GetValueOrDefault(group.Key))).OrderBy(delivery => delivery.Id).Take(take).ToList();
                foreach (var delivery in taken)
                {
                    await session.ExecuteAsync("UPDATE registry_deliveries SET due_us = @untilUs, attempts = attempts + 1 WHERE id = @Id", new { delivery.Id, untilUs });
                }

                return taken;
            },
            cancel);

    internal Task<bool> AnyDueAsync(long nowUs, CancellationToken cancel) =>
        database.ReadAsync(async session => await session.CountAsync("SELECT count(*) FROM registry_deliveries WHERE due_us <= @nowUs", new { nowUs }) > 0, cancel);

    /// <summary>It arrived, or is given up.</summary>
    internal Task FinishAsync(Delivery delivery, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync("DELETE FROM registry_deliveries WHERE id = @Id", new { delivery.Id }), cancel);

    internal Task PostponeAsync(Delivery delivery, long dueUs, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync("UPDATE registry_deliveries SET due_us = @dueUs WHERE id = @Id", new { delivery.Id, dueUs }), cancel);

    private string? Protect(string? secret) => secret is null ? null : protector.Protect(secret);

    private static string Join(IReadOnlyList<string> events) => $" {string.Join("  ", events)} ";

    private sealed record Row
    {
        public long Id { get; init; }

        public string Uid { get; init; } = "";

        public long ProjectId { get; init; }

        public string Name { get; init; } = "";

        public string? Description { get; init; }

        public string Url { get; init; } = "";

        public string EventList { get; init; } = "";

        public bool HasSecret { get; init; }

        public bool Active { get; init; }

        public long CreatedUs { get; init; }

        public long UpdatedUs { get; init; }

        public Hook ToHook() => new()
        {
            Id = Id,
            Uid = Uid,
            ProjectId = ProjectId,
            Name = Name,
            Description = Description,
            Url = Url,
            Events = EventList.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            HasSecret = HasSecret,
            Active = Active,
            CreatedUs = CreatedUs,
            UpdatedUs = UpdatedUs,
        };
    }
}

/// <summary>One message to one hook.</summary>
internal sealed record Delivery
{
    public long Id { get; init; }

    public long HookId { get; init; }

    public long ProjectId { get; init; }

    public string Uid { get; init; } = "";

    public string Body { get; init; } = "";

    public long Attempts { get; init; }

    public string Url { get; init; } = "";
}
