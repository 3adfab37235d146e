using System.CommandLine;
using Squero.Notebooks;

namespace Squero.Server;

/// <summary><c>squero notebook git-install</c> and what it makes git call.</summary>
internal static class NotebookGitCommand
{
    public static Command CreateInstall()
    {
        var tracked = new Option<bool>("--tracked") { Description = "Write the line into .gitattributes, to be committed, instead of .git/info/attributes." };
        var remove = new Option<bool>("--remove") { Description = "Take away what git-install wrote; with --tracked the line in .gitattributes, too." };
        var command = new Command("git-install", "Let git compare and merge notebooks cell by cell in this repository.") { tracked, remove };
        command.SetAction((parsed, cancel) => parsed.GetValue(remove)
            ? new GitRemove(Environment.CurrentDirectory, Console.Out, Console.Error).RunAsync(parsed.GetValue(tracked), cancel)
            : new GitInstall(Environment.CurrentDirectory, DoorPath.ForShell(), Console.Out, Console.Error).RunAsync(parsed.GetValue(tracked), cancel));
        return command;
    }

    /// <summary>Called by git as an external diff: path, then file, hash and mode of both sides, then what a rename adds.</summary>
    public static Command CreateDiff()
    {
        var given = new Argument<string[]>("arguments") { Arity = ArgumentArity.OneOrMore };
        var command = new Command("git-diff", "What git calls to show a changed notebook.") { given };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(given) is not [var path, var oldFile, _, _, var newFile, ..] all)
            {
                Console.WriteLine($"* Unmerged path {parsed.GetValue(given)![0]}");
                return 0;
            }

            await using var output = Console.OpenStandardOutput();
            var renamed = all.Length > 7 ? $"{path} → {all[7]}" : path;
            NotebookCommands.GitDiff(renamed, await SideAsync(oldFile, cancel), await SideAsync(newFile, cancel), WantsColour(), output);
            return 0;
        });
        return command;
    }

    /// <summary>Called by git to make text of a notebook that it then compares by lines. It must not fail: git would stop in the middle of a log.</summary>
    public static Command CreateText()
    {
        var file = new Argument<FileInfo>("file");
        var command = new Command("git-text", "What git calls to turn a notebook into text.") { file };
        command.Hidden = true;
        command.SetAction(async (parsed, cancel) =>
        {
            await using var output = Console.OpenStandardOutput();
            NotebookCommands.GitText(await File.ReadAllBytesAsync(parsed.GetValue(file)!.FullName, cancel), output);
            return 0;
        });
        return command;
    }

    private static async Task<ReadOnlyMemory<byte>?> SideAsync(string file, CancellationToken cancel) =>
        file == "/dev/null" ? null : await File.ReadAllBytesAsync(file, cancel);

    // Git tells a program that what it prints goes through git's pager to a terminal.
    private static bool WantsColour() => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && (!Console.IsOutputRedirected || Environment.GetEnvironmentVariable("GIT_PAGER_IN_USE") is "true" or "1");
}
