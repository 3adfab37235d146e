using Squero.Discussions;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>Starts a thread of a merge request: on a place in its changes, or about it as a whole.</summary>
internal sealed class StartReview(StartThread start, FindPlace places)
{
    public Task<DiscussionThread> OnWholeAsync(MergeRequest request, long personId, string text, bool resolvable, CancellationToken cancel) =>
        start.StartAsync(new NewThread(request.ProjectId, request.Subject, personId, text) { IsResolvable = resolvable }, cancel);

    public async Task<DiscussionThread> OnAnchorAsync(
        Project project, MergeRequest request, RequestVersion version, long personId, string path, string anchor, string text, CancellationToken cancel) =>
        await OnPlaceAsync(request, personId, await places.AtAnchorAsync(project, version, path, anchor, cancel), text, cancel);

    public Task<DiscussionThread> OnPlaceAsync(MergeRequest request, long personId, FoundPlace found, string text, CancellationToken cancel) =>
        start.StartAsync(
            new NewThread(request.ProjectId, request.Subject, personId, text) { Anchor = found.Anchor, Context = found.Place.ToJson() }, cancel);
}
