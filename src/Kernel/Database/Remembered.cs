using System.Collections.Concurrent;

namespace Squero.Kernel;

/// <summary>
/// Rows kept in memory until one of their tables changes: for what every request asks (who calls, which project, which role).
/// A change by this process counts at once; one by another process (a command beside the running server) within
/// <see cref="Lifetime"/>. That something is not there is never remembered.
/// </summary>
public sealed class Remembered<TKey, TValue>(Database database, params string[] tables)
    where TKey : notnull
    where TValue : class
{
    /// <summary>How old an answer can be at most.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private const int MaxEntries = 10_000;
    private readonly ConcurrentDictionary<TKey, Entry> entries = new();

    public ValueTask<TValue?> FindAsync(TKey key, Func<Session, Task<TValue?>> read, CancellationToken cancel)
    {
        // The version is taken before reading: what is written meanwhile makes the answer old at once.
        var version = database.Versions.Of(tables);
        var now = Environment.TickCount64;
        return entries.TryGetValue(key, out var entry) && entry.Version == version && now - entry.ReadAt < Lifetime.TotalMilliseconds
            ? ValueTask.FromResult<TValue?>(entry.Value)
            : ReadAsync(key, version, now, read, cancel);
    }

    private async ValueTask<TValue?> ReadAsync(TKey key, long version, long now, Func<Session, Task<TValue?>> read, CancellationToken cancel)
    {
        var value = await database.ReadAsync(read, cancel);
        if (value is null)
        {
            entries.TryRemove(key, out _);
            return null;
        }

        if (entries.Count >= MaxEntries)
        {
            entries.Clear();
        }

        entries[key] = new Entry(value, version, now);
        return value;
    }

    private sealed record Entry(TValue Value, long Version, long ReadAt);
}
