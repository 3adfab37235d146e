using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// Answers a push: opens the merge request that its options ask for, and tells the pusher where to look. The versions are
/// added here already, so that they are there when the client is answered.
/// </summary>
internal sealed class ObservePush(OpenMergeRequest open, EditMergeRequest edit, AddVersion versions, MergeRequestStore requests, ServerAddress address, ProjectDoor door)
    : IPushObserver
{
    private const int MaxBranches = 10;

    public async Task<IReadOnlyList<string>> AfterPushAsync(Push push, CancellationToken cancel)
    {
        var lines = new List<string>();
        foreach (var update in push.Updates.Where(update => update.Branch is not null).Take(MaxBranches))
        {
            await versions.HandleAsync(
                new BranchPushed(push.Project.Id, update.Branch!, update.Before, update.After, push.Caller.PersonId ?? 0), cancel);
            if (!update.IsDeletion)
            {
                lines.AddRange(await AnswerAsync(push, update.Branch!, cancel));
            }
        }

        return lines;
    }

    private async Task<IReadOnlyList<string>> AnswerAsync(Push push, string branch, CancellationToken cancel)
    {
        var target = Option(push, "merge_request.target") ?? push.Project.DefaultBranch;
        var present = (await requests.OpenOfBranchAsync(push.Project.Id, branch, cancel)).FirstOrDefault(request => request.SourceBranch == branch);
        if (present is not null && (target == present.TargetBranch || Option(push, "merge_request.target") is null))
        {
            await EditAsync(push, present, cancel);
            return [$"View merge request {present.Label}: {address.Link(present.Href(push.Project))}"];
        }

        if (push.Options.ContainsKey("merge_request.create"))
        {
            return [await OpenAsync(push, branch, target, cancel)];
        }

        return branch == push.Project.DefaultBranch || branch == target
            ? []
            : [$"To open a merge request for {branch}: {address.Link(push.Project.Area("merge_requests/new"))}?source={Uri.EscapeDataString(branch)}"];
    }

    private async Task<string> OpenAsync(Push push, string branch, string target, CancellationToken cancel)
    {
        try
        {
            var access = await door.EnterAsync(push.Project, push.Caller, cancel) ?? throw Refusal.NotFound("404 Project Not Found");
            MergeRequestRules.RequireWriter(access, Role.Developer, "open merge requests");
            var opened = await open.OpenAsync(
                new OpenRequest(push.Project, access.PersonId, branch, target)
                {
                    Title = Option(push, "merge_request.title"),
                    Description = Description(push),
                },
                cancel);
            return $"View merge request {opened.Label}: {address.Link(opened.Href(push.Project))}";
        }
        catch (Refusal refusal)
        {
            // The push itself has been accepted: only the wish beside it fails.
            return $"No merge request was opened: {refusal.Sentence}";
        }
    }

    private async Task EditAsync(Push push, MergeRequest present, CancellationToken cancel)
    {
        if (Option(push, "merge_request.title") is null && Description(push) is null)
        {
            return;
        }

        var access = await door.EnterAsync(push.Project, push.Caller, cancel);
        if (access?.Caller.PersonId is { } personId && MergeRequestRules.MayEdit(access, present))
        {
            await edit.EditAsync(present, personId, Option(push, "merge_request.title"), Description(push), cancel);
        }
    }

    /// <summary>A line end cannot stand in a push option; clients write it as \n.</summary>
    private static string? Description(Push push) => Option(push, "merge_request.description")?.Replace("\\n", "\n", StringComparison.Ordinal);

    private static string? Option(Push push, string name) =>
        push.Options.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;
}
