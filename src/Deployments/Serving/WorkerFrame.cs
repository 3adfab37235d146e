using System.Buffers.Binary;

namespace Squero.Deployments;

/// <summary>What a frame is about.</summary>
internal enum FrameKind : byte
{
    /// <summary>To the worker: the model file. Back: what the model takes and gives, as JSON.</summary>
    Model = 1,

    /// <summary>To the worker: an infer request. Back: the answer.</summary>
    Infer = 2,

    /// <summary>Back: the request was wrong; a sentence.</summary>
    Refused = 3,

    /// <summary>Back: the model could not be loaded or run; a sentence.</summary>
    Failed = 4,
}

/// <summary>
/// What server and worker say to each other over the worker's standard input and output: length (4 bytes, little endian),
/// number of the request (8), kind (1), body. The end of the input ends the worker, so no worker outlives its server.
/// </summary>
internal readonly record struct WorkerFrame(long Number, FrameKind Kind, ReadOnlyMemory<byte> Body)
{
    /// <summary>The largest answer of a worker, which runs code from outside and is not to be believed.</summary>
    public const int MaxAnswer = 64 * 1024 * 1024;

    private const int HeadLength = 13;

    public async Task WriteAsync(Stream stream, CancellationToken cancel)
    {
        var head = new byte[HeadLength];
        BinaryPrimitives.WriteInt32LittleEndian(head, Body.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head.AsSpan(4), Number);
        head[12] = (byte)Kind;
        await stream.WriteAsync(head, cancel);
        await stream.WriteAsync(Body, cancel);
        await stream.FlushAsync(cancel);
    }

    /// <summary>Null at the end of the stream.</summary>
    public static async Task<WorkerFrame?> ReadAsync(Stream stream, int limit, CancellationToken cancel)
    {
        var head = new byte[HeadLength];
        if (await stream.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancel) < HeadLength)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length < 0 || length > limit)
        {
            throw new InvalidDataException($"A frame of {length} bytes is longer than {limit}.");
        }

        var body = new byte[length];
        await stream.ReadExactlyAsync(body, cancel);
        return new WorkerFrame(BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(4)), (FrameKind)head[12], body);
    }
}
