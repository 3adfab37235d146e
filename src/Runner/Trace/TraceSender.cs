using System.Net;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>Brings a job's log to the server while it grows, and learns from the answers whether the job was canceled.</summary>
internal sealed class TraceSender(ServerConnection server, JobPayload job, TraceLog log, JobStop stop, RunnerOptions options, TimeProvider time)
{
    private const int MaxResyncsInARow = 10;
    private readonly byte[] buffer = new byte[TraceRange.MaxPatchBytes];
    private TimeSpan interval = TimeSpan.FromSeconds(1);
    private long sent;
    private int resyncs;

    /// <summary>Sends what is new at every interval, and a sign of life when there is nothing, until cancelled.</summary>
    public async Task RunAsync(CancellationToken finished)
    {
        var silent = TimeSpan.Zero;
        try
        {
            while (!stop.IsDropped)
            {
                var wait = interval < options.KeepAliveInterval ? interval : options.KeepAliveInterval;
                await Task.Delay(wait, time, finished).ConfigureAwait(false);
                silent += wait;
                if (sent < log.Size ? silent >= interval : silent >= options.KeepAliveInterval)
                {
                    silent = TimeSpan.Zero;
                    await SendOnceAsync(finished).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (finished.IsCancellationRequested)
        {
            // The rest is for FlushAsync.
        }
    }

    /// <summary>Sends everything that is left. False: the server did not take it.</summary>
    public async Task<bool> FlushAsync(CancellationToken cancel)
    {
        var faults = 0;
        while (sent < log.Size && !stop.IsDropped && faults < 3)
        {
            faults = await PatchAsync(cancel).ConfigureAwait(false) ? 0 : faults + 1;
        }

        return sent == log.Size;
    }

    /// <summary>The server lost or mistook some of it: the next flush sends all of it.</summary>
    public void Restart() => sent = 0;

    /// <summary>Takes from any answer what it says about the job and about the pace.</summary>
    public void Heed(ServerAnswer answer)
    {
        interval = answer.Interval ?? interval;
        if (answer.IsDropped)
        {
            stop.Ask(StopCause.Dropped);
        }
        else if (answer.JobStatus == JobStates.Canceling)
        {
            stop.Ask(StopCause.Canceled);
        }
    }

    private async Task SendOnceAsync(CancellationToken cancel)
    {
        if (sent >= log.Size)
        {
            Heed(await server.UpdateAsync(job, new JobUpdate { State = JobStates.Running }, cancel).ConfigureAwait(false));
            return;
        }

        while (sent < log.Size && !stop.IsDropped && await PatchAsync(cancel).ConfigureAwait(false))
        {
            // A long log goes in several pieces.
        }
    }

    private async Task<bool> PatchAsync(CancellationToken cancel)
    {
        var count = log.Read(sent, buffer);
        var answer = await server.PatchTraceAsync(job, sent, buffer.AsMemory(0, count), cancel).ConfigureAwait(false);
        Heed(answer);
        switch (answer.Status)
        {
            case HttpStatusCode.Accepted:
                sent += count;
                resyncs = 0;
                return true;
            case HttpStatusCode.RequestedRangeNotSatisfiable when answer.StoredSize is { } stored && stored <= log.Size && ++resyncs <= MaxResyncsInARow:
                sent = stored;
                return true;
            default:
                return false;
        }
    }
}
