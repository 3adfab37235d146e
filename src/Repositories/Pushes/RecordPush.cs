using Microsoft.Extensions.Logging;
using Squero.Accounts;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>The server's side of a push from outside: intent, record, default branch, observers.</summary>
internal sealed partial class RecordPush(
    PushLedger ledger, DefaultBranch defaultBranch, ProjectStore projects, IEnumerable<IPushObserver> observers, TimeProvider time, ILogger<RecordPush> logger)
{
    private static readonly TimeSpan ObserverTime = TimeSpan.FromSeconds(30);

    public Task<long> AnnounceAsync(Project project, Caller caller, IReadOnlyList<RefUpdate> updates, CancellationToken cancel) =>
        ledger.AnnounceAsync(project.Id, caller.PersonId ?? 0, updates, cancel);

    /// <summary>Returns the lines for the pusher.</summary>
    public async Task<IReadOnlyList<string>> SettleAsync(long intent, Push push, CancellationToken cancel)
    {
        await ledger.SettleAsync(intent, push.Project.Id, push.Caller.PersonId ?? 0, push.Updates, cancel);
        if (push.Updates.Count == 0)
        {
            return [];
        }

        await defaultBranch.FollowAsync(push.Project, push.Updates, cancel);
        var told = push with { Project = await projects.FindAsync(push.Project.Id, cancel) ?? push.Project };
        var lines = new List<string>();
        foreach (var observer in observers)
        {
            lines.AddRange(await AskAsync(observer, told, cancel));
        }

        return lines;
    }

    private async Task<IReadOnlyList<string>> AskAsync(IPushObserver observer, Push push, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(ObserverTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        try
        {
            return await observer.AfterPushAsync(push, either.Token);
        }
        catch (Kernel.Refusal refusal)
        {
            return [refusal.Sentence];
        }
        catch (Exception error)
        {
            LogFailed(error, observer.GetType().Name, push.Project.Id);
            return ["The push is stored, but a step after it failed; see the server's log."];
        }
    }

    [LoggerMessage(LogLevel.Error, "Observer {Observer} failed after a push to project {ProjectId}")]
    private partial void LogFailed(Exception error, string observer, long projectId);
}
