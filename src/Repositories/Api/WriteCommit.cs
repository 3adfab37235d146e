using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>One change of a commit through the API: create, update, delete, move or chmod.</summary>
internal sealed record FileAction(string Verb, string Path, string? PreviousPath, byte[]? Content, bool? Executable, string? LastCommitId);

/// <summary>A commit to be made on a branch. Start names where a new branch begins; the branch itself when it exists.</summary>
internal sealed record CommitDraft(
    ProjectAccess Access, string Branch, string Message, IReadOnlyList<FileAction> Actions, string? Start, string? AuthorName, string? AuthorEmail, bool Force);

/// <summary>Makes one commit of several file changes and moves the branch to it: all of it or nothing.</summary>
internal sealed class WriteCommit(GitRepositories repositories, MoveBranch move, TimeProvider time)
{
    /// <summary>Returns the new commit's id.</summary>
    public async Task<string> WriteAsync(CommitDraft draft, CancellationToken cancel)
    {
        var project = draft.Access.Project;
        var repository = repositories.Open(project);
        PushRules.CheckName($"refs/heads/{draft.Branch}");
        var old = await repository.RefAsync($"refs/heads/{draft.Branch}", cancel);
        var parent = await ParentAsync(repository, draft, old, cancel);
        var tree = await repository.ApplyAsync(parent, draft.Actions, cancel);
        var person = draft.Access.Caller.Person ?? throw new Refusal(RefusalKind.Unauthenticated, "401 Unauthorized");
        var committer = new GitIdentity(person.Name, person.Email, time.GetUtcNow());
        var author = committer with { Name = draft.AuthorName ?? committer.Name, Email = draft.AuthorEmail ?? committer.Email };
        var sha = await repository.CommitTreeAsync(tree, parent is null ? [] : [parent], draft.Message, author, committer, cancel);
        return await move.MoveAsync(project, draft.Branch, sha, old ?? "", person.Id, cancel)
            ? sha
            : throw Refusal.Conflict($"The branch {draft.Branch} has moved meanwhile. Nothing was changed; try again.");
    }

    private static async Task<string?> ParentAsync(GitRepository repository, CommitDraft draft, string? old, CancellationToken cancel)
    {
        if (string.IsNullOrEmpty(draft.Start) || draft.Start == draft.Branch)
        {
            return old is not null || await repository.IsEmptyAsync(cancel)
                ? old
                : throw Refusal.Invalid($"You can only create or edit files when you are on a branch; there is no branch {draft.Branch}. Give start_branch to begin one.");
        }

        if (old is not null && !draft.Force)
        {
            throw Refusal.Invalid($"A branch called '{draft.Branch}' already exists. Switch to that branch in order to make changes");
        }

        return await repository.ResolveAsync(draft.Start, cancel) ?? throw Refusal.Invalid($"Cannot find {draft.Start} to begin the branch from.");
    }
}
