using System.Buffers;
using System.IO.Pipelines;

namespace Squero.Mlflow;

/// <summary>The body of a call that logs, in memory that is used again: batches are long, and there are many.</summary>
internal static class LogBody
{
    public static async Task<T> ReadAsync<T>(MlflowCall call, Func<ReadOnlySequence<byte>, T> read)
    {
        var pipe = call.Context.Request.BodyReader;
        ReadResult received;
        while (!(received = await pipe.ReadAsync(call.Cancel)).IsCompleted)
        {
            pipe.AdvanceTo(received.Buffer.Start, received.Buffer.End);
        }

        // One piece, which is quicker to read than several, and the pipe is given back at once: a reader left in mid-read
        // costs the connection and a line in the log.
        var length = (int)received.Buffer.Length;
        var body = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            received.Buffer.CopyTo(body);
            pipe.AdvanceTo(received.Buffer.End);
            return read(new ReadOnlySequence<byte>(body, 0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }
}
