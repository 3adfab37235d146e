using System.Globalization;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Registry;

namespace Squero.MergeRequests;

/// <summary>
/// Names the candidate that goes to production with the merge. It must have been made by a job at the present head: what is
/// deployed is what was reviewed. A later push leaves the choice behind; choosing again replaces it.
/// </summary>
internal sealed class ChooseCandidate(
    Database database, CandidateStore candidates, ExperimentStore experiments, MergeRequestStore requests, ModelFileCheck files)
{
    /// <param name="model">Null: the name of the candidate's experiment.</param>
    public async Task<RequestChoice> ChooseAsync(MergeRequest request, Candidate candidate, string? model, long personId, CancellationToken cancel)
    {
        await CheckAsync(request, candidate, cancel);
        var name = string.IsNullOrWhiteSpace(model) ? await DefaultNameAsync(candidate, cancel) : model.Trim();
        Model.CheckName(name);
        await database.WriteAsync(
            async session =>
            {
                var now = await MergeRequestStore.FindAsync(session, request.Id);
                if (now is not { State: MergeRequestState.Opened } || now.HeadSha != candidate.Sha)
                {
                    throw Refusal.Conflict($"{request.Label} has changed meanwhile. Look at it again, then choose.");
                }

                await session.ExecuteAsync(
                    """
                    INSERT INTO merge_requests_choices (request_id, candidate_id, candidate_iid, head_sha, model_name, person_id, chosen_us)
                    VALUES (@requestId, @candidateId, @Iid, @HeadSha, @name, @personId, @NowMicros)
                    ON CONFLICT (request_id) DO UPDATE SET candidate_id = excluded.candidate_id, candidate_iid = excluded.candidate_iid,
                        head_sha = excluded.head_sha, model_name = excluded.model_name, person_id = excluded.person_id, chosen_us = excluded.chosen_us
                    """,
                    new { requestId = request.Id, candidateId = candidate.Id, candidate.Iid, now.HeadSha, name, personId, session.NowMicros });
                await MergeRequestStore.NoteAsync(session, request.Id, RequestEventKind.Chose, personId, $"{candidate.Label} {name}");
            },
            cancel);
        return (await requests.ChoiceAsync(request.Id, cancel))!;
    }

    /// <summary>Nothing goes to production then. Nothing happens when nothing was chosen.</summary>
    public Task WithdrawAsync(MergeRequest request, long personId, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var choice = await MergeRequestStore.ChoiceAsync(session, request.Id);
                var removed = await session.ExecuteAsync(
                    """
                    DELETE FROM merge_requests_choices WHERE request_id = @Id
                    AND EXISTS (SELECT 1 FROM merge_requests_requests r WHERE r.id = @Id AND r.state IN (1, 4))
                    """,
                    new { request.Id });
                if (removed > 0)
                {
                    await MergeRequestStore.NoteAsync(session, request.Id, RequestEventKind.Unchose, personId, choice!.Label);
                }
            },
            cancel);

    /// <summary>Reads what a client calls a candidate: its number on the server, its 32 digits, or c-91.</summary>
    public async Task<Candidate> FindAsync(long projectId, string reference, CancellationToken cancel)
    {
        var found = reference.StartsWith("c-", StringComparison.OrdinalIgnoreCase) && Number(reference[2..]) is { } iid
            ? await candidates.FindByIidAsync(projectId, iid, cancel)
            : reference.Length == 32 ? await candidates.FindAsync(projectId, reference.ToLowerInvariant(), cancel)
            : Number(reference) is { } id ? await candidates.FindByIdAsync(id, cancel) : null;
        return found is { Deleted: false } && found.ProjectId == projectId
            ? found
            : throw Refusal.NotFound($"There is no candidate `{reference}` in this project.");
    }

    private async Task CheckAsync(MergeRequest request, Candidate candidate, CancellationToken cancel)
    {
        if (request.State != MergeRequestState.Opened)
        {
            throw Refusal.Conflict(CheckMergeability.StateReason(request));
        }

        if (candidate.Origin is not { } origin)
        {
            throw Refusal.Invalid(
                $"Nobody knows which commit made {candidate.Label}: it was logged without a job's token. Only candidates that a job made at the head of {request.Label} can be chosen.");
        }

        if (origin.Sha != request.HeadSha)
        {
            throw Refusal.Invalid(
                $"{candidate.Label} was made at commit {origin.Sha[..8]}, but {request.Label} is at {request.HeadSha[..8]} now. Choose a candidate of the newest version.");
        }

        if (candidate.Status != CandidateStatus.Finished)
        {
            throw Refusal.Invalid($"{candidate.Label} is {candidate.Status.ToString().ToLowerInvariant()}; only finished candidates can be chosen.");
        }

        var (file, reason) = await files.FindAsync(candidate, cancel);
        if (file is null)
        {
            throw Refusal.Invalid(reason!);
        }
    }

    private async Task<string> DefaultNameAsync(Candidate candidate, CancellationToken cancel)
    {
        var experiment = (await experiments.FindByIdAsync(candidate.ExperimentId, cancel))?.Name ?? "model";
        var name = new string([.. experiment.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_' ? letter : '-')]).Trim('-', '.', '_');
        return name.Length == 0 ? "model" : name.Length > 100 ? name[..100] : name;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
