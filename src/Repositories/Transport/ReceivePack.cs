using Microsoft.Extensions.Logging;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>What receive-pack did: the refs that moved.</summary>
internal sealed record ReceiveResult(IReadOnlyList<RefUpdate> Moved, bool IsTooLarge);

/// <summary>Runs receive-pack on a push: feeds it, passes its answer on, and finds out which refs moved.</summary>
internal sealed partial class ReceivePack(
    GitRepositories repositories, GitProcess git, ReceiveSettings settings, RepositoryLimits limits, ILogger<ReceivePack> logger)
{
    // A client that sends too much hears why only if it may send to the end; within reason.
    private const int DrainFactor = 4;
    private static readonly TimeSpan GraceAfterLoss = TimeSpan.FromSeconds(30);

    /// <summary>Does not throw when the client goes away: git is let finish what it has, and what moved is told.</summary>
    public async Task<ReceiveResult> RunAsync(Project project, PushRequest request, Stream body, PushAnswer answer, CancellationToken cancel)
    {
        var repository = repositories.Open(project);
        await using var process = git.Start(repository.Path, settings.Arguments(repository.Path));
        process.Widen();
        using var lost = new CancellationTokenSource();
        var forwarding = ForwardAsync(process, answer, lost.Token);
        var tooLarge = false;
        try
        {
            tooLarge = !await FeedAsync(process, request, body, answer, cancel);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The pack is incomplete: git refuses it and leaves nothing.
            answer.IsMuted = true;
        }

        process.CloseInput();
        if (tooLarge)
        {
            await DrainAsync(body, cancel);
        }

        var code = await WaitAsync(process, forwarding, lost, cancel);
        if (code != 0)
        {
            LogFailed(project.Id, code, process.ErrorText);
        }

        return new ReceiveResult(await MovedAsync(repository, request, answer), tooLarge);
    }

    private async Task<bool> FeedAsync(GitStream process, PushRequest request, Stream body, PushAnswer answer, CancellationToken cancel)
    {
        var guarded = new GuardedInput(process.Input);
        await guarded.WriteAsync(request.Raw, cancel);
        if (await BoundedCopy.CopyAsync(body, guarded, limits.MaxPushBytes, cancel))
        {
            return true;
        }

        answer.IsMuted = true;
        return false;
    }

    private async Task DrainAsync(Stream body, CancellationToken cancel)
    {
        try
        {
            await BoundedCopy.DrainAsync(body, limits.MaxPushBytes * DrainFactor, cancel);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // Answering will fail too, and then the connection is closed.
        }
    }

    // A lost client must not stop git in the middle of moving refs: it gets time to end by itself.
    private async Task<int> WaitAsync(GitStream process, Task forwarding, CancellationTokenSource lost, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource();
        await using var registration = cancel.Register(() => patience.CancelAfter(GraceAfterLoss));
        try
        {
            await forwarding.WaitAsync(patience.Token);
            return await process.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await lost.CancelAsync();
            return await process.WaitAsync(CancellationToken.None);
        }
    }

    private static async Task ForwardAsync(GitStream process, PushAnswer answer, CancellationToken lost)
    {
        try
        {
            await answer.ForwardAsync(process.Output, lost);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or InvalidDataException)
        {
            answer.IsMuted = true;
            await process.Output.CopyToAsync(Stream.Null, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Git's own report; where none came, what the refs say.</summary>
    private static async Task<IReadOnlyList<RefUpdate>> MovedAsync(GitRepository repository, PushRequest request, PushAnswer answer)
    {
        var wanted = request.Updates.Where(update => update.Before != update.After).ToList();
        if (request.WantsReport && await answer.AcceptedAsync(CancellationToken.None) is { } accepted)
        {
            return [.. wanted.Where(update => accepted.Contains(update.Name))];
        }

        var moved = new List<RefUpdate>();
        foreach (var update in wanted)
        {
            if ((await repository.RefAsync(update.Name, CancellationToken.None) ?? RefUpdate.Nothing) == update.After)
            {
                moved.Add(update);
            }
        }

        return moved;
    }

    [LoggerMessage(LogLevel.Information, "Project {ProjectId}: receive-pack ended with {Code}: {Error}")]
    private partial void LogFailed(long projectId, int code, string error);
}
