using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Squero.Kernel;

/// <summary>Takes the lock of the one server again, soon after the database's server was started anew, also when nobody writes.</summary>
public sealed partial class ServerWatch(Database database, TimeProvider time, ILogger<ServerWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var isTold = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await database.StayAsync(stoppingToken);
                isTold = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Refusal refusal)
            {
                if (!isTold)
                {
                    LogLost(refusal.Sentence);
                }

                isTold = true;
            }
            catch (DbException)
            {
                // Away: whoever asks for something is told so.
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "{Sentence}")]
    private partial void LogLost(string sentence);
}
