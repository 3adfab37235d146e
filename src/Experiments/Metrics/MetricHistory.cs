using Microsoft.Data.Sqlite;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>The points of metrics, for reading.</summary>
public sealed class MetricHistory(Database database)
{
    /// <summary>Part of a series in order of time, step, value.</summary>
    public Task<IReadOnlyList<MetricPoint>> PageAsync(Candidate candidate, string metric, long skip, int take, CancellationToken cancel) =>
        ReadAsync(candidate, metric, "ORDER BY p.at_ms, p.step, p.value, p.is_nan LIMIT @take OFFSET @skip", cancel, ("@skip", skip), ("@take", take));

    /// <summary>A series in order of step, time, value; the whole of it when no steps are named. At most 5,000,000 points.</summary>
    public Task<IReadOnlyList<MetricPoint>> SeriesAsync(Candidate candidate, string metric, long? fromStep, long? toStep, CancellationToken cancel) =>
        ReadAsync(
            candidate,
            metric,
            "AND p.step >= @from AND p.step <= @to ORDER BY p.step, p.at_ms, p.value, p.is_nan LIMIT 5000000",
            cancel,
            ("@from", fromStep ?? long.MinValue),
            ("@to", toStep ?? long.MaxValue));

    /// <summary>Names of the metrics that one of some candidates logged at more than one moment: those that a line can be drawn of.</summary>
    public async Task<IReadOnlySet<string>> CurvesAsync(IReadOnlyList<long> candidateIds, CancellationToken cancel) =>
        (await database.ReadAsync(
            session => session.ListAsync<string>(
                """
                SELECT DISTINCT k.name FROM experiments_latest l JOIN experiments_keys k ON k.id = l.key_id
                WHERE l.candidate_id IN @candidateIds AND EXISTS (
                    SELECT 1 FROM experiments_points p
                    WHERE p.candidate_id = l.candidate_id AND p.key_id = l.key_id AND (p.step <> l.step OR p.at_ms <> l.at_ms))
                """,
                new { candidateIds }),
            cancel)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The distinct steps of a series within a range, ascending.</summary>
    public async Task<IReadOnlyList<long>> StepsAsync(Candidate candidate, string metric, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.ListAsync<long>(
                """
                SELECT DISTINCT p.step FROM experiments_points p
                WHERE p.candidate_id = @Id AND p.key_id = (SELECT k.id FROM experiments_keys k WHERE k.project_id = @ProjectId AND k.name = @metric)
                ORDER BY p.step LIMIT 5000000
                """,
                new { candidate.Id, candidate.ProjectId, metric }),
            cancel);

    private async Task<IReadOnlyList<MetricPoint>> ReadAsync(
        Candidate candidate, string metric, string rest, CancellationToken cancel, params (string Name, object Value)[] values)
    {
        await using var connection = await database.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            SELECT p.step, p.at_ms, p.value, p.is_nan FROM experiments_points p
            WHERE p.candidate_id = @candidate AND p.key_id = (SELECT k.id FROM experiments_keys k WHERE k.project_id = @project AND k.name = @metric)
            {rest}
            """;
        command.Parameters.AddWithValue("@candidate", candidate.Id);
        command.Parameters.AddWithValue("@project", candidate.ProjectId);
        command.Parameters.AddWithValue("@metric", metric);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        await using var reader = await command.ExecuteReaderAsync(cancel);
        var points = new List<MetricPoint>();
        while (reader.Read())
        {
            points.Add(new MetricPoint(reader.GetInt64(0), reader.GetInt64(1), MetricPoint.FromStored(reader.GetDouble(2), reader.GetInt64(3) == 1)));
        }

        return points;
    }
}
