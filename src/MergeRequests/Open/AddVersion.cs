using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// A branch moved. Its open merge requests get a version, and those whose commits it now holds as a target are merged.
/// Runs right after a push, and again as a chore for moves of the server's own; twice is as good as once.
/// </summary>
public sealed class AddVersion(Database database, MergeRequestStore requests, GitRepositories repositories, KeepHeads keep, ProjectStore projects)
    : IHandle<BranchPushed>
{
    public async Task HandleAsync(BranchPushed fact, CancellationToken cancel)
    {
        var open = await requests.OpenOfBranchAsync(fact.ProjectId, fact.Branch, cancel);
        if (open.Count == 0 || await projects.FindAsync(fact.ProjectId, cancel) is not { } project)
        {
            return;
        }

        var repository = repositories.Open(project);
        foreach (var request in open.Where(request => request.SourceBranch == fact.Branch))
        {
            await FollowSourceAsync(repository, request, fact, cancel);
        }

        foreach (var request in open.Where(request => request.TargetBranch == fact.Branch && fact.After != RefUpdate.Nothing))
        {
            await FollowTargetAsync(repository, request, fact, cancel);
        }
    }

    internal static async Task InsertAsync(WriteSession session, RequestVersion version) =>
        await session.ExecuteAsync(
            """
            INSERT INTO merge_requests_versions (request_id, number, base_sha, start_sha, head_sha, person_id, created_us)
            VALUES (@RequestId, @Number, @BaseSha, @StartSha, @HeadSha, @PersonId, @NowMicros)
            """,
            new { version.RequestId, version.Number, version.BaseSha, version.StartSha, version.HeadSha, version.PersonId, session.NowMicros });

    private async Task FollowSourceAsync(GitRepository repository, MergeRequest request, BranchPushed fact, CancellationToken cancel)
    {
        if (fact.After == RefUpdate.Nothing)
        {
            await NoteDeletionAsync(repository, request, fact, cancel);
            return;
        }

        if (fact.After == request.HeadSha)
        {
            // The row is there; whether its refs are, a crash between the two left open.
            var versions = await requests.VersionsAsync(request.Id, cancel);
            await keep.KeepAsync(repository, request, versions.ElementAtOrDefault(1), cancel);
            return;
        }

        // Facts may come late or twice: a move counts when it begins at the head we know, or ends where the branch is now.
        if (fact.Before != request.HeadSha && await repository.ResolveAsync("refs/heads/" + fact.Branch, cancel) != fact.After)
        {
            return;
        }

        var start = await repository.ResolveAsync("refs/heads/" + request.TargetBranch, cancel);
        var parted = start is null ? null : await repository.MergeBaseAsync(start, fact.After, cancel);
        var replaced = await database.WriteAsync(session => AddAsync(session, request, fact, start, parted), cancel);
        if (replaced is not null)
        {
            await keep.KeepAsync(repository, request with { HeadSha = fact.After }, replaced, cancel);
        }
    }

    /// <summary>Returns the version that was the newest until now, or null when there is nothing to add any more.</summary>
    private static async Task<RequestVersion?> AddAsync(WriteSession session, MergeRequest seen, BranchPushed fact, string? start, string? parted)
    {
        var newest = await MergeRequestStore.NewestVersionAsync(session, seen.Id);
        if (newest is null || newest.HeadSha != seen.HeadSha || newest.HeadSha == fact.After)
        {
            return null;
        }

        var changed = await session.ExecuteAsync(
            "UPDATE merge_requests_requests SET head_sha = @After, updated_us = @NowMicros WHERE id = @Id AND state = 1",
            new { seen.Id, fact.After, session.NowMicros });
        if (changed == 0)
        {
            return null;
        }

        await InsertAsync(session, new RequestVersion
        {
            RequestId = seen.Id,
            Number = newest.Number + 1,
            BaseSha = parted ?? newest.BaseSha,
            StartSha = start ?? newest.StartSha,
            HeadSha = fact.After,
            PersonId = fact.PersonId,
        });
        await MergeRequestStore.NoteAsync(session, seen.Id, RequestEventKind.Pushed, fact.PersonId, fact.After);
        await session.PublishAsync(new VersionAdded(seen.ProjectId, seen.Id, seen.Iid, newest.Number + 1, fact.After, fact.PersonId));
        return newest;
    }

    private async Task NoteDeletionAsync(GitRepository repository, MergeRequest request, BranchPushed fact, CancellationToken cancel)
    {
        if (request.State == MergeRequestState.Opened && await repository.ResolveAsync("refs/heads/" + fact.Branch, cancel) is null)
        {
            await database.WriteAsync(
                async session =>
                {
                    var last = await session.FirstAsync<long?>(
                        "SELECT kind FROM merge_requests_events WHERE request_id = @Id ORDER BY id DESC LIMIT 1", new { request.Id });
                    if (last != (long)RequestEventKind.SourceDeleted)
                    {
                        await MergeRequestStore.NoteAsync(session, request.Id, RequestEventKind.SourceDeleted, fact.PersonId, fact.Branch);
                    }
                },
                cancel);
        }
    }

    /// <summary>Somebody pushed the merge by hand: the target holds the head now.</summary>
    private async Task FollowTargetAsync(GitRepository repository, MergeRequest request, BranchPushed fact, CancellationToken cancel)
    {
        var newest = (await requests.VersionsAsync(request.Id, cancel))[0];
        if (request.State != MergeRequestState.Opened || newest.BaseSha == newest.HeadSha
            || !await repository.IsAncestorAsync(newest.HeadSha, fact.After, cancel))
        {
            return;
        }

        await database.WriteAsync(
            session => FinishMerge.FinishAsync(session, request, MergeRequestState.Opened, fact.Before, fact.After, fact.PersonId), cancel);
    }
}
