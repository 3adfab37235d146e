using System.Buffers;
using System.Globalization;
using System.Text;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>The log of one job: masked, measured, kept in a file until the server has all of it.</summary>
internal sealed class TraceLog : IAsyncDisposable
{
    private const string Red = "\e[31;1m";
    private const string Green = "\e[32;1m";
    private const string Yellow = "\e[0;33m";
    private const string Bold = "\e[0K\e[36;1m";
    private const string Plain = "\e[0;m";

    private readonly FileStream file;
    private readonly SecretMask mask;
    private readonly long limit;
    private readonly TimeProvider time;
    private readonly bool sections;
    private readonly Lock gate = new();
    private Crc32 checksum;
    private bool cut;

    public TraceLog(string path, SecretMask mask, long limit, bool sections, TimeProvider time)
    {
        this.mask = mask;
        this.limit = limit;
        this.sections = sections;
        this.time = time;
        file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
    }

    public long Size { get; private set; }

    public string Checksum => checksum.ToChecksum();

    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            var masked = new ArrayBufferWriter<byte>(bytes.Length + 64);
            mask.Append(bytes, masked);
            Keep(masked.WrittenSpan);
        }
    }

    public void Line(string text) => Append(Encoding.UTF8.GetBytes(text + "\n"));

    public void Heading(string text) => Line(Bold + text + Plain);

    public void Warning(string text) => Line(Yellow + "WARNING: " + text + Plain);

    public void Success(string text) => Line(Green + text + Plain);

    public void Error(string text) => Line(Red + "ERROR: " + text + Plain);

    public void BeginSection(string name) => Mark($"section_start:{Now()}:{name}\r\e[0K");

    public void EndSection(string name) => Mark($"section_end:{Now()}:{name}\r\e[0K");

    /// <summary>Nothing more is written: what the mask held back comes out.</summary>
    public void Complete()
    {
        lock (gate)
        {
            var masked = new ArrayBufferWriter<byte>(64);
            mask.Complete(masked);
            Keep(masked.WrittenSpan);
        }
    }

    /// <summary>Reads stored bytes from an offset; 0 at the end.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        lock (gate)
        {
            var count = (int)Math.Min(buffer.Length, Size - offset);
            return count <= 0 ? 0 : RandomAccess.Read(file.SafeFileHandle, buffer[..count], offset);
        }
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private string Now() => time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private void Mark(string text)
    {
        if (sections)
        {
            Append(Encoding.UTF8.GetBytes(text));
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (cut)
        {
            return;
        }

        if (Size + bytes.Length > limit)
        {
            cut = true;
            Store(bytes[..(int)(limit - Size)]);
            Store(Encoding.UTF8.GetBytes($"\n{Yellow}The log of this job is longer than {limit} bytes; the rest is not kept.{Plain}\n"));
            return;
        }

        Store(bytes);
    }

    private void Store(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(file.SafeFileHandle, bytes, Size);
        checksum = checksum.Append(bytes);
        Size += bytes.Length;
    }
}
