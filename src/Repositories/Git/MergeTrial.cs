namespace Squero.Repositories;

/// <summary>How a merge of two commits would end. Nothing has moved yet.</summary>
public abstract record MergeTrial
{
    private MergeTrial()
    {
    }

    /// <summary>The merged tree is stored; commit it with <see cref="GitRepository.CommitTreeAsync"/>.</summary>
    public sealed record Clean(string TreeOid) : MergeTrial;

    public sealed record Conflicting(IReadOnlyList<string> Files) : MergeTrial;
}
