using System.Text;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// Merges the target branch into the source branch as somebody decided, cell by cell: a commit by that person with both heads as
/// parents, and a compare-and-swap of the source branch. The loser of a race changes nothing.
/// </summary>
internal sealed class ResolveConflicts(
    Database database, GitRepositories repositories, LoadConflicts conflicts, MoveBranch branches, AddVersion versions, SignCommit sign)
{
    private const int MessageMax = 10_000;

    public async Task<ResolveOutcome> ResolveAsync(Project project, MergeRequest request, ResolveWish wish, CancellationToken cancel)
    {
        if (request.State != MergeRequestState.Opened)
        {
            return new ResolveOutcome.Refused(CheckMergeability.StateReason(request));
        }

        var repository = repositories.Open(project);
        if (await repository.ResolveAsync("refs/heads/" + request.SourceBranch, cancel) != request.HeadSha || wish.HeadSha != request.HeadSha)
        {
            return new ResolveOutcome.Moved($"`{request.SourceBranch}` moved while you decided.");
        }

        if (await repository.ResolveAsync("refs/heads/" + request.TargetBranch, cancel) is not { } target)
        {
            return new ResolveOutcome.Refused($"The branch `{request.TargetBranch}` is gone.");
        }

        using var draft = await repository.DraftMergeAsync(target, request.HeadSha, cancel);
        var sheet = await conflicts.LoadAsync(draft, request, target, cancel);
        if (Objection(sheet, request, wish) is { } objection)
        {
            return objection;
        }

        var settled = sheet!.Files.Select(file => new SettledFile(file.File, sheet.Write(file, wish.Choices))).ToList();
        if (settled.Zip(sheet.Files).FirstOrDefault(pair => pair.Second.Text is null && Notebook.Parse(pair.First.Content) is { State: NotebookState.Unreadable }).First?.File.Path is { } broken)
        {
            // The engine promises a notebook; a branch that others build on is no place to find out that it was wrong.
            return new ResolveOutcome.Refused($"The result for {broken} would not be a notebook. Nothing was changed; settle it in a working copy.");
        }

        var tree = await draft.KeepAsync(settled, cancel);
        var identity = await sign.AsAsync(wish.PersonId, cancel);
        var sha = await repository.CommitTreeAsync(tree, [request.HeadSha, target], Message(project, request, sheet, wish), identity, identity, cancel);
        return await branches.MoveAsync(project, request.SourceBranch, sha, request.HeadSha, wish.PersonId, cancel)
            ? await FinishAsync(request, sheet, sha, wish.PersonId)
            : new ResolveOutcome.Moved($"`{request.SourceBranch}` moved this instant.");
    }

    private static ResolveOutcome? Objection(ConflictSheet? sheet, MergeRequest request, ResolveWish wish)
    {
        if (sheet is null)
        {
            return new ResolveOutcome.Refused($"Nothing collides any more: `{request.SourceBranch}` merges into `{request.TargetBranch}`.");
        }

        if (wish.Digest is { Length: > 0 } digest && digest != sheet.Digest)
        {
            return new ResolveOutcome.Moved($"`{request.TargetBranch}` moved while you decided, and other things collide now.");
        }

        if (sheet.Files.FirstOrDefault(file => file.Judgement.State is ConflictState.ByHand or ConflictState.Pending) is { } other)
        {
            return new ResolveOutcome.Refused($"{other.File.Path} cannot be settled here. {other.Judgement.Sentence}");
        }

        var left = sheet.Conflicts.Count - sheet.Fitting(wish.Choices).Count;
        return left > 0 ? new ResolveOutcome.Undecided(left) : null;
    }

    private static string Message(Project project, MergeRequest request, ConflictSheet sheet, ResolveWish wish)
    {
        if (wish.Message?.ReplaceLineEndings("\n").Trim() is { Length: > 0 } own)
        {
            return (own.Length > MessageMax ? own[..MessageMax] : own) + "\n";
        }

        var message = new StringBuilder($"Merge branch '{request.TargetBranch}' into '{request.SourceBranch}'\n\nChanged in both:\n");
        foreach (var file in sheet.Files)
        {
            var count = file.Judgement.Count;
            message.Append("- ").Append(OneLine(file.File.Path)).Append(file.Text is null ? ", merged by cells" : "")
                .Append(count == 0 ? ", without conflict" : count == 1 ? ", 1 conflict decided" : $", {count} conflicts decided").Append('\n');
        }

        return message.Append($"\nSee merge request {project.FullPath}{request.Label}\n").ToString();
    }

    private async Task<ResolveOutcome> FinishAsync(MergeRequest request, ConflictSheet sheet, string sha, long personId)
    {
        // The branch has moved: nobody's leaving the page may keep the rest from being written.
        var files = sheet.Files.Select(file => file.File.Path).ToList();
        var words = $"{sha} {sheet.Conflicts.Count} {OneLine(files[0])}{(files.Count > 1 ? $" and {files.Count - 1} more" : "")}";
        await database.WriteAsync(session => MergeRequestStore.NoteAsync(session, request.Id, RequestEventKind.Resolved, personId, words), CancellationToken.None);

        // As after a push: the version is there when the page is drawn again.
        await versions.HandleAsync(new BranchPushed(request.ProjectId, request.SourceBranch, request.HeadSha, sha, personId), CancellationToken.None);
        return new ResolveOutcome.Resolved(sha, sheet.Conflicts.Count, files);
    }

    private static string OneLine(string text) => new([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
}
