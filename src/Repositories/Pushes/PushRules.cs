using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>Which refs clients may move: branches and tags with names that cannot be mistaken for something else.</summary>
internal static class PushRules
{
    /// <summary>Null when the ref may be moved, else the sentence that says why not.</summary>
    public static string? Objection(RefUpdate update)
    {
        var name = update.Branch ?? update.Tag;
        if (name is null)
        {
            return $"only branches (refs/heads/*) and tags (refs/tags/*) can be pushed, not {Shown(update.Name)}";
        }

        // What is there under a strange name can always be deleted.
        return update.IsDeletion ? null : NameObjection(update.Name, name);
    }

    /// <summary>Refuses with the same words what a form or the API asks for.</summary>
    public static void CheckName(string fullName)
    {
        var name = fullName.Split('/', 3)[^1];
        if (NameObjection(fullName, name) is { } objection)
        {
            throw Refusal.Invalid($"`{name}` cannot be used: {objection}.");
        }
    }

    private static string? NameObjection(string fullName, string name) =>
        !GitNames.IsFullRef(fullName) ? $"{Shown(name)} is not a valid name"
        : name == "HEAD" ? "HEAD is git's own word"
        : name.StartsWith("refs/", StringComparison.Ordinal) ? $"{Shown(name)} begins like a full ref name"
        : GitNames.IsSha(name) ? $"{name} looks like the id of a commit"
        : null;

    private static string Shown(string name) => new([.. name.Take(200).Where(c => !char.IsControl(c))]);
}
