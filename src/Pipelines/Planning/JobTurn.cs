namespace Squero.Pipelines;

/// <summary>What decides a job's turn. Retried rows are left out; names are unique.</summary>
/// <param name="StageIndex">Order of its stage.</param>
/// <param name="Needs">Null: ordered by stages; names that are not there are passed over.</param>
/// <param name="HasResourceGroup">Then it waits for its resource before it is pending.</param>
internal sealed record TurnJob(
    long Id, string Name, int StageIndex, JobStatus Status, bool AllowFailure, JobWhen When,
    IReadOnlyList<string>? Needs, bool HasResourceGroup = false);

/// <param name="To">Pending, WaitingForResource, Manual, Scheduled or Skipped.</param>
internal readonly record struct TurnChange(long Id, JobStatus To);

/// <summary>Moves created jobs on when what they wait for is done. Pure: the store applies the changes in the transaction that caused them.</summary>
internal static class JobTurn
{
    /// <summary>All changes that are due, those that follow from others of them (skips) included.</summary>
    public static IReadOnlyList<TurnChange> Due(IReadOnlyCollection<TurnJob> jobs)
    {
        var board = new Board(jobs);
        var changes = new List<TurnChange>();
        var waiting = jobs.Where(job => job.Status == JobStatus.Created).OrderBy(job => job.StageIndex).ToList();
        for (var before = -1; before != waiting.Count;)
        {
            before = waiting.Count;
            waiting.RemoveAll(job => Moves(job, board, changes));
        }

        return changes;
    }

    /// <summary>Skipped jobs that come to life again (back to created) because the named job is played or retried.</summary>
    public static IReadOnlyList<long> Revived(IReadOnlyCollection<TurnJob> jobs, string playedName)
    {
        var played = jobs.First(job => job.Name == playedName);
        var alive = new HashSet<string>(StringComparer.Ordinal) { playedName };
        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var job in jobs.Where(job => !alive.Contains(job.Name)))
            {
                var follows = job.Needs is null ? job.StageIndex > played.StageIndex : job.Needs.Any(alive.Contains);
                grown |= follows && alive.Add(job.Name);
            }
        }

        return [.. jobs.Where(job => job.Status == JobStatus.Skipped && job.Name != playedName && alive.Contains(job.Name)).Select(job => job.Id)];
    }

    private static bool Moves(TurnJob job, Board board, List<TurnChange> changes)
    {
        var settled = (job.Needs is null ? board.Before(job.StageIndex) : board.Needed(job.Needs)) ?? JobStatus.Success;
        if (!settled.IsFinished())
        {
            return false;
        }

        var next = Fits(job, settled) ? Entered(job) : JobStatus.Skipped;
        board.Move(job, next);
        changes.Add(new TurnChange(job.Id, next));
        return true;
    }

    private static bool Fits(TurnJob job, JobStatus before) => job.When switch
    {
        JobWhen.OnFailure => before is JobStatus.Failed,
        JobWhen.Always => before is JobStatus.Success or JobStatus.Failed or JobStatus.Skipped,
        _ => before is JobStatus.Success || (before is JobStatus.Skipped && job.Needs is null),
    };

    private static JobStatus Entered(TurnJob job) => job.When switch
    {
        JobWhen.Manual => JobStatus.Manual,
        JobWhen.Delayed => JobStatus.Scheduled,
        _ => job.HasResourceGroup ? JobStatus.WaitingForResource : JobStatus.Pending,
    };

    /// <summary>The jobs as they stand after the changes so far.</summary>
    private sealed class Board(IReadOnlyCollection<TurnJob> jobs)
    {
        private readonly Dictionary<string, TurnJob> byName = jobs.ToDictionary(job => job.Name, StringComparer.Ordinal);
        private readonly Dictionary<int, JobStatus?> earlier = [];

        public JobStatus? Before(int stage)
        {
            if (!earlier.TryGetValue(stage, out var status))
            {
                earlier[stage] = status = CompositeStatus.Of(byName.Values.Where(job => job.StageIndex < stage).Select(StateOf));
            }

            return status;
        }

        public JobStatus? Needed(IReadOnlyList<string> names) =>
            CompositeStatus.Of(names.Where(byName.ContainsKey).Select(name => StateOf(byName[name])), graph: true);

        public void Move(TurnJob job, JobStatus next)
        {
            byName[job.Name] = job with { Status = next };
            earlier.Clear();
        }

        private static JobState StateOf(TurnJob job) => new(job.Status, job.AllowFailure);
    }
}
