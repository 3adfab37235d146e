using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>
/// After a start: tells of the pushes that git had taken when the server died. A git process may outlive a killed server for a
/// moment, so that intents whose refs have not moved are looked at once more before they are dropped.
/// </summary>
internal sealed partial class SettlePushes(
    PushLedger ledger, GitRepositories repositories, ProjectStore projects, DefaultBranch defaultBranch, TimeProvider time, ILogger<SettlePushes> logger)
    : BackgroundService
{
    private static readonly TimeSpan SecondLook = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var startedUs = time.NowMicros();
        if (!await SettleAsync(startedUs, isLast: false, stoppingToken))
        {
            await Task.Delay(SecondLook, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stoppingToken.IsCancellationRequested)
            {
                await SettleAsync(startedUs, isLast: true, stoppingToken);
            }
        }
    }

    /// <summary>Settles the intents from before the start; false when some are left for a second look.</summary>
    internal async Task<bool> SettleAsync(long beforeUs, bool isLast, CancellationToken cancel)
    {
        var settled = true;
        foreach (var intent in (await ledger.OpenAsync(cancel)).Where(intent => intent.CreatedUs < beforeUs))
        {
            var moved = await MovedAsync(intent, cancel);
            if (moved.Count == 0 && !isLast)
            {
                settled = false;
                continue;
            }

            await ledger.SettleAsync(intent.Id, intent.ProjectId, intent.PersonId, moved, cancel);
            if (moved.Count > 0 && await projects.FindAsync(intent.ProjectId, cancel) is { } project)
            {
                await defaultBranch.FollowAsync(project, moved, cancel);
            }

            LogSettled(intent.ProjectId, moved.Count);
        }

        return settled;
    }

    private async Task<IReadOnlyList<RefUpdate>> MovedAsync(PushIntent intent, CancellationToken cancel)
    {
        var repository = repositories.Open(intent.ProjectId);
        var moved = new List<RefUpdate>();
        foreach (var update in intent.ReadUpdates())
        {
            if (update.Before != update.After && (await repository.RefAsync(update.Name, cancel) ?? RefUpdate.Nothing) == update.After)
            {
                moved.Add(update);
            }
        }

        return moved;
    }

    [LoggerMessage(LogLevel.Warning, "Project {ProjectId}: {Count} refs had moved when the server stopped; recorded now")]
    private partial void LogSettled(long projectId, int count);
}
