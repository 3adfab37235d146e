using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// Ends merges that have begun. A merge writes down what it is about to do, moves the branch, then marks the request: whatever
/// interrupts it, the branch itself tells afterwards whether the merge happened. At start every open intent is settled.
/// </summary>
internal sealed partial class FinishMerge(
    Database database, MergeRequestStore requests, ProjectStore projects, GitRepositories repositories, ILogger<FinishMerge> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var intent in await IntentsAsync(cancellationToken))
        {
            try
            {
                var merged = await SettleAsync(intent, cancellationToken);
                LogSettled(intent.RequestId, merged);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogFailed(error, intent.RequestId);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>True when the branch holds the merge: then the request is merged; else it is open again.</summary>
    internal async Task<bool> SettleAsync(MergeIntent intent, CancellationToken cancel)
    {
        if (await requests.FindByIdAsync(intent.RequestId, cancel) is not { State: MergeRequestState.Merging } request
            || await projects.FindAsync(request.ProjectId, cancel) is not { } project)
        {
            return false;
        }

        var repository = repositories.Open(project);
        var target = await repository.ResolveAsync("refs/heads/" + request.TargetBranch, cancel);
        var merged = target is not null && await repository.IsAncestorAsync(intent.NewSha, target, cancel);
        await database.WriteAsync(
            session => merged
                ? FinishAsync(session, request, MergeRequestState.Merging, intent.OldSha, intent.NewSha, intent.PersonId)
                : ReleaseAsync(session, request.Id),
            cancel);
        return merged;
    }

    /// <summary>Marks it as merged and states the fact, when it is still in the state it was seen in.</summary>
    internal static async Task<bool> FinishAsync(
        WriteSession session, MergeRequest request, MergeRequestState from, string oldSha, string newSha, long personId)
    {
        var changed = await session.ExecuteAsync(
            """
            UPDATE merge_requests_requests SET state = 3, merged_us = @NowMicros, merged_by = @personId, merged_from = @oldSha, merged_sha = @newSha,
                updated_us = @NowMicros
            WHERE id = @Id AND state = @from
            """,
            new { request.Id, from = (int)from, oldSha, newSha, personId, session.NowMicros });
        if (changed == 0)
        {
            return false;
        }

        await session.ExecuteAsync("DELETE FROM merge_requests_intents WHERE request_id = @Id", new { request.Id });
        await MergeRequestStore.NoteAsync(session, request.Id, RequestEventKind.Merged, personId, newSha);
        var now = (await MergeRequestStore.FindAsync(session, request.Id))!;
        var choice = await MergeRequestStore.ChoiceAsync(session, request.Id);
        var valid = choice is not null && choice.HeadSha == now.HeadSha ? choice : null;
        if (choice is not null && valid is null)
        {
            // A choice for an older version deploys nothing, and shall not look afterwards as if it had.
            await session.ExecuteAsync("DELETE FROM merge_requests_choices WHERE request_id = @Id", new { request.Id });
        }

        await session.PublishAsync(
            new MergeRequestMerged(request.ProjectId, request.Id, request.Iid, newSha, valid?.CandidateId, valid?.ModelName, personId));
        return true;
    }

    internal static async Task<bool> ReleaseAsync(WriteSession session, long requestId)
    {
        await session.ExecuteAsync("DELETE FROM merge_requests_intents WHERE request_id = @requestId", new { requestId });
        return await session.ExecuteAsync(
            "UPDATE merge_requests_requests SET state = 1, updated_us = @NowMicros WHERE id = @requestId AND state = 2",
            new { requestId, session.NowMicros }) > 0;
    }

    private Task<IReadOnlyList<MergeIntent>> IntentsAsync(CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<MergeIntent>(
                "SELECT request_id, old_sha, new_sha, person_id FROM merge_requests_intents ORDER BY request_id"),
            cancel);

    [LoggerMessage(LogLevel.Information, "Merge request {RequestId} was interrupted while it was merged; merged: {Merged}")]
    private partial void LogSettled(long requestId, bool merged);

    [LoggerMessage(LogLevel.Error, "The interrupted merge of merge request {RequestId} could not be settled")]
    private partial void LogFailed(Exception error, long requestId);
}

/// <summary>A merge that has begun: from where to where the target branch moves.</summary>
internal sealed record MergeIntent
{
    public long RequestId { get; init; }

    public string OldSha { get; init; } = "";

    public string NewSha { get; init; } = "";

    public long PersonId { get; init; }
}
