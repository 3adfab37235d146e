using System.Buffers;

namespace Squero.Runner;

/// <summary>Copies a stream that says nothing reliable about its length.</summary>
internal static class BoundedCopy
{
    /// <summary>Gives the number of bytes, or null when there are more than the limit.</summary>
    public static async Task<long?> TryAsync(Stream source, Stream target, long limit, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            long total = 0;
            int count;
            while ((count = await source.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            {
                total += count;
                if (total > limit)
                {
                    return null;
                }

                await target.WriteAsync(buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
