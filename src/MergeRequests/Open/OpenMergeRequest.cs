using System.Data.Common;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>What somebody wants merged. Without a title the newest commit of the source names it.</summary>
public sealed record OpenRequest(Project Project, long PersonId, string SourceBranch, string TargetBranch)
{
    public string? Title { get; init; }

    public string? Description { get; init; }
}

/// <summary>Opens a merge request with its first version: used by the page, the REST API and push options alike.</summary>
public sealed class OpenMergeRequest(Database database, MergeRequestStore requests, GitRepositories repositories, KeepHeads keep)
{
    public async Task<MergeRequest> OpenAsync(OpenRequest wanted, CancellationToken cancel)
    {
        if (wanted.SourceBranch == wanted.TargetBranch)
        {
            throw Refusal.Invalid($"A merge request joins two branches; `{wanted.SourceBranch}` cannot be merged into itself.");
        }

        var repository = repositories.Open(wanted.Project);
        var head = await HeadAsync(repository, wanted.SourceBranch, cancel);
        var start = await HeadAsync(repository, wanted.TargetBranch, cancel);
        var parted = await repository.MergeBaseAsync(start, head, cancel)
            ?? throw Refusal.Invalid($"`{wanted.SourceBranch}` and `{wanted.TargetBranch}` have no commit in common.");
        var request = await DraftAsync(wanted, repository, head, cancel);
        var version = new RequestVersion { Number = 1, BaseSha = parted, StartSha = start, HeadSha = head, PersonId = wanted.PersonId };
        var opened = await InsertAsync(request, version, cancel);
        await keep.KeepAsync(repository, opened, null, cancel);
        return opened;
    }

    private static async Task<string> HeadAsync(GitRepository repository, string branch, CancellationToken cancel) =>
        await repository.ResolveAsync("refs/heads/" + branch, cancel) ?? throw Refusal.Invalid($"There is no branch `{branch}`.");

    private static async Task<MergeRequest> DraftAsync(OpenRequest wanted, GitRepository repository, string head, CancellationToken cancel)
    {
        var newest = await repository.CommitAsync(head, cancel);
        var titled = !string.IsNullOrWhiteSpace(wanted.Title);
        var title = MergeRequest.CheckTitle(titled ? wanted.Title : Shorten(newest?.Title is { Length: > 0 } line ? line : wanted.SourceBranch));
        return new MergeRequest
        {
            ProjectId = wanted.Project.Id,
            Title = title,
            Description = MergeRequest.CheckDescription(wanted.Description ?? (titled ? "" : Body(newest))),
            SourceBranch = wanted.SourceBranch,
            TargetBranch = wanted.TargetBranch,
            PersonId = wanted.PersonId,
            State = MergeRequestState.Opened,
            Draft = MergeRequest.IsDraft(title),
            HeadSha = head,
        };
    }

    private static string Shorten(string line) => line.Length > MergeRequest.TitleMax ? line[..(MergeRequest.TitleMax - 1)] + "…" : line;

    private static string Body(GitCommit? commit)
    {
        var text = commit?.Message.Trim() ?? "";
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var body = end < 0 ? "" : text[end..].Trim();
        return body.Length > MergeRequest.DescriptionMax ? "" : body;
    }

    private async Task<MergeRequest> InsertAsync(MergeRequest request, RequestVersion version, CancellationToken cancel)
    {
        try
        {
            return await database.WriteAsync(session => InsertAsync(session, request, version), cancel);
        }
        catch (DbException error) when (SqlFailure.IsDuplicate(error))
        {
            // Another one was opened between the look and the write.
            var present = await requests.OpenBetweenAsync(request.ProjectId, request.SourceBranch, request.TargetBranch, cancel);
            throw present is null ? error : Duplicate(present);
        }
    }

    private static async Task<MergeRequest> InsertAsync(WriteSession session, MergeRequest request, RequestVersion version)
    {
        if (await MergeRequestStore.OpenBetweenAsync(session, request.ProjectId, request.SourceBranch, request.TargetBranch) is { } present)
        {
            throw Duplicate(present);
        }

        var iid = await session.InsertAsync(
            """
            INSERT INTO merge_requests_numbers (project_id, last_iid) VALUES (@ProjectId, 1)
            ON CONFLICT (project_id) DO UPDATE SET last_iid = merge_requests_numbers.last_iid + 1 RETURNING last_iid
            """,
            new { request.ProjectId });
        var id = await session.InsertAsync(
            """
            INSERT INTO merge_requests_requests
                (project_id, iid, title, description, source_branch, target_branch, person_id, state, draft, head_sha, created_us, updated_us)
            VALUES (@ProjectId, @iid, @Title, @Description, @SourceBranch, @TargetBranch, @PersonId, 1, @draft, @HeadSha, @NowMicros, @NowMicros)
            RETURNING id
            """,
            new
            {
                request.ProjectId,
                iid,
                request.Title,
                request.Description,
                request.SourceBranch,
                request.TargetBranch,
                request.PersonId,
                draft = request.Draft ? 1 : 0,
                request.HeadSha,
                session.NowMicros,
            });
        await AddVersion.InsertAsync(session, version with { RequestId = id });
        await MergeRequestStore.NoteAsync(session, id, RequestEventKind.Opened, request.PersonId, request.HeadSha);
        await session.PublishAsync(new MergeRequestOpened(request.ProjectId, id, iid, request.PersonId));
        return (await MergeRequestStore.FindAsync(session, id))!;
    }

    private static Refusal Duplicate(MergeRequest present) =>
        Refusal.Conflict($"Another open merge request already exists for this source branch: {present.Label}");
}
