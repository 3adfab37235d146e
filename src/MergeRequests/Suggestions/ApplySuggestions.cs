using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>How an attempt to apply suggestions ended: all of them are in one commit, or nothing has changed.</summary>
public abstract record ApplyOutcome
{
    private ApplyOutcome()
    {
    }

    public sealed record Applied(string CommitSha, int Count, IReadOnlyList<string> Files) : ApplyOutcome;

    /// <summary>The head is another commit than the one that was looked at.</summary>
    public sealed record HeadMoved : ApplyOutcome;

    /// <summary>Outdated, applied already, overlapping, not open.</summary>
    public sealed record Refused(string Sentence) : ApplyOutcome;
}

/// <summary>
/// Makes suggestions a commit on the source branch, in the name of who applies them and with those who made them as
/// co-authors. The branch moves only from the head that was judged; of two who apply at once one is told that it moved.
/// </summary>
internal sealed class ApplySuggestions(
    FindSuggestions suggestions, MergeRequestStore requests, ThreadStore threads, SuggestionStore applied, GitRepositories repositories, CommitFiles commits,
    AddVersion versions, ResolveThread resolve, PersonStore people, SignCommit sign)
{
    /// <summary>Suggestions in one commit, at most.</summary>
    public const int MaxBatch = 100;

    /// <param name="head">The head that the person looked at; null for the present one.</param>
    public async Task<ApplyOutcome> ApplyAsync(
        Project project, MergeRequest request, IReadOnlyCollection<long> ids, string? head, string? message, long personId, CancellationToken cancel)
    {
        if (ids.Count is 0 or > MaxBatch)
        {
            return new ApplyOutcome.Refused(ids.Count == 0 ? "Choose a suggestion first." : $"{ids.Count} suggestions are too many for one commit; at most {MaxBatch}.");
        }

        if (request.State != MergeRequestState.Opened)
        {
            return new ApplyOutcome.Refused(CheckMergeability.StateReason(request));
        }

        if (head is { Length: > 0 } && head != request.HeadSha)
        {
            return new ApplyOutcome.HeadMoved();
        }

        var said = await threads.ListAsync(request.Subject, cancel);
        var all = (await suggestions.LoadAsync(project, request, await requests.VersionsAsync(request.Id, cancel), said, cancel)).Values.SelectMany(some => some);
        var chosen = all.Where(one => ids.Contains(one.Id)).ToList();
        if (chosen.Count != ids.Distinct().Count())
        {
            throw Refusal.NotFound("404 Suggestion Not Found");
        }

        return chosen.FirstOrDefault(one => one.State != SuggestionState.Applicable) is { } bad
            ? new ApplyOutcome.Refused(WhyNot(bad))
            : await CommitAsync(project, request, chosen, message, personId, cancel);
    }

    private static string WhyNot(Suggestion bad) =>
        bad.State == SuggestionState.Applied ? "A suggestion was applied already." : $"A suggestion for {(bad.Path.Length > 0 ? bad.Path : "this place")} cannot be applied: {bad.Reason}";

    private async Task<ApplyOutcome> CommitAsync(
        Project project, MergeRequest request, IReadOnlyList<Suggestion> chosen, string? message, long personId, CancellationToken cancel)
    {
        var repository = repositories.Open(project);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var inFile in chosen.GroupBy(one => one.Path, StringComparer.Ordinal))
        {
            if (await repository.BlobAsync(request.HeadSha, inFile.Key, cancel) is not { IsLarge: false } blob)
            {
                return new ApplyOutcome.Refused($"{inFile.Key} is too large to be edited here.");
            }

            var (bytes, sentence) = Edit(blob.Bytes, [.. inFile]);
            if (bytes is null)
            {
                return new ApplyOutcome.Refused($"{inFile.Key}: {sentence}");
            }

            files[inFile.Key] = bytes;
        }

        var known = await people.FindAllAsync(chosen.Select(one => one.Comment.PersonId), cancel);
        var identity = await sign.AsAsync(personId, cancel);
        var words = SuggestionMessage.Write(chosen, message, [.. known.Values.Where(other => other.Id != personId).OrderBy(other => other.Id).Select(other => (SignCommit.NameOf(other), sign.EmailOf(other)))]);
        var sha = await commits.CommitAsync(project, request.SourceBranch, request.HeadSha, files, words, identity, personId, cancel);
        if (sha is null)
        {
            return new ApplyOutcome.HeadMoved();
        }

        // The branch has moved: nobody's leaving the page may keep the rest from being written.
        await FinishAsync(request, chosen, sha, personId);
        return new ApplyOutcome.Applied(sha, chosen.Count, [.. files.Keys]);
    }

    private static (byte[]? Bytes, string Sentence) Edit(ReadOnlyMemory<byte> file, IReadOnlyList<Suggestion> chosen)
    {
        if (chosen[0].Cell < 0)
        {
            try
            {
                return (TextFileEdit.Apply(file.ToArray(), [.. chosen.Select(one => new TextLines(one.First, one.Last, one.Block.Lines))]), "");
            }
            catch (Refusal refusal)
            {
                return (null, refusal.Sentence);
            }
        }

        var edits = chosen.Select(one => new SourceEdit(one.First, one.Last, Ended(one.Block.Lines)) { Cell = one.Cell, Was = Ended(one.Was) });
        return NotebookEdit.Apply(file, [.. edits]) switch
        {
            EditOutcome.Edited edited => (edited.Bytes, ""),
            EditOutcome.Refused refused => (null, refused.Sentence),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };
    }

    private static string Ended(IReadOnlyList<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private async Task FinishAsync(MergeRequest request, IReadOnlyList<Suggestion> chosen, string sha, long personId)
    {
        var cancel = CancellationToken.None;
        await applied.RecordAsync(request.Id, chosen, sha, personId, cancel);
        foreach (var thread in chosen.Select(one => one.Thread).DistinctBy(thread => thread.Id).Where(thread => thread.IsOpen))
        {
            await resolve.SetAsync(thread, true, personId, cancel);
        }

        // As after a push: the version is there when the page is drawn again.
        await versions.HandleAsync(new BranchPushed(request.ProjectId, request.SourceBranch, request.HeadSha, sha, personId), cancel);
    }
}
