using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Squero.Notebooks;

namespace Squero.MergeRequests;

/// <summary>
/// Merges of notebooks, each worked out once: a page, its preview and the commit come from the same one. Whoever stops waiting does
/// not stop the work; the next one who asks finds it done. Bounded by bytes, and two at a time.
/// </summary>
internal sealed partial class NotebookMerges(TimeProvider time, ILogger<NotebookMerges> logger) : IDisposable
{
    private const long KeptMax = 256L * 1024 * 1024;
    private const int Overhead = 64 * 1024;
    private readonly MemoryCache kept = new(new MemoryCacheOptions { SizeLimit = KeptMax, CompactionPercentage = 0.4 });
    private readonly SemaphoreSlim turns = new(2);

    /// <summary>Null when it takes longer than one waits here.</summary>
    /// <param name="key">The ids of the three blobs, and what the sides are called.</param>
    /// <param name="read">The three versions: common ancestor, target, source; asked for only when they are needed. Null: too large.</param>
    /// <param name="labels">What the sides are called.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancel">Ends the waiting, not the work.</param>
    public async Task<NotebookAttempt> GetAsync(
        string key, Func<Task<NotebookSides?>> read, MergeLabels labels, TimeSpan patience, CancellationToken cancel)
    {
        if (!kept.TryGetValue(key, out Task<MergedNotebook?>? merging))
        {
            if (await read() is not { } sides)
            {
                return new NotebookAttempt.TooLarge();
            }

            merging = Task.Run(() => MergeAsync(sides, labels), CancellationToken.None);
            using var entry = kept.CreateEntry(key);
            entry.Value = merging;
            entry.Size = SizeOf(sides);
            entry.SlidingExpiration = TimeSpan.FromMinutes(10);
        }

        try
        {
            return await merging!.WaitAsync(patience < TimeSpan.Zero ? TimeSpan.Zero : patience, time, cancel) is { } merged
                ? new NotebookAttempt.Made(merged)
                : new NotebookAttempt.Failed();
        }
        catch (TimeoutException)
        {
            return new NotebookAttempt.Pending();
        }
    }

    public void Dispose()
    {
        kept.Dispose();
        turns.Dispose();
    }

    private static long SizeOf(NotebookSides sides) => (2 * sides.Length) + Overhead;

    private async Task<MergedNotebook?> MergeAsync(NotebookSides sides, MergeLabels labels)
    {
        await turns.WaitAsync();
        try
        {
            return new MergedNotebook(
                NotebookMerge.Of(sides.Base, sides.Target, sides.Source, labels), Notebook.Parse(sides.Target), Notebook.Parse(sides.Source))
            {
                Bytes = SizeOf(sides),
            };
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // It is said to never happen. A page of review is worth more than the proof.
            LogFault(fault);
            return null;
        }
        finally
        {
            turns.Release();
        }
    }

    [LoggerMessage(LogLevel.Error, "A notebook could not be merged by cells")]
    private partial void LogFault(Exception fault);
}

/// <summary>The bytes of a notebook in the common ancestor (none when both sides added it), in the target and in the source branch.</summary>
internal sealed record NotebookSides(byte[] Base, byte[] Target, byte[] Source)
{
    public long Length => (long)Base.Length + Target.Length + Source.Length;
}

/// <summary>A merge, and the notebooks of both branches for drawing.</summary>
public sealed record MergedNotebook(NotebookMerge Merge, Notebook Target, Notebook Source)
{
    /// <summary>What it takes in memory, about.</summary>
    public long Bytes { get; init; }
}

/// <summary>What came of asking for a merge.</summary>
internal abstract record NotebookAttempt
{
    private NotebookAttempt()
    {
    }

    public sealed record Made(MergedNotebook Merged) : NotebookAttempt;

    public sealed record Pending : NotebookAttempt;

    public sealed record TooLarge : NotebookAttempt;

    /// <summary>A fault of ours; the log tells.</summary>
    public sealed record Failed : NotebookAttempt;
}
