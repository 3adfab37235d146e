using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// Moves points from the tail into blocks, in the background: at once when much has gathered, else when it has rested a little.
/// Each move is one transaction, short enough that nobody who logs waits for it.
/// </summary>
internal sealed partial class TailCompactor(Database database, PointTail tail, ILogger<TailCompactor> logger) : BackgroundService
{
    /// <summary>What is moved without waiting for more.</summary>
    private const int Much = 65_536;

    private const int MaxPoints = 131_072;
    private const int MaxSeries = 1_000;

    /// <summary>
    /// A move from a long backlog takes up to so many times as much: the more of a series comes at once, the less often its small
    /// blocks are written anew, and many series at a time would else never be caught up with.
    /// </summary>
    private const int MostWidened = 8;

    private const int PartOfBacklog = 16;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await RestAsync(stoppingToken);
                await TryMoveAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is in the tail is safe there.
        }
    }

    /// <summary>Moves everything that is in the tail now.</summary>
    public async Task MoveAllAsync(CancellationToken cancel)
    {
        while (await MoveSomeAsync(cancel))
        {
        }
    }

    private async Task RestAsync(CancellationToken cancel)
    {
        if (tail.Points == 0)
        {
            await tail.GrowthAsync(cancel);
        }

        for (var waited = TimeSpan.Zero; waited < Rest && tail.Points < Much; waited += Rest / 20)
        {
            await Task.Delay(Rest / 20, cancel);
        }
    }

    /// <summary>What comes meanwhile waits until it is much, or rests: to move it in small pieces would rewrite every block again and again.</summary>
    private async Task TryMoveAsync(CancellationToken cancel)
    {
        try
        {
            do
            {
                await MoveSomeAsync(cancel);
            }
            while (tail.Points >= Much);
        }
        catch (DbException error)
        {
            // A full disk passes; the points stay where they are meanwhile.
            LogFailed(error);
            await Task.Delay(Retry, cancel);
        }
    }

    private async Task<bool> MoveSomeAsync(CancellationToken cancel)
    {
        MovedPoints move;
        await using (var connection = await database.OpenAsync(cancel))
        {
            var blocks = BlockStatements.Of(connection);
            move = Gather(blocks, Math.Clamp(tail.Points / PartOfBacklog / MaxPoints, 1, MostWidened));
            if (move.Points == 0)
            {
                return false;
            }

            foreach (var (series, points) in move.Series)
            {
                move.Changes.Add(Plan(blocks, series, points));
            }
        }

        await database.WriteAsync(
            session =>
            {
                Write(BlockStatements.Of(session.Connection), move);
                return Task.CompletedTask;
            },
            cancel);
        tail.Moved(move.LastId, move.Points, move.Series.Keys);
        return true;
    }

    /// <summary>The oldest rows of the tail by series.</summary>
    private static MovedPoints Gather(BlockStatements blocks, long widened)
    {
        var move = new MovedPoints();
        foreach (var row in blocks.Oldest())
        {
            ref var points = ref CollectionsMarshal.GetValueRefOrAddDefault(move.Series, row.Series, out _);
            points ??= [];
            var before = points.Count;
            row.AddTo(points);
            move.Points += points.Count - before;
            move.LastId = row.Id;
            if (move.Points >= MaxPoints * widened || move.Series.Count > MaxSeries * widened)
            {
                break;
            }
        }

        return move;
    }

    private static SeriesChange Plan(BlockStatements blocks, SeriesKey series, List<MetricPoint> points)
    {
        var old = blocks.Newest(series);
        old.Reverse();
        var merged = BlockTiers.Merged(old.ConvertAll(block => block.Points), points.Count);
        var firstSeq = old.Count == 0 ? 0 : old[^1].Seq + 1;

        // The old ones first: points mostly come in their order, and what is in order need not be sorted.
        var all = new List<MetricPoint>();
        for (var index = old.Count - merged; index < old.Count; index++)
        {
            blocks.ReadBody(series, old[index].Seq, all);
            firstSeq = Math.Min(firstSeq, old[index].Seq);
        }

        all.AddRange(points);
        SeriesOrder.ByStep.Arrange(all);
        return new SeriesChange(series, firstSeq, merged > 0, [.. all.Chunk(PointBlock.MaxPoints).Select(PackedBlock.Of)]);
    }

    private void Write(BlockStatements blocks, MovedPoints move)
    {
        foreach (var change in move.Changes.Where(change => !tail.IsDropped(change.Series)))
        {
            if (change.Replaces)
            {
                blocks.RemoveFrom(change.Series, change.FirstSeq);
            }

            for (var index = 0; index < change.Blocks.Count; index++)
            {
                blocks.Add(change.Series, change.FirstSeq + index, change.Blocks[index]);
            }
        }

        blocks.Complete(move.LastId);
    }

    [LoggerMessage(LogLevel.Error, "Points could not be moved into blocks; they stay in the tail")]
    private partial void LogFailed(Exception error);

    private sealed class MovedPoints
    {
        public Dictionary<SeriesKey, List<MetricPoint>> Series { get; } = [];

        public List<SeriesChange> Changes { get; } = [];

        public long LastId { get; set; }

        public long Points { get; set; }
    }

    /// <param name="FirstSeq">Where the new blocks begin; what was there and behind it is replaced.</param>
    private sealed record SeriesChange(SeriesKey Series, long FirstSeq, bool Replaces, IReadOnlyList<PackedBlock> Blocks);
}
