using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// Merges a request: intent, compare-and-swap of the target branch, end. When the target has moved meanwhile it is tried again
/// on the new head; of several who merge at once exactly one does.
/// </summary>
internal sealed class MergeBranches(
    Database database, MergeRequestStore requests, GitRepositories repositories, CheckMergeability mergeability, MoveBranch branches,
    JudgeConflicts judge, SignCommit sign, FinishMerge finish)
{
    private const int MaxTries = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<MergeOutcome> MergeAsync(Project project, long iid, MergeWish wish, CancellationToken cancel)
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            var request = await requests.FindAsync(project.Id, iid, cancel) ?? throw Refusal.NotFound("404 Merge Request Not Found");
            if (wish.Sha is { Length: > 0 } sha && sha != request.HeadSha && request.IsOpen)
            {
                return new MergeOutcome.HeadMoved(request.HeadSha);
            }

            var newest = (await requests.VersionsAsync(request.Id, cancel))[0];
            var check = await mergeability.CheckAsync(project, request, newest, cancel);
            if (!check.IsMergeable)
            {
                return check.ConflictingFiles.Count > 0 ? new MergeOutcome.Conflicting(check.ConflictingFiles) : new MergeOutcome.Blocked(check.Reason!);
            }

            if (await AttemptAsync(project, request, wish, cancel) is { } outcome)
            {
                return outcome;
            }
        }

        return new MergeOutcome.Blocked("The target branch keeps moving; try again in a moment.");
    }

    /// <summary>Null: something moved; look again.</summary>
    private async Task<MergeOutcome?> AttemptAsync(Project project, MergeRequest request, MergeWish wish, CancellationToken cancel)
    {
        var repository = repositories.Open(project);
        var target = await repository.ResolveAsync("refs/heads/" + request.TargetBranch, cancel);
        if (target is null)
        {
            return null;
        }

        if (wish.Method == MergeMethod.FastForward && !await repository.IsAncestorAsync(target, request.HeadSha, cancel))
        {
            return new MergeOutcome.Blocked(
                $"`{request.TargetBranch}` has commits that `{request.SourceBranch}` lacks, so it cannot be fast-forwarded: rebase the branch, or take a merge commit.");
        }

        var merged = wish.Method == MergeMethod.FastForward ? request.HeadSha : await CommitAsync(repository, project, request, wish, target, cancel);
        var intent = new MergeIntent { RequestId = request.Id, OldSha = target, NewSha = merged ?? "", PersonId = wish.PersonId };
        if (merged is null || !await database.WriteAsync(session => BeginAsync(session, request, intent), cancel))
        {
            return null;
        }

        // From here on nobody's leaving the page may stop it half-way.
        return await MoveAsync(project, request, intent, wish);
    }

    private async Task<string?> CommitAsync(
        GitRepository repository, Project project, MergeRequest request, MergeWish wish, string target, CancellationToken cancel)
    {
        using var draft = await repository.DraftMergeAsync(target, request.HeadSha, cancel);
        var files = await judge.JudgeAsync(draft, LoadConflicts.LabelsOf(request), Patience, cancel);
        if (draft.Trial is MergeTrial.Conflicting { Entries.Count: 0 } || files.Any(file => file.Judgement.Stops))
        {
            return null;
        }

        var tree = await draft.KeepAsync([.. files.Select(file => new SettledFile(file.File, file.Merge!.Write()))], cancel);
        var identity = await sign.AsAsync(wish.PersonId, cancel);
        var message = string.IsNullOrWhiteSpace(wish.Message)
            ? $"Merge branch '{request.SourceBranch}' into '{request.TargetBranch}'\n\n{request.Title}\n\nSee merge request {project.FullPath}{request.Label}\n"
            : wish.Message.Trim() + "\n";
        return await repository.CommitTreeAsync(tree, [target, request.HeadSha], message, identity, identity, cancel);
    }

    private static async Task<bool> BeginAsync(WriteSession session, MergeRequest request, MergeIntent intent)
    {
        var claimed = await session.ExecuteAsync(
            "UPDATE merge_requests_requests SET state = 2 WHERE id = @Id AND state = 1 AND head_sha = @HeadSha", new { request.Id, request.HeadSha });
        return claimed > 0 && await session.ExecuteAsync(
            """
            INSERT INTO merge_requests_intents (request_id, old_sha, new_sha, person_id, started_us)
            VALUES (@RequestId, @OldSha, @NewSha, @PersonId, @NowMicros)
            """,
            new { intent.RequestId, intent.OldSha, intent.NewSha, intent.PersonId, session.NowMicros }) > 0;
    }

    private async Task<MergeOutcome?> MoveAsync(Project project, MergeRequest request, MergeIntent intent, MergeWish wish)
    {
        try
        {
            await branches.MoveAsync(project, request.TargetBranch, intent.NewSha, intent.OldSha, intent.PersonId, CancellationToken.None);
        }
        finally
        {
            await finish.SettleAsync(intent, CancellationToken.None);
        }

        var settled = (await requests.FindByIdAsync(request.Id, CancellationToken.None))!;
        if (settled.State != MergeRequestState.Merged)
        {
            return null;
        }

        if (wish.RemoveSource && request.SourceBranch != project.DefaultBranch)
        {
            await branches.MoveAsync(project, request.SourceBranch, "", request.HeadSha, intent.PersonId, CancellationToken.None);
        }

        return new MergeOutcome.Merged(settled);
    }
}
