using System.Globalization;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// Keeps what was pushed: the newest head can be fetched as <c>refs/merge-requests/N/head</c>, and heads that a later push
/// replaced stay reachable, so that their threads and candidates keep their commits.
/// </summary>
public sealed class KeepHeads
{
    private const int MaxTries = 5;

    /// <param name="replaced">The version before, when there was one.</param>
    internal async Task KeepAsync(GitRepository repository, MergeRequest request, RequestVersion? replaced, CancellationToken cancel)
    {
        if (replaced is not null && !await repository.IsAncestorAsync(replaced.HeadSha, request.HeadSha, cancel))
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"refs/merge-requests/{request.Iid}/versions/{replaced.Number}");
            await repository.UpdateRefAsync(name, replaced.HeadSha, RefUpdate.Nothing, cancel);
        }

        for (var tries = 0; tries < MaxTries; tries++)
        {
            var present = await repository.ResolveAsync(request.HeadRef, cancel) ?? RefUpdate.Nothing;
            if (present == request.HeadSha || await repository.UpdateRefAsync(request.HeadRef, request.HeadSha, present, cancel))
            {
                return;
            }
        }
    }
}
