using System.Text.RegularExpressions;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>A git repository with everything around it. It lives in a namespace: a person's own or a group's.</summary>
public sealed partial record Project
{
    private const int MaxName = 255;
    private const int MaxPath = 100;
    private const int MaxDescription = 2000;

    public long Id { get; init; }

    public long NamespaceId { get; init; }

    /// <summary>The last segment of its address.</summary>
    public string Path { get; init; } = "";

    /// <summary>Namespace and path, as in addresses: <c>demo/churn</c>.</summary>
    public string FullPath { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public Visibility Visibility { get; init; }

    public string DefaultBranch { get; init; } = "main";

    public long CreatorId { get; init; }

    public long CreatedUs { get; init; }

    public long ActivityUs { get; init; }

    /// <summary>Its repository has no branch: nobody has pushed yet.</summary>
    public bool IsEmpty { get; init; } = true;

    public string NamespacePath => FullPath[..FullPath.LastIndexOf('/')];

    /// <summary>The project's own page; areas hang below <c>/-/</c>.</summary>
    public string Href => "/" + FullPath;

    /// <summary>A path below the project: <c>Area("merge_requests/1")</c> is <c>/demo/churn/-/merge_requests/1</c>.</summary>
    public string Area(string path) => $"/{FullPath}/-/{path}";

    public static void CheckPath(string path)
    {
        if (path.Length > MaxPath)
        {
            throw Refusal.Invalid($"`{path[..24]}…` has {path.Length} characters; one part of an address has at most {MaxPath}.");
        }

        if (!PathPattern().IsMatch(path) || path.Contains("..", StringComparison.Ordinal) || path.EndsWith(".git", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith('.'))
        {
            throw Refusal.Invalid($"`{path}` cannot be part of an address: use letters, digits, dashes, dots and underscores, beginning with a letter, digit or underscore.");
        }
    }

    /// <summary>Refuses what people could not read on a page, or git could not take as a branch.</summary>
    public void CheckTexts()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > MaxName || Name.Any(char.IsControl))
        {
            throw Refusal.Invalid($"The name of a project has 1 to {MaxName} characters.");
        }

        if (Description.Length > MaxDescription)
        {
            throw Refusal.Invalid($"The description of a project has at most {MaxDescription} characters.");
        }

        if (!BranchPattern().IsMatch(DefaultBranch) || DefaultBranch.Contains("..", StringComparison.Ordinal)
            || DefaultBranch.Contains("//", StringComparison.Ordinal) || DefaultBranch.EndsWith(".lock", StringComparison.Ordinal))
        {
            throw Refusal.Invalid($"`{DefaultBranch}` cannot be the name of a branch.");
        }
    }

    // What git check-ref-format allows in a branch, except that it may not begin with a dash.
    [GeneratedRegex(@"^[^-/.\x00-\x20\x7f~^:?*\[\\][^\x00-\x20\x7f~^:?*\[\\]{0,253}(?<![/.])\z", RegexOptions.CultureInvariant)]
    private static partial Regex BranchPattern();

    [GeneratedRegex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex PathPattern();
}

/// <summary>Stated in the transaction that creates a project.</summary>
public sealed record ProjectCreated(long ProjectId, string FullPath, long CreatorId);
