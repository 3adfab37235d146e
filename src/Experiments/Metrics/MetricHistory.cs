using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// The points of metrics, for reading: blocks and what still is in the tail, of one snapshot, each point once.
/// </summary>
public sealed class MetricHistory
{
    /// <summary>The most points that one call gives.</summary>
    public const int MaxPoints = 5_000_000;

    private readonly Database database;
    private readonly PointTail tail;

    internal MetricHistory(Database database, PointTail tail) => (this.database, this.tail) = (database, tail);

    /// <summary>Part of a series in order of time, step, value.</summary>
    public async Task<IReadOnlyList<MetricPoint>> PageAsync(Candidate candidate, string metric, long skip, int take, CancellationToken cancel) =>
        await ReadAsync(candidate, metric, (blocks, series, span) => TimePage.Read(blocks, series, span, skip, take), cancel);

    /// <summary>A series in order of step, time, value; the whole of it when no steps are named.</summary>
    public async Task<IReadOnlyList<MetricPoint>> SeriesAsync(Candidate candidate, string metric, long? fromStep, long? toStep, CancellationToken cancel) =>
        await ReadAsync(
            candidate, metric, (blocks, series, span) => Series(blocks, series, span, fromStep ?? long.MinValue, toStep ?? long.MaxValue), cancel);

    /// <summary>Names of the metrics that one of some candidates logged at more than one moment: those that a line can be drawn of.</summary>
    public async Task<IReadOnlySet<string>> CurvesAsync(IReadOnlyList<long> candidateIds, CancellationToken cancel) =>
        (await database.ReadAsync(
            session => session.ListAsync<string>(
                """
                SELECT DISTINCT k.name FROM experiments_latest l JOIN experiments_keys k ON k.id = l.key_id
                WHERE l.candidate_id IN @candidateIds AND l.is_curve = 1
                """,
                new { candidateIds }),
            cancel)).ToHashSet(StringComparer.Ordinal);

    private static List<MetricPoint> Series(BlockStatements blocks, SeriesKey series, TailSpan? span, long fromStep, long toStep)
    {
        var points = new List<MetricPoint>();
        blocks.ReadBodies(series, fromStep, toStep, MaxPoints / PointBlock.MaxPoints, points);
        if (span is { } rows)
        {
            blocks.ReadTail(series, rows, points);
        }

        SeriesOrder.ByStep.Arrange(points);
        var first = points.FindIndex(point => point.Step >= fromStep);
        var last = points.FindLastIndex(point => point.Step <= toStep);
        return first < 0 || last < first ? [] : first == 0 && last == points.Count - 1 ? points : points.GetRange(first, last - first + 1);
    }

    private async Task<List<MetricPoint>> ReadAsync(
        Candidate candidate, string metric, Func<BlockStatements, SeriesKey, TailSpan?, List<MetricPoint>> read, CancellationToken cancel)
    {
        var key = await database.ReadAsync(
            session => session.FirstAsync<long?>(
                "SELECT k.id FROM experiments_keys k WHERE k.project_id = @ProjectId AND k.name = @metric", new { candidate.ProjectId, metric }),
            cancel);
        if (key is null)
        {
            return [];
        }

        var series = new SeriesKey(candidate.Id, key.Value);
        var span = tail.SpanOf(series);
        await using var connection = await database.OpenAsync(cancel);

        // Blocks and tail are read in one snapshot: what moves from one to the other is seen once.
        await using var snapshot = await database.BeginSnapshotAsync(connection, cancel);
        return read(BlockStatements.Of(connection), series, span);
    }
}
