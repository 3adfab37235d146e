using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A series: one metric of one candidate.</summary>
internal readonly record struct SeriesKey(long Candidate, long Key);

/// <summary>The rows of the tail among which a series has some.</summary>
internal readonly record struct TailSpan(long First, long Last)
{
    public static TailSpan Everything { get; } = new(long.MinValue, long.MaxValue);
}

/// <summary>
/// Where in the tail each series has points. The tail has no index, since keeping one would cost more than all the rest of
/// writing a point; this one lives in memory and is as large as the tail has series. Until it has been read after a start,
/// every series may be anywhere.
/// </summary>
internal sealed class PointTail
{
    private readonly Lock turn = new();
    private readonly Dictionary<SeriesKey, TailSpan> spans = [];
    private readonly HashSet<long> dropped = [];
    private readonly SemaphoreSlim grown = new(0, 1);
    private bool isKnown;
    private long written;
    private long moved;

    /// <summary>Points that wait to be moved into blocks.</summary>
    public long Points
    {
        get
        {
            lock (turn)
            {
                return written - moved;
            }
        }
    }

    /// <summary>The id of the next row; for the one writer.</summary>
    public long NextId { get; private set; } = 1;

    /// <summary>Ask before the snapshot in which the tail is read: what is moved meanwhile is then found in a block.</summary>
    public TailSpan? SpanOf(SeriesKey series)
    {
        lock (turn)
        {
            return !isKnown ? TailSpan.Everything : spans.TryGetValue(series, out var span) ? span : null;
        }
    }

    /// <summary>Reads once, before the first write, what an earlier process left.</summary>
    public async Task LoadAsync(Database database, CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        var statements = BlockStatements.Of(connection);
        lock (turn)
        {
            foreach (var (series, span) in statements.TailSpans())
            {
                spans[series] = span;
            }

            var (points, lastId) = statements.TailEnds();
            (moved, written) = (0, points);
            NextId = lastId + 1;
            dropped.UnionWith(statements.RemovedInTail());
            isKnown = true;
        }

        if (Points > 0)
        {
            Signal();
        }
    }

    /// <summary>Rows were written and committed, the last of each series at the given id.</summary>
    public void Grew(long firstId, long nextId, long points, IEnumerable<SeriesKey> touched)
    {
        lock (turn)
        {
            foreach (var series in touched)
            {
                spans[series] = spans.TryGetValue(series, out var span) ? span with { Last = nextId - 1 } : new TailSpan(firstId, nextId - 1);
            }

            written += points;
            NextId = nextId;
        }

        Signal();
    }

    /// <summary>Rows up to an id were moved and the move is committed.</summary>
    public void Moved(long lastId, long points, IEnumerable<SeriesKey> touched)
    {
        lock (turn)
        {
            foreach (var series in touched)
            {
                if (!spans.TryGetValue(series, out var span))
                {
                    continue;
                }

                if (span.Last <= lastId)
                {
                    spans.Remove(series);
                }
                else
                {
                    spans[series] = span with { First = lastId + 1 };
                }
            }

            moved += points;
        }
    }

    /// <summary>What these candidates have in the tail is not moved into blocks: they are about to be removed for good.</summary>
    public void Drop(IEnumerable<long> candidates)
    {
        lock (turn)
        {
            dropped.UnionWith(candidates);
        }
    }

    /// <summary>They are not removed after all.</summary>
    public void Keep(IEnumerable<long> candidates)
    {
        lock (turn)
        {
            dropped.ExceptWith(candidates);
        }
    }

    /// <summary>Whether the series is one that is not moved any more. Ask in the transaction that moves.</summary>
    public bool IsDropped(SeriesKey series)
    {
        lock (turn)
        {
            return dropped.Count > 0 && dropped.Contains(series.Candidate);
        }
    }

    /// <summary>Returns when the tail has grown since the last call.</summary>
    public Task GrowthAsync(CancellationToken cancel) => grown.WaitAsync(cancel);

    /// <summary>Only the writer tells, so that between the look and the release nobody else can.</summary>
    private void Signal()
    {
        if (grown.CurrentCount == 0)
        {
            grown.Release();
        }
    }
}
