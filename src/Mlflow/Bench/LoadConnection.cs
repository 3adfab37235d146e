using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Squero.Mlflow;

/// <summary>
/// One kept connection that asks and waits, with as little work of its own as can be: the client of a benchmark shares the
/// machine with the server, and a general HTTP client costs more than what is measured. HTTP/1.1 without TLS.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private const int Large = 1 << 16;
    private readonly Socket socket;
    private readonly byte[] received = new byte[Large];
    private readonly MemoryStream body = new();
    private int start;
    private int end;

    private LoadConnection(Socket socket) => this.socket = socket;

    /// <summary>The body of the last answer, valid until the next request.</summary>
    public ReadOnlyMemory<byte> Body => body.GetBuffer().AsMemory(0, (int)body.Length);

    /// <summary>When the first bytes of the last answer came, as a timestamp of <see cref="Stopwatch"/>.</summary>
    public long AnsweredAt { get; private set; }

    public static async Task<LoadConnection> OpenAsync(string host, int port, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host, port, cancel);
        return new LoadConnection(socket);
    }

    /// <summary>Sends a whole request and reads the answer; returns its status.</summary>
    public async ValueTask<int> ExchangeAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        await SendAsync(request, cancel);
        return await ReceiveAsync(cancel);
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancel)..];
        }
    }

    /// <summary>Reads an answer of a known length without keeping its body.</summary>
    public async ValueTask<(int Status, long Length)> DrainAsync(CancellationToken cancel)
    {
        int head;
        while ((head = received.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync(cancel);
        }

        var (status, length) = ReadHead(received.AsSpan(start, head));
        var left = (length ?? throw new IOException("The server did not say how long its answer is.")) - (end - start - head - 4);
        (start, end) = (0, 0);
        var large = new byte[4 * Large];
        while (left > 0)
        {
            left -= await socket.ReceiveAsync(large, cancel) is > 0 and var count ? count : throw new IOException("The server closed the connection.");
        }

        return (status, length.Value);
    }

    public async ValueTask<int> ReceiveAsync(CancellationToken cancel)
    {
        body.SetLength(0);
        AnsweredAt = 0;
        int head;
        while ((head = received.AsSpan(start, end - start).IndexOf("\r\n\r\n"u8)) < 0)
        {
            await FillAsync(cancel);
            AnsweredAt = AnsweredAt == 0 ? Stopwatch.GetTimestamp() : AnsweredAt;
        }

        var (status, length) = ReadHead(received.AsSpan(start, head));
        start += head + 4;
        if (length is { } known)
        {
            await TakeAsync(known, cancel);
            return status;
        }

        while (await ChunkAsync(cancel) is > 0 and var size)
        {
            await TakeAsync(size, cancel);
            await SkipLineAsync(cancel);
        }

        await SkipLineAsync(cancel);
        return status;
    }

    public void Dispose()
    {
        socket.Dispose();
        body.Dispose();
    }

    /// <summary>No length: the body comes in chunks.</summary>
    private static (int Status, long? Length) ReadHead(ReadOnlySpan<byte> head)
    {
        if (!Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int status, out _))
        {
            throw new IOException("The server answered no HTTP/1.1.");
        }

        var at = head.IndexOf("Content-Length: "u8);
        return at >= 0 && Utf8Parser.TryParse(head[(at + "Content-Length: ".Length)..], out long length, out _) ? (status, length) : (status, null);
    }

    private async ValueTask<long> ChunkAsync(CancellationToken cancel)
    {
        int line;
        while ((line = received.AsSpan(start, end - start).IndexOf("\r\n"u8)) < 0)
        {
            await FillAsync(cancel);
        }

        var size = long.Parse(received.AsSpan(start, line), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        start += line + 2;
        return size;
    }

    private async ValueTask TakeAsync(long count, CancellationToken cancel)
    {
        while (count > 0)
        {
            if (start == end)
            {
                await FillAsync(cancel);
            }

            var part = (int)Math.Min(count, end - start);
            body.Write(received, start, part);
            start += part;
            count -= part;
        }
    }

    private async ValueTask SkipLineAsync(CancellationToken cancel)
    {
        while (end - start < 2)
        {
            await FillAsync(cancel);
        }

        start += 2;
    }

    private async ValueTask FillAsync(CancellationToken cancel)
    {
        if (start > 0)
        {
            received.AsSpan(start, end - start).CopyTo(received);
            (start, end) = (0, end - start);
        }

        var count = await socket.ReceiveAsync(received.AsMemory(end), cancel);
        end += count > 0 ? count : throw new IOException("The server closed the connection.");
    }
}
