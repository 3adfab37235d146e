using System.CommandLine;
using Squero.Notebooks;

namespace Squero.Server;

/// <summary><c>squero notebook …</c>: the notebook engine on files; needs no server.</summary>
internal static class NotebookCommand
{
    public static Command Create() => new("notebook", "Compare, merge and read notebooks.") { Diff(), Apply(), Markdown(), NotebookMergeCommand.Create(), NotebookGitCommand.CreateInstall(), NotebookGitCommand.CreateDiff(), NotebookGitCommand.CreateText(), Bench() };

    private static Command Diff()
    {
        var before = new Argument<FileInfo>("before");
        var after = new Argument<FileInfo>("after");
        var format = new Option<DiffFormat>("--format") { Description = "text, json, html or patch.", DefaultValueFactory = _ => DiffFormat.Text };
        var ignoreIds = new Option<bool>("--ignore-ids") { Description = "Align cells as if they had no ids." };
        var command = new Command("diff", "Show what changed between two notebooks, cell by cell.") { before, after, format, ignoreIds };
        command.SetAction(async (parsed, cancel) =>
        {
            if (await ReadAsync(parsed.GetValue(before)!, cancel) is not { } old || await ReadAsync(parsed.GetValue(after)!, cancel) is not { } young)
            {
                return 2;
            }

            await using var output = Console.OpenStandardOutput();
            return NotebookCommands.Diff(old, young, parsed.GetValue(format), parsed.GetValue(ignoreIds), output);
        });
        return command;
    }

    private static Command Apply()
    {
        var before = new Argument<FileInfo>("before");
        var diff = new Argument<FileInfo>("diff") { Description = "What `diff --format json` or `--format patch` printed." };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write the notebook to this file instead of printing it." };
        var command = new Command("apply", "Rebuild the new notebook, byte for byte, from the old one and a diff.") { before, diff, output };
        command.SetAction(async (parsed, cancel) =>
        {
            if (await ReadAsync(parsed.GetValue(before)!, cancel) is not { } old || await ReadAsync(parsed.GetValue(diff)!, cancel) is not { } change)
            {
                return 2;
            }

            using var after = new MemoryStream();
            var exitCode = NotebookCommands.Apply(old, change, after, Console.Error);
            if (exitCode == 0)
            {
                await using var to = parsed.GetValue(output) is { } file ? file.Create() : Console.OpenStandardOutput();
                await to.WriteAsync(after.GetBuffer().AsMemory(0, (int)after.Length), cancel);
            }

            return exitCode;
        });
        return command;
    }

    private static Command Markdown()
    {
        var file = new Argument<FileInfo>("file");
        var map = new Option<bool>("--map") { Description = "Print one JSON object a line instead: text, cell, part, and the line of the .ipynb it comes from." };
        var command = new Command("markdown", "Print a notebook as clean Markdown.") { file, map };
        command.SetAction(async (parsed, cancel) =>
        {
            if (await ReadAsync(parsed.GetValue(file)!, cancel) is not { } bytes)
            {
                return 2;
            }

            await using var output = Console.OpenStandardOutput();
            return NotebookCommands.Markdown(bytes, parsed.GetValue(map), output);
        });
        return command;
    }

    private static Command Bench()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "A folder of pairs: NAME/before.ipynb and NAME/after.ipynb." };
        var command = new Command("bench", "Diff every pair of a folder and print one JSON line each.") { folder };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(folder) is { Exists: true } pairs)
            {
                return NotebookCommands.Bench(Pairs(pairs), TimeProvider.System, MemoryPeak.Of, Console.Out);
            }

            Console.Error.WriteLine($"There is no folder {parsed.GetValue(folder)}.");
            return 2;
        });
        return command;
    }

    internal static IEnumerable<NotebookPair> Pairs(DirectoryInfo folder) =>
        folder.EnumerateFiles("before.ipynb", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .Select(Pair).OfType<NotebookPair>();

    /// <summary>Null, with a sentence, where a side is missing or cannot be read.</summary>
    private static NotebookPair? Pair(FileInfo before)
    {
        var after = Path.Combine(before.DirectoryName!, "after.ipynb");
        try
        {
            return new NotebookPair(before.Directory!.Name, File.ReadAllBytes(before.FullName), File.ReadAllBytes(after));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{before.Directory!.Name} is left out: {error.Message}");
            return null;
        }
    }

    internal static async Task<byte[]?> ReadAsync(FileInfo file, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllBytesAsync(file.FullName, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{file} cannot be read: {error.Message}");
            return null;
        }
    }
}
