using System.Text;
using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>
/// What a client asks receive-pack to do, read from the front of the request. <see cref="Raw"/> is all that was read, to be given
/// to git before the rest of the body (the pack).
/// </summary>
internal sealed class PushRequest
{
    private const int MaxUpdates = 20_000;
    private const int MaxBytes = 8 * 1024 * 1024;
    private readonly MemoryStream raw = new();
    private readonly List<RefUpdate> updates = [];
    private readonly Dictionary<string, string> options = new(StringComparer.Ordinal);
    private HashSet<string> capabilities = [];

    public IReadOnlyList<RefUpdate> Updates => updates;

    public IReadOnlyDictionary<string, string> Options => options;

    public bool HasSideBand => capabilities.Contains("side-band-64k");

    public bool WantsReport => capabilities.Contains("report-status") || capabilities.Contains("report-status-v2");

    public ReadOnlyMemory<byte> Raw => raw.GetBuffer().AsMemory(0, (int)raw.Length);

    public static async Task<PushRequest> ReadAsync(Stream body, CancellationToken cancel)
    {
        var request = new PushRequest();
        while (await request.NextAsync(body, cancel) is { } line)
        {
            request.AddLine(line);
        }

        if (request.updates.Count > 0 && request.capabilities.Contains("push-options"))
        {
            while (await request.NextAsync(body, cancel) is { } option)
            {
                request.AddOption(Encoding.UTF8.GetString(option).TrimEnd('\n'));
            }
        }

        return request;
    }

    // Null at a flush and at the end.
    private async Task<byte[]?> NextAsync(Stream body, CancellationToken cancel)
    {
        if (await PktLine.ReadAsync(body, cancel) is not { } packet)
        {
            return null;
        }

        if (raw.Length + packet.Length > MaxBytes)
        {
            throw Refusal.Invalid($"This push moves too many refs at once; at most {MaxUpdates} are possible.");
        }

        raw.Write(packet);
        return PktLine.IsFlush(packet) ? null : packet[4..];
    }

    private void AddLine(byte[] line)
    {
        var end = Array.IndexOf(line, (byte)0);
        if (end >= 0)
        {
            capabilities = [.. Encoding.UTF8.GetString(line.AsSpan(end + 1)).Trim('\n', ' ').Split(' ')];
        }

        var text = Encoding.UTF8.GetString(end < 0 ? line : line.AsSpan(0, end)).TrimEnd('\n');
        if (text.StartsWith("shallow ", StringComparison.Ordinal))
        {
            return;
        }

        var parts = text.Split(' ', 3);
        if (parts.Length != 3 || !GitNames.IsSha(parts[0]) || !GitNames.IsSha(parts[1]) || parts[2].Length == 0)
        {
            throw Refusal.Invalid("This is not a push that the server understands.");
        }

        if (updates.Count == MaxUpdates)
        {
            throw Refusal.Invalid($"This push moves too many refs at once; at most {MaxUpdates} are possible.");
        }

        updates.Add(new RefUpdate(parts[2], parts[0], parts[1]));
    }

    private void AddOption(string option)
    {
        var equals = option.IndexOf('=', StringComparison.Ordinal);
        options[equals < 0 ? option : option[..equals]] = equals < 0 ? "" : option[(equals + 1)..];
    }
}
