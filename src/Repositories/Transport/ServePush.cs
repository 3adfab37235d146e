using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>Push: looks at what the client wants to move, lets git do it, records what moved, tells the observers.</summary>
internal sealed partial class ServePush(
    GitDoor door, ReceivePack receive, RecordPush record, TransferTurns turns, RepositoryLimits limits, TimeProvider time, ILogger<ServePush> logger)
{
    public async Task ServeAsync(HttpContext context)
    {
        var known = await door.ForPushAsync(context);
        await using var body = GitTransport.OpenBody(context);
        using var timeout = new CancellationTokenSource(limits.MaxTransferTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timeout.Token);
        try
        {
            var request = await ReadAsync(body, either.Token);
            if (request.Updates.Count == 0)
            {
                // A client asks with an empty request whether it may push before it sends a large one.
                GitTransport.Begin(context, "application/x-git-receive-pack-result");
                return;
            }

            var refusals = request.Updates.Select(update => (update.Name, Reason: PushRules.Objection(update))).ToList();
            if (refusals.Exists(refusal => refusal.Reason is not null))
            {
                await RefuseAsync(context, request, body, refusals, either.Token);
                return;
            }

            using var turn = await turns.TakeAsync(either.Token);
            await TakeAsync(context, known ?? await door.CreateAsync(context), request, body, either.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or BadHttpRequestException or IOException)
        {
            LogGone(gone.GetType().Name);
            context.Abort();
        }
    }

    private async Task TakeAsync(HttpContext context, Project project, PushRequest request, Stream body, CancellationToken cancel)
    {
        GitTransport.Begin(context, "application/x-git-receive-pack-result");
        var answer = new PushAnswer(context.Response.Body, request.HasSideBand);
        var caller = GitDoor.CallerOf(context);
        var intent = await record.AnnounceAsync(project, caller, request.Updates, cancel);
        var received = await receive.RunAsync(project, request, body, answer, cancel);

        // Git has moved refs or not: what follows is done even when the client has gone.
        var push = new Push(project, caller, received.Moved, request.Options);
        var lines = await record.SettleAsync(intent, push, CancellationToken.None);
        if (received.IsTooLarge)
        {
            var sentence = $"The push is larger than the limit of {limits.MaxPushText}. Nothing was stored.";
            await answer.SayAsync([sentence, "Keep large files out of git, or push the history in parts."], cancel);
            await answer.RefuseAsync("too large", request.Updates.Select(update => (update.Name, $"larger than the limit of {limits.MaxPushText}")), cancel);
        }

        await answer.SayAsync(lines, cancel);
        await answer.EndAsync(cancel);
    }

    private async Task RefuseAsync(
        HttpContext context, PushRequest request, Stream body, List<(string Name, string? Reason)> refusals, CancellationToken cancel)
    {
        // The client listens only after it has sent everything.
        await BoundedCopy.DrainAsync(body, limits.MaxPushBytes, cancel);
        GitTransport.Begin(context, "application/x-git-receive-pack-result");
        var answer = new PushAnswer(context.Response.Body, request.HasSideBand);
        await answer.SayAsync(
            [.. refusals.Where(refusal => refusal.Reason is not null).Take(10).Select(refusal => $"Refused: {refusal.Reason}.")], cancel);
        await answer.RefuseAsync("ok", refusals.Select(refusal => (refusal.Name, refusal.Reason ?? "another ref of this push was refused")), cancel);
        await answer.EndAsync(cancel);
    }

    private static async Task<PushRequest> ReadAsync(Stream body, CancellationToken cancel)
    {
        try
        {
            return await PushRequest.ReadAsync(body, cancel);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException)
        {
            throw Refusal.Invalid("This is not a push that the server understands.");
        }
    }

    [LoggerMessage(LogLevel.Information, "A push ended early: {Reason}")]
    private partial void LogGone(string reason);
}
