using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A point of a named metric.</summary>
public readonly record struct NamedPoint(string Name, MetricPoint Point);

/// <summary>What one call logs of one candidate: all of it, or nothing when a param would change.</summary>
public sealed record LogEntry(
    Candidate Candidate, IReadOnlyList<NamedText> Params, IReadOnlyList<NamedPoint> Points, IReadOnlyList<NamedText> Tags)
{
    public static LogEntry OfParam(Candidate candidate, NamedText param) => new(candidate, [param], [], []);

    public static LogEntry OfPoint(Candidate candidate, NamedPoint point) => new(candidate, [], [point], []);

    public static LogEntry OfTag(Candidate candidate, NamedText tag) => new(candidate, [], [], [tag]);
}

/// <summary>How logging ended.</summary>
public abstract record LogOutcome
{
    public sealed record Logged : LogOutcome;

    /// <summary>Params are immutable; these were logged before with another value.</summary>
    public sealed record ParamsDiffer(IReadOnlyList<ChangedParam> Params) : LogOutcome;
}

public sealed record ChangedParam(string Name, string Old, string New);

/// <summary>
/// The one writer of params, points and tags. Callers queue up; what has gathered is written in one transaction and
/// answered after its commit, so that a hundred callers share one sync of the disk.
/// </summary>
public sealed class CandidateLog : BackgroundService
{
    private const int QueueLength = 4096;
    private const int MaxPointsPerCommit = 20_000;

    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Dictionary<(long Project, string Name), long> keys = [];
    private readonly Database database;
    private readonly PointTail tail;

    internal CandidateLog(Database database, PointTail tail) => (this.database, this.tail) = (database, tail);

    /// <summary>Returns once the entry is on the disk.</summary>
    public async Task<LogOutcome> WriteAsync(LogEntry entry, CancellationToken cancel)
    {
        var pending = new Pending(entry, new TaskCompletionSource<LogOutcome>(TaskCreationOptions.RunContinuationsAsynchronously));
        await queue.Writer.WriteAsync(pending, cancel);
        return await pending.Done.Task.WaitAsync(cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Pending>();
        try
        {
            await tail.LoadAsync(database, stoppingToken);
            while (await queue.Reader.WaitToReadAsync(stoppingToken))
            {
                Gather(batch);
                await CommitAsync(batch);
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            queue.Writer.TryComplete();
            while (queue.Reader.TryRead(out var left))
            {
                left.Done.TrySetCanceled(CancellationToken.None);
            }
        }
    }

    private void Gather(List<Pending> batch)
    {
        var points = 0;
        while (points < MaxPointsPerCommit && queue.Reader.TryRead(out var next))
        {
            batch.Add(next);
            points += next.Entry.Points.Count + next.Entry.Params.Count + next.Entry.Tags.Count;
        }
    }

    private async Task CommitAsync(List<Pending> batch)
    {
        var outcomes = new LogOutcome[batch.Count];
        try
        {
            using var names = new NewNames(keys);
            var first = tail.NextId;
            var writer = await database.WriteAsync(
                session =>
                {
                    var writer = new LogWriter(LogStatements.Of((SqliteConnection)session.Connection), names, first);
                    for (var index = 0; index < batch.Count; index++)
                    {
                        outcomes[index] = writer.Write(batch[index].Entry);
                    }

                    writer.WriteLatest();
                    return Task.FromResult(writer);
                },
                CancellationToken.None);
            names.Keep();
            tail.Grew(first, writer.NextPointId, writer.Series);
        }
        catch (Exception error)
        {
            // Nobody may wait for ever: whatever went wrong reaches every caller of this commit, and nothing was kept.
            batch.ForEach(pending => pending.Done.TrySetException(error));
            return;
        }

        for (var index = 0; index < batch.Count; index++)
        {
            batch[index].Done.TrySetResult(outcomes[index]);
        }
    }

    private sealed record Pending(LogEntry Entry, TaskCompletionSource<LogOutcome> Done);
}
