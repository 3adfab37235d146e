using System.Text.Json;
using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

public sealed class RunnerStore(Database database, DataFolder data, TimeProvider time)
{
    private const string TokenFile = "runner.token";
    private const string Columns =
        """
        id, kind, project_id, group_id, description, short_token, tags, run_untagged, locked, paused, access_level, timeout_max, note, built_in, person_id,
        created_us, contacted_us
        """;

    private static readonly long ContactPrecision = (long)TimeSpan.FromMinutes(1).TotalMicroseconds;

    /// <summary>The token of the runner inside this process, kept in DATA/runner.token; made when it is not there.</summary>
    public async Task<string> EnsureBuiltInAsync(CancellationToken cancel)
    {
        var file = data.File(TokenFile);
        var known = File.Exists(file) ? (await File.ReadAllTextAsync(file, cancel)).Trim() : "";
        if (known.Length > 0 && await FindByTokenAsync(known, cancel) is not null)
        {
            return known;
        }

        var (_, token) = await CreateAsync(new Runner { Description = "built-in runner", RunUntagged = true, BuiltIn = true }, cancel);
        data.WritePrivate(TokenFile, token);
        return token;
    }

    /// <summary>Makes a runner and its token, which cannot be read again.</summary>
    public async Task<(Runner Runner, string Token)> CreateAsync(Runner runner, CancellationToken cancel)
    {
        var token = SecretText.Create(RunnerCredentials.TokenPrefix);
        var id = await database.WriteAsync(
            session => session.InsertAsync(
                """
                INSERT INTO pipelines_runners (kind, project_id, group_id, description, token_hash, short_token, tags, run_untagged, locked, paused,
                    access_level, timeout_max, note, built_in, person_id, created_us)
                VALUES (@Kind, @ProjectId, @GroupId, @Description, @hash, @shortToken, @Tags, @untagged, @locked, @paused,
                    @AccessLevel, @TimeoutMax, @Note, @builtIn, @PersonId, @NowMicros)
                RETURNING id
                """,
                new
                {
                    runner.Kind,
                    runner.ProjectId,
                    runner.GroupId,
                    runner.Description,
                    hash = SecretText.Hash(token),
                    shortToken = token.Substring(RunnerCredentials.TokenPrefix.Length, 9),
                    runner.Tags,
                    untagged = runner.RunUntagged ? 1 : 0,
                    locked = runner.Locked ? 1 : 0,
                    paused = runner.Paused ? 1 : 0,
                    runner.AccessLevel,
                    runner.TimeoutMax,
                    runner.Note,
                    builtIn = runner.BuiltIn ? 1 : 0,
                    runner.PersonId,
                    session.NowMicros,
                }),
            cancel);
        return ((await FindAsync(id, cancel))!, token);
    }

    public Task<Runner?> FindAsync(long id, CancellationToken cancel) =>
        database.ReadAsync(session => session.FirstAsync<Runner>($"SELECT {Columns} FROM pipelines_runners WHERE id = @id", new { id }), cancel);

    /// <summary>Newest first: all, or those that a project's jobs may come to.</summary>
    public Task<Page<Runner>> ListAsync(PageRequest page, long? forProject, long? ofPerson, CancellationToken cancel)
    {
        const string where =
            "(@forProject IS NULL OR project_id = @forProject OR kind = 'instance_type') AND (@ofPerson IS NULL OR person_id = @ofPerson)";
        var parameters = new { forProject, ofPerson, page.Size, page.Skip };
        return database.ReadAsync(
            async session => new Page<Runner>(
                await session.ListAsync<Runner>(
                    $"SELECT {Columns} FROM pipelines_runners WHERE {where} ORDER BY id DESC LIMIT @Size OFFSET @Skip", parameters),
                await session.CountAsync($"SELECT count(*) FROM pipelines_runners WHERE {where}", parameters),
                page),
            cancel);
    }

    /// <summary>A paused runner ends what it has begun and gets no new job.</summary>
    internal Task SetPausedAsync(long id, bool paused, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync("UPDATE pipelines_runners SET paused = @paused WHERE id = @id", new { id, paused = paused ? 1 : 0 }), cancel);

    public Task DeleteAsync(long id, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync("DELETE FROM pipelines_runners WHERE id = @id", new { id }), cancel);

    internal Task<Runner?> FindByTokenAsync(string token, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Runner>(
                $"SELECT {Columns} FROM pipelines_runners WHERE token_hash = @hash", new { hash = SecretText.Hash(token) }),
            cancel);

    /// <summary>Notes that a machine of the runner called; written at most once a minute.</summary>
    internal async Task NoteContactAsync(Runner runner, string systemId, RunnerDetails? details, string address, CancellationToken cancel)
    {
        var now = time.NowMicros();
        var last = await database.ReadAsync(
            session => session.FirstAsync<long?>(
                "SELECT contacted_us FROM pipelines_machines WHERE runner_id = @Id AND system_id = @systemId", new { runner.Id, systemId }),
            cancel);
        if (now - (last ?? 0) < ContactPrecision)
        {
            return;
        }

        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    INSERT INTO pipelines_machines (runner_id, system_id, details, address, created_us, contacted_us)
                    VALUES (@Id, @systemId, @json, @address, @now, @now)
                    ON CONFLICT (runner_id, system_id) DO UPDATE SET
                        details = CASE WHEN excluded.details = 'null' THEN pipelines_machines.details ELSE excluded.details END,
                        address = excluded.address, contacted_us = excluded.contacted_us
                    """,
                    new { runner.Id, systemId, json = JsonSerializer.Serialize(details), address, now });
                await session.ExecuteAsync("UPDATE pipelines_runners SET contacted_us = @now WHERE id = @Id", new { runner.Id, now });
            },
            cancel);
    }

    /// <summary>False when the runner has no such machine.</summary>
    internal async Task<bool> DeleteMachineAsync(long runnerId, string systemId, CancellationToken cancel) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(
                "DELETE FROM pipelines_machines WHERE runner_id = @runnerId AND system_id = @systemId", new { runnerId, systemId }),
            cancel) > 0;
}
