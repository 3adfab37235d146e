using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Squero.Kernel;

/// <summary>
/// Keeps the log beside the database short, on a connection of its own: left to the engine, every thousandth page makes the
/// writer copy pages and wait for the disk twice more, and all who wait for it wait with it.
/// </summary>
public sealed partial class LogCheckpoints(Database database, TimeProvider time, ILogger<LogCheckpoints> logger) : BackgroundService
{
    private const int ManyCommits = 32;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (done, last) = (database.Commits, time.GetTimestamp());
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var commits = database.Commits;
            if (commits - done < ManyCommits && (commits == done || time.GetElapsedTime(last) < Longest))
            {
                continue;
            }

            try
            {
                await database.CheckpointAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (DbException error)
            {
                // A full disk: the log keeps what was committed, and the next look tries again.
                LogFailed(error);
            }

            (done, last) = (commits, time.GetTimestamp());
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database's log could not be brought into it; it stays beside it")]
    private partial void LogFailed(Exception error);
}
