using System.Collections.Concurrent;

namespace Squero.Experiments;

/// <summary>
/// Tells those who watch a candidate that something was logged of it. Nobody polls: a beat wakes them, and without watchers a beat
/// costs the reading of one number.
/// </summary>
public sealed class CandidatePulse
{
    private readonly ConcurrentDictionary<long, ImmutableWatches> watched = new();
    private int count;

    /// <summary>How many watch, in all.</summary>
    public int Watchers => Volatile.Read(ref count);

    /// <summary>Something of the candidate is on the disk, or soon will be.</summary>
    public void Beat(long candidateId)
    {
        if (Volatile.Read(ref count) > 0 && watched.TryGetValue(candidateId, out var watches))
        {
            watches.Beat();
        }
    }

    /// <summary>Until it is disposed of.</summary>
    internal Watch Begin(long candidateId)
    {
        var watch = new Watch(this, candidateId);
        watched.AddOrUpdate(candidateId, new ImmutableWatches([watch]), (_, others) => new ImmutableWatches([.. others.All, watch]));
        Interlocked.Increment(ref count);
        return watch;
    }

    private void End(Watch watch)
    {
        while (watched.TryGetValue(watch.CandidateId, out var watches))
        {
            var left = new ImmutableWatches([.. watches.All.Where(other => other != watch)]);
            if (left.All.Count == 0 ? watched.TryRemove(KeyValuePair.Create(watch.CandidateId, watches)) : watched.TryUpdate(watch.CandidateId, left, watches))
            {
                break;
            }
        }

        Interlocked.Decrement(ref count);
    }

    /// <summary>One who watches. Beats that come while nobody waits count as one.</summary>
    internal sealed class Watch(CandidatePulse pulse, long candidateId) : IDisposable
    {
        private readonly SemaphoreSlim beaten = new(0, 1);
        private int ended;

        public long CandidateId => candidateId;

        /// <summary>True after a beat, false when none came in time.</summary>
        public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancel) => beaten.WaitAsync(limit, cancel);

        public void Beat()
        {
            try
            {
                beaten.Release();
            }
            catch (SemaphoreFullException)
            {
                // It has been told already.
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref ended, 1) == 0)
            {
                pulse.End(this);
            }
        }
    }

    // A class, so that a swap compares which one it is and not what is in it.
    private sealed class ImmutableWatches(IReadOnlyList<Watch> all)
    {
        public IReadOnlyList<Watch> All => all;

        public void Beat()
        {
            foreach (var watch in all)
            {
                watch.Beat();
            }
        }
    }
}

/// <summary>Who watches a candidate sees its end at once.</summary>
internal sealed class BeatOnEnd(CandidatePulse pulse) : Kernel.IJoin<CandidateFinished>
{
    public Task JoinAsync(CandidateFinished fact, Kernel.WriteSession session)
    {
        pulse.Beat(fact.CandidateId);
        return Task.CompletedTask;
    }
}
