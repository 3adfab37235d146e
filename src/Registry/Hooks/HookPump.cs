using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>
/// Delivers what is due, several at a time and few of one project, so that an address that hangs holds up its own project alone. What does not
/// arrive is tried again after 1, 4, 16 … seconds, at most an hour apart, eight times in all.
/// </summary>
public sealed partial class HookPump(HookStore hooks, HookSender sender, TimeProvider time, ILogger<HookPump> logger) : BackgroundService
{
    public const int MaxAttempts = 8;
    private const int AtOnce = 32;
    private const int PerProject = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Longer than a delivery takes: one that is lost with its process is taken up after it.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    private readonly List<(long Project, Task Sending)> underway = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StartDueAsync(stoppingToken);
                await RestAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (DbException error)
            {
                LogBlind(error);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(underway.Select(delivery => delivery.Sending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task StartDueAsync(CancellationToken cancel)
    {
        // Looking costs nothing; taking is a write.
        if (underway.Count == AtOnce || !await hooks.AnyDueAsync(time.NowMicros(), cancel))
        {
            return;
        }

        var busy = underway.CountBy(delivery => delivery.Project).ToDictionary();
        foreach (var delivery in await hooks.TakeAsync(AtOnce - underway.Count, PerProject, busy, time.NowMicros() + (long)Lease.TotalMicroseconds, cancel))
        {
            underway.Add((delivery.ProjectId, DeliverAsync(delivery, cancel)));
        }
    }

    /// <summary>Until one of those underway has ended, or for a moment.</summary>
    private async Task RestAsync(CancellationToken cancel)
    {
        await Task.WhenAny([Task.Delay(Pause, time, cancel), .. underway.Select(delivery => delivery.Sending)]);
        cancel.ThrowIfCancellationRequested();
        var ended = underway.Where(delivery => delivery.Sending.IsCompleted).ToList();
        underway.RemoveAll(ended.Contains);
        foreach (var (_, sending) in ended)
        {
            await sending;
        }
    }

    private async Task DeliverAsync(Delivery delivery, CancellationToken cancel)
    {
        var answer = await sender.SendAsync(delivery.HookId, delivery.Url, delivery.Uid, delivery.Body, cancel);
        var attempt = delivery.Attempts + 1;
        if (answer.Arrived || !answer.MayArriveLater || attempt >= MaxAttempts)
        {
            if (!answer.Arrived)
            {
                LogGivenUp(delivery.HookId, attempt, answer.Status, answer.Fault);
            }

            await hooks.FinishAsync(delivery, cancel);
            return;
        }

        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(4, attempt - 1), 3600));
        await hooks.PostponeAsync(delivery, time.NowMicros() + (long)wait.TotalMicroseconds, cancel);
    }

    [LoggerMessage(LogLevel.Error, "The deliveries to webhooks cannot be read; the next look is in a second")]
    private partial void LogBlind(Exception error);

    [LoggerMessage(LogLevel.Warning, "A delivery to webhook {HookId} is given up after {Attempts} attempts: {Status} {Fault}")]
    private partial void LogGivenUp(long hookId, long attempts, int? status, string? fault);
}
