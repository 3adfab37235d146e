using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A version of a program that judges answers, as its client serialized it.</summary>
public sealed record ScorerVersion
{
    public const int MaxBody = 1_000_000;

    public string Uid { get; init; } = "";

    public long ExperimentId { get; init; }

    public string Name { get; init; } = "";

    public long Number { get; init; }

    public string Body { get; init; } = "";

    public long CreatedMs { get; init; }
}

/// <summary>Scorers of experiments. Their bodies are texts: nothing here runs them.</summary>
public sealed class Scorers(Database database)
{
    public const int MaxListed = 1000;

    private const string Rows =
        "SELECT s.uid, s.experiment_id, s.name, v.number, v.body, v.created_ms FROM experiments_scorers s JOIN experiments_scorer_versions v ON v.scorer_id = s.id WHERE s.experiment_id = @experimentId";

    private const string Latest = "v.number = (SELECT max(w.number) FROM experiments_scorer_versions w WHERE w.scorer_id = s.id)";

    /// <summary>The first version of a new scorer, or the next of a known one.</summary>
    public Task<ScorerVersion> RegisterAsync(long experimentId, string name, string body, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "INSERT INTO experiments_scorers (uid, experiment_id, name) VALUES (@uid, @experimentId, @name) ON CONFLICT (experiment_id, name) DO NOTHING",
                    new { uid = SecretText.CreateUuid(), experimentId, name });
                await session.ExecuteAsync(
                    """
                    INSERT INTO experiments_scorer_versions (scorer_id, number, body, created_ms)
                    SELECT s.id, coalesce((SELECT max(v.number) FROM experiments_scorer_versions v WHERE v.scorer_id = s.id), 0) + 1, @body, @nowMs
                    FROM experiments_scorers s WHERE s.experiment_id = @experimentId AND s.name = @name
                    """,
                    new { experimentId, name, body, nowMs = session.NowMicros / 1000 });
                return (await session.FirstAsync<ScorerVersion>($"{Rows} AND s.name = @name AND {Latest}", new { experimentId, name }))!;
            },
            cancel);

    /// <summary>The latest version of each, by name.</summary>
    public Task<IReadOnlyList<ScorerVersion>> ListAsync(long experimentId, CancellationToken cancel) =>
        database.ReadAsync(session => session.ListAsync<ScorerVersion>($"{Rows} AND {Latest} ORDER BY s.name LIMIT {MaxListed}", new { experimentId }), cancel);

    /// <summary>All versions of one, oldest first.</summary>
    public Task<IReadOnlyList<ScorerVersion>> VersionsAsync(long experimentId, string name, CancellationToken cancel) =>
        database.ReadAsync(session => session.ListAsync<ScorerVersion>($"{Rows} AND s.name = @name ORDER BY v.number LIMIT {MaxListed}", new { experimentId, name }), cancel);

    /// <summary>The latest version where none is named.</summary>
    public Task<ScorerVersion?> FindAsync(long experimentId, string name, long? number, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<ScorerVersion>($"{Rows} AND s.name = @name AND (v.number = @number OR (@number IS NULL AND {Latest}))", new { experimentId, name, number }), cancel);

    /// <summary>One version, or the scorer with all of them; returns how many versions are gone.</summary>
    public Task<int> DeleteAsync(long experimentId, string name, long? number, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var gone = await session.ExecuteAsync(
                    """
                    DELETE FROM experiments_scorer_versions WHERE scorer_id IN (SELECT id FROM experiments_scorers WHERE experiment_id = @experimentId AND name = @name)
                      AND (@number IS NULL OR number = @number)
                    """,
                    new { experimentId, name, number });
                if (number is null)
                {
                    await session.ExecuteAsync("DELETE FROM experiments_scorers WHERE experiment_id = @experimentId AND name = @name", new { experimentId, name });
                }

                return gone;
            },
            cancel);
}
