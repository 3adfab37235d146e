using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>What is measured: a server's tracking URI, and the calls that prepare a load.</summary>
internal sealed class LoadTarget(Uri tracking, string? token, CancellationToken cancel)
{
    private const int LengthDigits = 10;
    private readonly string credentials = token is null ? "" : $"Authorization: Bearer {token}\r\n";

    public CancellationToken Cancel => cancel;

    /// <summary>The line of a request's head that says who asks; empty without a token.</summary>
    public string Credentials => credentials;

    public Uri Tracking => tracking;

    public Task<LoadConnection> ConnectAsync() => LoadConnection.OpenAsync(tracking.Host, tracking.Port, cancel);

    public async Task<LoadConnection[]> ConnectAsync(int count) => await Task.WhenAll(Enumerable.Range(0, count).Select(_ => ConnectAsync()));

    /// <summary>A request without a body.</summary>
    public byte[] Get(string pathAndQuery) => Encoding.ASCII.GetBytes($"GET {pathAndQuery} HTTP/1.1\r\nHost: {tracking.Authority}\r\n{credentials}\r\n");

    /// <summary>A request of the protocol without a body.</summary>
    public byte[] GetCall(string call) => Get(PathOf(call));

    /// <summary>A buffer that holds the head of a call; <see cref="LoadRequest.Finish"/> writes the length of what was added.</summary>
    public LoadRequest Post(string call) => new(
        $"POST {PathOf(call)} HTTP/1.1\r\nHost: {tracking.Authority}\r\n{credentials}Content-Type: application/json\r\nContent-Length: ", LengthDigits);

    public async Task<JsonElement> CallAsync(LoadConnection connection, string call, string json)
    {
        var request = Post(call);
        request.Add(json);
        var status = await connection.ExchangeAsync(request.Finish(), cancel);
        Expect(connection, status);
        using var answer = JsonDocument.Parse(connection.Body);
        return answer.RootElement.Clone();
    }

    public static void Expect(LoadConnection connection, int status)
    {
        if (status != 200)
        {
            throw new IOException($"The server answered {status}: {Encoding.UTF8.GetString(connection.Body.Span)}");
        }
    }

    public async Task<string> CreateExperimentAsync(LoadConnection connection)
    {
        var answer = await CallAsync(connection, "experiments/create", $$"""{"name":"bench-{{Path.GetRandomFileName()}}"}""");
        return answer.GetProperty("experiment_id").GetString()!;
    }

    public async Task<string> CreateRunAsync(LoadConnection connection, string experiment)
    {
        var answer = await CallAsync(connection, "runs/create", $$"""{"experiment_id":"{{experiment}}","start_time":1700000000000}""");
        return answer.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private string PathOf(string call) => $"{tracking.AbsolutePath.TrimEnd('/')}/api/2.0/mlflow/{call}";
}

/// <summary>The bytes of one request, written anew for each.</summary>
internal sealed class LoadRequest
{
    private readonly int lengthAt;
    private readonly int bodyAt;
    private byte[] bytes = new byte[4096];
    private int used;

    public LoadRequest(string head, int lengthDigits)
    {
        Add(head);
        lengthAt = used;
        Add(new string('0', lengthDigits));
        Add("\r\n\r\n");
        bodyAt = used;
    }

    public void Clear() => used = bodyAt;

    public void Add(ReadOnlySpan<byte> text)
    {
        Reserve(text.Length);
        text.CopyTo(bytes.AsSpan(used));
        used += text.Length;
    }

    public void Add(string text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        used += Encoding.UTF8.GetBytes(text, bytes.AsSpan(used));
    }

    public void Add(long number)
    {
        Reserve(20);
        Utf8Formatter.TryFormat(number, bytes.AsSpan(used), out var written);
        used += written;
    }

    public void Add(double number)
    {
        Reserve(32);
        number.TryFormat(bytes.AsSpan(used), out var written, default, CultureInfo.InvariantCulture);
        used += written;
    }

    public ReadOnlyMemory<byte> Finish()
    {
        var length = used - bodyAt;
        for (var digit = bodyAt - 5; digit >= lengthAt; digit--)
        {
            bytes[digit] = (byte)('0' + (length % 10));
            length /= 10;
        }

        return bytes.AsMemory(0, used);
    }

    private void Reserve(int count)
    {
        if (used + count > bytes.Length)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + count));
        }
    }
}
