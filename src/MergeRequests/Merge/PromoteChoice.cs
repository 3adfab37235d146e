using Squero.Kernel;
using Squero.Registry;

namespace Squero.MergeRequests;

/// <summary>What was merged with a choice goes to production: the candidate becomes a version and takes the alias.</summary>
internal sealed class PromoteChoice(PromoteCandidate promote, Database database) : IHandle<MergeRequestMerged>
{
    public async Task HandleAsync(MergeRequestMerged fact, CancellationToken cancel)
    {
        if (fact is not { ChoiceCandidateId: { } candidateId, ModelName: { } model })
        {
            return;
        }

        var outcome = await promote.PromoteAsync(new Promotion(fact.ProjectId, model, candidateId, fact.PersonId, fact.Iid), cancel);
        var (kind, detail) = outcome switch
        {
            PromotionOutcome.Promoted done => (RequestEventKind.Promoted, Describe(model, done.Version)),
            PromotionOutcome.AlreadyPromoted known => (RequestEventKind.Promoted, Describe(model, known.Version)),
            PromotionOutcome.Blocked blocked => (RequestEventKind.NotPromoted, string.Join(" ", blocked.Reasons)),
            _ => throw new InvalidOperationException($"Unknown outcome {outcome}."),
        };
        await database.WriteAsync(session => NoteOnceAsync(session, fact, kind, detail), cancel);
    }

    private static string Describe(string model, ModelVersion version) => $"{model} {version.Number} {version.Label}";

    private static async Task NoteOnceAsync(WriteSession session, MergeRequestMerged fact, RequestEventKind kind, string detail)
    {
        var present = await session.CountAsync(
            "SELECT count(*) FROM merge_requests_events WHERE request_id = @MergeRequestId AND kind IN (12, 13)", new { fact.MergeRequestId });
        if (present == 0)
        {
            await MergeRequestStore.NoteAsync(session, fact.MergeRequestId, kind, fact.PersonId, detail);
        }
    }
}
