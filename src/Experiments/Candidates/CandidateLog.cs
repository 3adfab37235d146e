using System.Data.Common;
using System.Threading.Channels;
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
/// The one writer of new candidates, params, points and tags. Callers queue up; what has gathered is written in one transaction
/// and answered after its commit, so that a hundred callers share one sync of the disk.
/// </summary>
public sealed class CandidateLog : BackgroundService
{
    private const int QueueLength = 4096;
    private const int MaxRowsPerCommit = 20_000;

    /// <summary>So many packed points cost about as much as a row.</summary>
    private const int PackedToARow = 32;

    private readonly Channel<Work> queue = Channel.CreateBounded<Work>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Dictionary<(long Project, string Name), long> keys = [];
    private readonly CandidateActivity activity = new();
    private readonly Database database;
    private readonly PointTail tail;
    private readonly TimeProvider time;
    private readonly CandidatePulse pulse;
    private volatile bool forgetsActivity;

    internal CandidateLog(Database database, PointTail tail, CandidatePulse pulse, TimeProvider time) =>
        (this.database, this.tail, this.pulse, this.time) = (database, tail, pulse, time);

    /// <summary>Returns once the entry is on the disk.</summary>
    public async Task<LogOutcome> WriteAsync(LogEntry entry, CancellationToken cancel)
    {
        var parcels = SeriesParcel.Of(entry.Points);
        var outcome = await QueueAsync(new EntryWork(entry, parcels), cancel);
        pulse.Beat(entry.Candidate.Id);
        return outcome;
    }

    /// <summary>Candidates were marked as lost: the next thing that one of them logs has to be noticed.</summary>
    internal void ForgetActivity() => forgetsActivity = true;

    internal Task<Candidate> StartAsync(NewCandidate start, string uid, CancellationToken cancel) =>
        QueueAsync(new StartWork(start, uid), cancel);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Work>();
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
            End(left => left.Cancel());
        }
        catch (Exception error)
        {
            // Without its tail the store cannot be written: the server ends, and nobody waits for an answer.
            End(left => left.Fail(error));
            throw;
        }
    }

    private void End(Action<Work> end)
    {
        queue.Writer.TryComplete();
        while (queue.Reader.TryRead(out var left))
        {
            end(left);
        }
    }

    private async Task<T> QueueAsync<T>(Work<T> work, CancellationToken cancel)
    {
        await queue.Writer.WriteAsync(work, cancel);

        // Not cancelled any more: it will be written, and soon.
        return await work.Done;
    }

    private void Gather(List<Work> batch)
    {
        var rows = 0;
        while (rows < MaxRowsPerCommit && queue.Reader.TryRead(out var next))
        {
            batch.Add(next);
            rows += next.Rows;
        }
    }

    private async Task CommitAsync(List<Work> batch)
    {
        try
        {
            if (forgetsActivity)
            {
                forgetsActivity = false;
                activity.Forget();
            }

            using var names = new NewNames(keys);
            var first = tail.NextId;
            var now = time.NowMicros();
            var writer = database.AppendsInOneJourney && batch.TrueForAll(work => work.IsAppend(keys, activity, now))
                ? await AppendAsync(batch, names, first, now)
                : await WriteAsync(batch, names, first);
            names.Keep();
            tail.Grew(first, writer.NextRowId, writer.Points, writer.Series);
        }
        catch (Exception error)
        {
            // Nobody may wait for ever: whatever went wrong reaches every caller of this commit, and nothing was kept.
            batch.ForEach(work => work.Fail(error));
            return;
        }

        batch.ForEach(work => work.Complete());
    }

    private Task<LogWriter> WriteAsync(List<Work> batch, NewNames names, long first) =>
        database.WriteAsync(
            async session =>
            {
                var writer = Fill(session.Connection, batch, names, first, session.NowMicros);
                if (writer.Revived.Count > 0)
                {
                    await session.ExecuteAsync("UPDATE experiments_candidates SET status = 1, note = NULL WHERE id IN @Revived", new { writer.Revived });
                }

                return writer;
            },
            CancellationToken.None);

    private Task<LogWriter> AppendAsync(List<Work> batch, NewNames names, long first, long now) =>
        database.AppendAsync(connection => Fill(connection, batch, names, first, now));

    private LogWriter Fill(DbConnection connection, List<Work> batch, NewNames names, long first, long now)
    {
        var writer = new LogWriter(LogStatements.Of(connection), names, activity, first, now);
        batch.ForEach(work => work.Write(writer));
        writer.WriteLatest();
        return writer;
    }

    private abstract class Work
    {
        /// <summary>About how much there is to write.</summary>
        public abstract int Rows { get; }

        /// <summary>Whether it adds points and nothing else, so that nothing has to be read or compared in the same transaction.</summary>
        public virtual bool IsAppend(Dictionary<(long Project, string Name), long> known, CandidateActivity activity, long nowMicros) => false;

        public abstract void Write(LogWriter writer);

        /// <summary>What was written is on the disk.</summary>
        public abstract void Complete();

        public abstract void Fail(Exception error);

        public abstract void Cancel();
    }

    private abstract class Work<T> : Work
    {
        private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T result = default!;

        public Task<T> Done => done.Task;

        public override void Write(LogWriter writer) => result = Result(writer);

        public override void Complete() => done.TrySetResult(result);

        public override void Fail(Exception error) => done.TrySetException(error);

        public override void Cancel() => done.TrySetCanceled(CancellationToken.None);

        protected abstract T Result(LogWriter writer);
    }

    private sealed class EntryWork(LogEntry entry, SeriesParcel[] parcels) : Work<LogOutcome>
    {
        public override int Rows => parcels.Length + (entry.Points.Count / PackedToARow) + entry.Params.Count + entry.Tags.Count;

        public override bool IsAppend(Dictionary<(long Project, string Name), long> known, CandidateActivity activity, long nowMicros) =>
            entry.Params.Count == 0 && entry.Tags.Count == 0 && activity.IsFresh(entry.Candidate.Id, nowMicros)
            && Array.TrueForAll(parcels, parcel => known.ContainsKey((entry.Candidate.ProjectId, parcel.Name)));

        protected override LogOutcome Result(LogWriter writer) => writer.Write(entry, parcels);
    }

    private sealed class StartWork(NewCandidate start, string uid) : Work<Candidate>
    {
        public override int Rows => 1 + start.Tags.Count;

        protected override Candidate Result(LogWriter writer) => writer.Start(start, uid);
    }
}
