using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>What became of a piece of log.</summary>
internal abstract record LogOutcome
{
    internal sealed record Appended(long Size) : LogOutcome;

    /// <summary>The piece does not begin where the log ends.</summary>
    internal sealed record Gap(long Size) : LogOutcome;
}

/// <summary>
/// Logs as files, one a job, appended as runners send them. The row says how many bytes were received; over the limit they are
/// counted but not kept. Bytes beyond the row's size come from a crash and are written over.
/// </summary>
public sealed class LogStore
{
    private static readonly byte[] CutNote = Encoding.UTF8.GetBytes("\n\u001b[33mThe log is longer than what is kept: the rest was left out.\u001b[0m\n");

    private readonly DataFolder data;
    private readonly Database database;
    private readonly PipelineOptions options;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly ConcurrentDictionary<long, long> watched = [];

    internal LogStore(DataFolder data, Database database, PipelineOptions options, TimeProvider time) =>
        (this.data, this.database, this.options, this.time) = (data, database, options, time);

    /// <summary>The bytes kept of a job's log, from its beginning; null when there are none.</summary>
    public Stream? OpenRead(Job job)
    {
        var path = PathOf(job);
        if (job.LogSize == 0 || !File.Exists(path))
        {
            return null;
        }

        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);
        return new LimitedStream(file, Math.Min(file.Length, KeptSize(job.LogSize)));
    }

    /// <summary>The first lines, for showing them without a script.</summary>
    public async Task<IReadOnlyList<string>> HeadAsync(Job job, int linesMax, CancellationToken cancel)
    {
        await using var stream = OpenRead(job);
        var lines = new List<string>();
        if (stream is not null)
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            while (lines.Count < linesMax && await reader.ReadLineAsync(cancel) is { } line)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    internal async Task<LogOutcome> AppendAsync(Job job, long start, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var turn = turns[job.Id % turns.Length];
        await turn.WaitAsync(cancel);
        try
        {
            var row = await database.ReadAsync(
                session => session.FirstAsync<LogRow>("SELECT log_size, log_resent FROM pipelines_jobs WHERE id = @Id", new { job.Id }), cancel);
            var size = row!.LogSize;
            if (start == 0 && size > 0 && row.LogResent == 1)
            {
                size = 0;
            }
            else if (start + bytes.Length == size)
            {
                return new LogOutcome.Appended(size);
            }

            if (start != size)
            {
                return new LogOutcome.Gap(size);
            }

            await WriteAsync(job, start, bytes, cancel);
            await database.WriteAsync(
                session => session.ExecuteAsync(
                    """
                    UPDATE pipelines_jobs SET log_size = @next, touched_us = @NowMicros, log_resent = CASE log_resent WHEN 1 THEN 2 ELSE log_resent END
                    WHERE id = @Id
                    """,
                    new { job.Id, next = start + bytes.Length, session.NowMicros }),
                cancel);
            return new LogOutcome.Appended(start + bytes.Length);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>
    /// Does the log differ from what the runner believes it sent? Asked once a job: after a resend it is taken as it is.
    /// </summary>
    internal async Task<bool> AskAgainAsync(Job job, TraceOutput? output, string? checksum, CancellationToken cancel)
    {
        var expected = output?.Checksum ?? checksum;
        if (job.LogSize > options.LogBytesMax || (expected is null && output?.Size is null))
        {
            return false;
        }

        var same = (output?.Size is not { } size || size == job.LogSize) && (expected is null || expected == await ChecksumAsync(job, cancel));
        return !same && await database.WriteAsync(
            session => session.ExecuteAsync("UPDATE pipelines_jobs SET log_resent = 1 WHERE id = @Id AND log_resent = 0", new { job.Id }), cancel) > 0;
    }

    internal void NoteReader(long jobId) => watched[jobId] = time.GetTimestamp();

    /// <summary>Seconds until the runner shall send the next piece: short while somebody reads along.</summary>
    internal string UpdateInterval(long jobId) =>
        watched.TryGetValue(jobId, out var last) && time.GetElapsedTime(last) < TimeSpan.FromSeconds(30) ? "1" : "3";

    internal void Forget(long jobId) => watched.TryRemove(jobId, out _);

    private async Task<string> ChecksumAsync(Job job, CancellationToken cancel)
    {
        var sum = default(Crc32);
        await using var stream = OpenRead(job);
        var buffer = new byte[64 * 1024];
        int read;
        while (stream is not null && (read = await stream.ReadAsync(buffer, cancel)) > 0)
        {
            sum = sum.Append(buffer.AsSpan(0, read));
        }

        return sum.ToChecksum();
    }

    private async Task WriteAsync(Job job, long start, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        if (start > options.LogBytesMax)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(job))!);
        await using var file = new FileStream(PathOf(job), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 0, FileOptions.Asynchronous);
        file.Position = start;
        var kept = (int)Math.Min(bytes.Length, options.LogBytesMax - start);
        await file.WriteAsync(bytes[..kept], cancel);
        if (start + bytes.Length > options.LogBytesMax)
        {
            await file.WriteAsync(CutNote, cancel);
        }

        file.SetLength(file.Position);
    }

    private long KeptSize(long size) => size > options.LogBytesMax ? options.LogBytesMax + CutNote.Length : size;

    private string PathOf(Job job) => Path.Combine(
        data.Folder("logs"), job.ProjectId.ToString(CultureInfo.InvariantCulture), job.Id.ToString(CultureInfo.InvariantCulture) + ".log");

    private sealed record LogRow
    {
        public long LogSize { get; init; }

        public int LogResent { get; init; }
    }
}
