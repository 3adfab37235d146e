using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>
/// Delivers what is due, several at a time and few of one project, so that an address that hangs delays the others by seconds at most. What does not
/// arrive is tried again after 1, 4, 16 … seconds, at most an hour apart, eight times in all.
/// </summary>
public sealed partial class HookPump(HookStore hooks, HookSender sender, TimeProvider time, ILogger<HookPump> logger) : BackgroundService
{
    public const int MaxAttempts = 8;
    private const int AtOnce = 16;
    private const int PerProject = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Longer than a delivery takes: one that is lost with its process is taken up after it.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Looking costs nothing; taking is a write.
                if (await hooks.AnyDueAsync(time.NowMicros(), stoppingToken))
                {
                    var taken = await hooks.TakeAsync(AtOnce, PerProject, time.NowMicros() + (long)Lease.TotalMicroseconds, stoppingToken);
                    await Task.WhenAll(taken.Select(delivery => DeliverAsync(delivery, stoppingToken)));
                    continue;
                }

                await Task.Delay(Pause, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DbException error)
            {
                LogBlind(error);
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
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
