using Squero.Discussions;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>What somebody wants to say. Without a kind it is a comment, or a suggestion when it holds one.</summary>
internal sealed record NewReview(long PersonId, string Text)
{
    public ThreadKind Kind { get; init; }

    public bool IsBlocking { get; init; }

    public bool IsResolvable { get; init; } = true;

    /// <summary>What forms and REST calls say alike; refuses unknown kinds, and blocking by those who may not.</summary>
    public static NewReview Of(ProjectAccess access, string text, string? kind, bool blocking)
    {
        if (blocking)
        {
            MergeRequestRules.RequireBlock(access);
        }

        return new NewReview(access.PersonId, text)
        {
            IsBlocking = blocking,
            Kind = kind is not { Length: > 0 } ? ThreadKind.Comment
                : DiscussionThread.KindOf(kind)
                    ?? throw Kernel.Refusal.Invalid($"`{kind}` is no kind of thread: comment, question, suggestion, praise or teaching."),
        };
    }
}

/// <summary>Starts a thread of a merge request: on a place in its changes, or about it as a whole.</summary>
internal sealed class StartReview(StartThread start, FindPlace places)
{
    public Task<DiscussionThread> OnWholeAsync(MergeRequest request, NewReview review, CancellationToken cancel) =>
        start.StartAsync(Thread(request, review), cancel);

    public async Task<DiscussionThread> OnAnchorAsync(
        Project project, MergeRequest request, RequestVersion version, string path, string anchor, PlaceWish? wish, NewReview review, CancellationToken cancel) =>
        await OnPlaceAsync(request, await places.AtAnchorAsync(project, version, path, anchor, wish, cancel), review, cancel);

    public Task<DiscussionThread> OnPlaceAsync(MergeRequest request, FoundPlace found, NewReview review, CancellationToken cancel) =>
        start.StartAsync(Thread(request, review) with { Anchor = found.Anchor, Context = found.Place.ToJson() }, cancel);

    private static NewThread Thread(MergeRequest request, NewReview review) =>
        new(request.ProjectId, request.Subject, review.PersonId, review.Text)
        {
            IsResolvable = review.IsResolvable,
            IsBlocking = review.IsBlocking,
            Kind = review.Kind == ThreadKind.Comment && SuggestionText.Of(review.Text.Replace("\r\n", "\n", StringComparison.Ordinal)).Count > 0 ? ThreadKind.Suggestion : review.Kind,
        };
}
