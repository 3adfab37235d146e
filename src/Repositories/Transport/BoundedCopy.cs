using System.Buffers;

namespace Squero.Repositories;

/// <summary>Copying that counts.</summary>
internal static class BoundedCopy
{
    private const int BufferSize = 256 * 1024;

    // A client sends a push in pieces of a few kilobytes; handing git each of them costs a system call and a change of threads.
    private const int GatheredBytes = 64 * 1024;

    /// <summary>Copies until the end, or until the limit would be passed: then false, and the rest is unread.</summary>
    public static async Task<bool> CopyAsync(Stream from, Stream to, long limit, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await from.ReadAtLeastAsync(buffer.AsMemory(0, BufferSize), GatheredBytes, throwOnEndOfStream: false, cancel)) > 0)
            {
                limit -= read;
                if (limit < 0)
                {
                    return false;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads and drops what a client still sends; one that sends more than the limit is cut off.</summary>
    public static async Task DrainAsync(Stream from, long limit, CancellationToken cancel)
    {
        if (!await CopyAsync(from, Stream.Null, limit, cancel))
        {
            throw new IOException("The client sends far more than the limit.");
        }
    }
}
