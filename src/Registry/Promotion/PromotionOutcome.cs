namespace Squero.Registry;

/// <summary>A candidate that shall become a version of a model, and the alias that shall point at it.</summary>
public sealed record Promotion(long ProjectId, string ModelName, long CandidateId, long PersonId, long? MergeRequestIid, string Alias = Model.Production);

/// <summary>How a promotion ended.</summary>
public abstract record PromotionOutcome
{
    public sealed record Promoted(ModelVersion Version) : PromotionOutcome;

    /// <summary>The candidate is a version already; the alias points at it now.</summary>
    public sealed record AlreadyPromoted(ModelVersion Version) : PromotionOutcome;

    public sealed record Blocked(IReadOnlyList<string> Reasons) : PromotionOutcome;
}
