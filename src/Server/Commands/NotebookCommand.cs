using System.CommandLine;
using Squero.Notebooks;

namespace Squero.Server;

/// <summary><c>squero notebook …</c>: the notebook engine on files; needs no server.</summary>
internal static class NotebookCommand
{
    public static Command Create() => new("notebook", "Compare and read notebooks.") { Diff(), Markdown(), Bench() };

    private static Command Diff()
    {
        var before = new Argument<FileInfo>("before");
        var after = new Argument<FileInfo>("after");
        var format = new Option<DiffFormat>("--format") { Description = "text, json or html.", DefaultValueFactory = _ => DiffFormat.Text };
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

    private static Command Markdown()
    {
        var file = new Argument<FileInfo>("file");
        var command = new Command("markdown", "Print a notebook as clean Markdown.") { file };
        command.SetAction(async (parsed, cancel) =>
        {
            if (await ReadAsync(parsed.GetValue(file)!, cancel) is not { } bytes)
            {
                return 2;
            }

            await using var output = Console.OpenStandardOutput();
            return NotebookCommands.Markdown(bytes, output);
        });
        return command;
    }

    private static Command Bench()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "A folder of pairs: NAME/before.ipynb and NAME/after.ipynb." };
        var command = new Command("bench", "Diff every pair of a folder and print one JSON line each.") { folder };
        command.SetAction(parsed => NotebookCommands.Bench(Pairs(parsed.GetValue(folder)!), TimeProvider.System, Console.Out));
        return command;
    }

    internal static IEnumerable<NotebookPair> Pairs(DirectoryInfo folder) =>
        folder.EnumerateFiles("before.ipynb", SearchOption.AllDirectories)
            .OrderBy(file => file.FullName, StringComparer.Ordinal)
            .Where(file => File.Exists(Path.Combine(file.DirectoryName!, "after.ipynb")))
            .Select(file => new NotebookPair(
                file.Directory!.Name,
                File.ReadAllBytes(file.FullName),
                File.ReadAllBytes(Path.Combine(file.DirectoryName!, "after.ipynb"))));

    private static async Task<byte[]?> ReadAsync(FileInfo file, CancellationToken cancel)
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
