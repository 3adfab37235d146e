using Microsoft.Extensions.Caching.Memory;

namespace Squero.Repositories;

/// <summary>Keeps what was drawn or computed from objects that never change. Bounded by (estimated) bytes; keys hold object ids.</summary>
internal sealed class RenderCache : IDisposable
{
    private const long MaxBytes = 96L * 1024 * 1024;
    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = MaxBytes, CompactionPercentage = 0.25 });

    public async Task<T> GetAsync<T>(string key, Func<Task<T>> make, Func<T, long> bytes)
    {
        if (cache.TryGetValue(key, out var found))
        {
            return (T)found!;
        }

        var made = await make();
        using var entry = cache.CreateEntry(key);
        entry.Value = made;
        entry.Size = Math.Max(1, bytes(made));
        entry.SlidingExpiration = TimeSpan.FromMinutes(30);
        return made;
    }

    public void Dispose() => cache.Dispose();
}
