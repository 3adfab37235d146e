using System.Globalization;
using Squero.Discussions;
using Squero.Kernel;

namespace Squero.MergeRequests;

/// <summary>What is said about a merge request makes it newer in lists.</summary>
internal sealed class TouchRequest : IJoin<CommentAdded>
{
    private const string Prefix = "merge_request:";

    public Task JoinAsync(CommentAdded fact, WriteSession session) =>
        fact.Subject.StartsWith(Prefix, StringComparison.Ordinal)
            && long.TryParse(fact.Subject.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? session.ExecuteAsync("UPDATE merge_requests_requests SET updated_us = @NowMicros WHERE id = @id", new { id, session.NowMicros })
                : Task.CompletedTask;
}
