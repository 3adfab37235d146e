using System.Text;

namespace Squero.Repositories;

/// <summary>
/// Passes receive-pack's answer on to the client while reading from it which refs were taken. The last flush is held back,
/// so that lines for the person can follow git's own.
/// </summary>
internal sealed class PushAnswer(Stream response, bool hasSideBand)
{
    private const int MaxReport = 16 * 1024 * 1024;
    private readonly MemoryStream report = new();

    /// <summary>When set, what git still says is read and dropped.</summary>
    public bool IsMuted { get; set; }

    public async Task ForwardAsync(Stream git, CancellationToken cancel)
    {
        if (!hasSideBand)
        {
            await CopyPlainAsync(git, cancel);
            return;
        }

        while (await PktLine.ReadAsync(git, cancel) is { } packet && !PktLine.IsFlush(packet))
        {
            if (packet.Length > 5 && packet[4] == 1 && report.Length + packet.Length < MaxReport)
            {
                report.Write(packet.AsSpan(5));
            }

            if (!IsMuted)
            {
                await response.WriteAsync(packet, cancel);
                await response.FlushAsync(cancel);
            }
        }

        await git.CopyToAsync(Stream.Null, cancel);
    }

    /// <summary>What git reported as done ("ok ref") of the updates; null when it did not come to a report.</summary>
    public async Task<HashSet<string>?> AcceptedAsync(CancellationToken cancel)
    {
        var accepted = new HashSet<string>(StringComparer.Ordinal);
        var unpacked = false;
        report.Position = 0;
        try
        {
            while (await PktLine.ReadAsync(report, cancel) is { } packet && !PktLine.IsFlush(packet))
            {
                var line = Encoding.UTF8.GetString(packet.AsSpan(4)).TrimEnd('\n');
                unpacked |= line.StartsWith("unpack ", StringComparison.Ordinal);
                if (line.StartsWith("ok ", StringComparison.Ordinal))
                {
                    accepted.Add(line[3..]);
                }
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            return null;
        }

        return unpacked ? accepted : null;
    }

    /// <summary>Lines that the person reads as <c>remote: …</c>. Clients without a side band cannot be told.</summary>
    public async Task SayAsync(IEnumerable<string> lines, CancellationToken cancel)
    {
        if (!hasSideBand)
        {
            return;
        }

        foreach (var line in lines)
        {
            var clean = new string([.. line.Take(2000).Where(c => !char.IsControl(c))]);
            await response.WriteAsync(PktLine.Band(2, Encoding.UTF8.GetBytes(clean + "\n")), cancel);
        }
    }

    /// <summary>A report of our own in which nothing was taken.</summary>
    public async Task RefuseAsync(string unpack, IEnumerable<(string Ref, string Reason)> refs, CancellationToken cancel)
    {
        using var own = new MemoryStream();
        own.Write(PktLine.Text($"unpack {unpack}\n"));
        foreach (var (name, reason) in refs)
        {
            own.Write(PktLine.Text($"ng {name} {reason}\n"));
        }

        own.Write(PktLine.Flush);
        if (!hasSideBand)
        {
            await response.WriteAsync(own.GetBuffer().AsMemory(0, (int)own.Length), cancel);
            return;
        }

        for (var at = 0; at < own.Length; at += PktLine.MaxLength - 5)
        {
            var part = own.GetBuffer().AsSpan(at, (int)Math.Min(PktLine.MaxLength - 5, own.Length - at));
            await response.WriteAsync(PktLine.Band(1, part), cancel);
        }
    }

    public async Task EndAsync(CancellationToken cancel)
    {
        if (hasSideBand)
        {
            await response.WriteAsync(PktLine.Flush, cancel);
        }

        await response.FlushAsync(cancel);
    }

    private async Task CopyPlainAsync(Stream git, CancellationToken cancel)
    {
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await git.ReadAsync(buffer, cancel)) > 0)
        {
            if (report.Length + read < MaxReport)
            {
                report.Write(buffer, 0, read);
            }

            if (!IsMuted)
            {
                await response.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
        }
    }
}
