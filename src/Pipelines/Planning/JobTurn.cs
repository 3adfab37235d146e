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
        var board = jobs.ToDictionary(job => job.Name, StringComparer.Ordinal);
        var changes = new List<TurnChange>();
        var waiting = jobs.Where(job => job.Status == JobStatus.Created).OrderBy(job => job.StageIndex).ToList();
        for (var moved = true; moved;)
        {
            moved = false;
            for (var i = waiting.Count - 1; i >= 0; i--)
            {
                if (NextStatus(waiting[i], board) is not { } next)
                {
                    continue;
                }

                var job = waiting[i];
                changes.Add(new TurnChange(job.Id, next));
                board[job.Name] = job with { Status = next };
                waiting.RemoveAt(i);
                moved = true;
            }
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

    private static JobStatus? NextStatus(TurnJob job, Dictionary<string, TurnJob> board)
    {
        var before = job.Needs is null
            ? CompositeStatus.Of(board.Values.Where(other => other.StageIndex < job.StageIndex).Select(StateOf))
            : CompositeStatus.Of(job.Needs.Where(board.ContainsKey).Select(name => StateOf(board[name])), graph: true);
        var settled = before ?? JobStatus.Success;
        if (!settled.IsFinished())
        {
            return null;
        }

        return Fits(job, settled) ? Entered(job) : JobStatus.Skipped;
    }

    private static JobState StateOf(TurnJob job) => new(job.Status, job.AllowFailure);

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
}
