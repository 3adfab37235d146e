using LibGit2Sharp;
using Squero.Kernel;
using Blob = LibGit2Sharp.Blob;

namespace Squero.Repositories;

/// <summary>Making trees out of file changes.</summary>
public sealed partial class GitRepository
{
    /// <summary>The tree of a commit (or of nothing) after the changes; refuses with a sentence what cannot be done.</summary>
    internal Task<string> ApplyAsync(string? sha, IReadOnlyList<FileAction> actions, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var library = new Repository(path);
        var commit = sha is null ? null : library.Lookup<Commit>(sha);
        var tree = commit is null ? new TreeDefinition() : TreeDefinition.From(commit);
        foreach (var action in actions)
        {
            CheckPath(action.Path);
            Apply(library, commit, tree, action);
        }

        return Task.FromResult(library.ObjectDatabase.CreateTree(tree).Sha);
    }

    private void Apply(Repository library, Commit? commit, TreeDefinition tree, FileAction action)
    {
        switch (action.Verb)
        {
            case "create":
                Refuse(tree[action.Path] is not null, "A file with this name already exists");
                RefuseInsideFile(tree, action.Path);
                tree.Add(action.Path, Store(library, action.Content ?? []), ModeFor(action, Mode.NonExecutableFile));
                break;
            case "update":
                CheckUnchanged(library, commit, action, action.Path);
                tree.Add(action.Path, Store(library, action.Content ?? []), ModeFor(action, Existing(tree, action.Path).Mode));
                break;
            case "delete":
                CheckUnchanged(library, commit, action, action.Path);
                Existing(tree, action.Path);
                tree.Remove(action.Path);
                break;
            case "move":
                Move(library, commit, tree, action);
                break;
            case "chmod":
                var kept = Existing(tree, action.Path);
                tree.Add(action.Path, library.Lookup<Blob>(kept.TargetId), action.Executable == true ? Mode.ExecutableFile : Mode.NonExecutableFile);
                break;
            default:
                throw Refusal.Invalid($"`{action.Verb}` is not an action; use create, update, delete, move or chmod.");
        }
    }

    private void Move(Repository library, Commit? commit, TreeDefinition tree, FileAction action)
    {
        var from = action.PreviousPath ?? throw Refusal.Invalid("previous_path is missing");
        CheckPath(from);
        CheckUnchanged(library, commit, action, from);
        var moved = Existing(tree, from);
        Refuse(tree[action.Path] is not null, "A file with this name already exists");
        tree.Remove(from);
        RefuseInsideFile(tree, action.Path);
        tree.Add(action.Path, action.Content is null ? library.Lookup<Blob>(moved.TargetId) : Store(library, action.Content), ModeFor(action, moved.Mode));
    }

    private static TreeEntryDefinition Existing(TreeDefinition tree, string file) =>
        tree[file] is { TargetType: TreeEntryTargetType.Blob } entry ? entry : throw Refusal.Invalid($"A file with this name doesn't exist: {file}");

    // The caller may say which commit it last saw change the file.
    private void CheckUnchanged(Repository library, Commit? commit, FileAction action, string file)
    {
        if (action.LastCommitId is not { Length: > 0 } seen || commit is null || Find(library, seen) is not { } known)
        {
            return;
        }

        Refuse(
            known.Tree[file]?.Target.Id != commit.Tree[file]?.Target.Id,
            "You are attempting to update a file that has changed since you started editing it.");
    }

    private static void RefuseInsideFile(TreeDefinition tree, string file)
    {
        for (var slash = file.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = file.IndexOf('/', slash + 1))
        {
            Refuse(tree[file[..slash]] is { TargetType: not TreeEntryTargetType.Tree }, $"{file[..slash]} is a file and cannot hold others.");
        }
    }

    private static void CheckPath(string file)
    {
        var isGit = file.Split('/').Any(part => part.TrimEnd('.', ' ').Equals(".git", StringComparison.OrdinalIgnoreCase));
        Refuse(file.Length == 0 || !GitNames.IsPath(file) || isGit, $"`{file}` cannot be the path of a file.");
    }

    private static void Refuse(bool broken, string sentence)
    {
        if (broken)
        {
            throw Refusal.Invalid(sentence);
        }
    }

    private static Blob Store(Repository library, byte[] content)
    {
        using var stream = new MemoryStream(content, writable: false);
        return library.ObjectDatabase.CreateBlob(stream);
    }

    private static Mode ModeFor(FileAction action, Mode otherwise) =>
        action.Executable switch { true => Mode.ExecutableFile, false => Mode.NonExecutableFile, _ => otherwise };
}
