using Squero.Accounts;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>A ref before and after; forty zeros where it did not exist.</summary>
public sealed record RefUpdate(string Name, string Before, string After)
{
    public const string Nothing = "0000000000000000000000000000000000000000";

    /// <summary>The branch's name, or null when the ref is not a branch.</summary>
    public string? Branch => Name.StartsWith("refs/heads/", StringComparison.Ordinal) ? Name["refs/heads/".Length..] : null;

    public string? Tag => Name.StartsWith("refs/tags/", StringComparison.Ordinal) ? Name["refs/tags/".Length..] : null;

    public bool IsCreation => Before == Nothing;

    public bool IsDeletion => After == Nothing;
}

/// <summary>An accepted push: the refs it really moved, and the options the client gave with <c>git push -o name=value</c> (without "=": empty text).</summary>
public sealed record Push(Project Project, Caller Caller, IReadOnlyList<RefUpdate> Updates, IReadOnlyDictionary<string, string> Options);

/// <summary>Told about every accepted push before the client is answered; what it returns the pusher reads as <c>remote: …</c>.</summary>
public interface IPushObserver
{
    Task<IReadOnlyList<string>> AfterPushAsync(Push push, CancellationToken cancel);
}

/// <summary>A branch moved, by a push or by the server itself. Zeros for created and deleted. PersonId 0: nobody known (recovered after a crash).</summary>
public sealed record BranchPushed(long ProjectId, string Branch, string Before, string After, long PersonId);

/// <summary>A tag was created, moved or deleted. After is what the ref holds: an annotated tag's own id.</summary>
public sealed record TagPushed(long ProjectId, string Tag, string Before, string After, long PersonId);
