using System.CommandLine;
using Squero.Notebooks;

namespace Squero.Server;

/// <summary><c>squero notebook merge BASE OURS THEIRS -o OUT</c>: also what git calls to merge a notebook.</summary>
internal static class NotebookMergeCommand
{
    public static Command Create()
    {
        var old = new Argument<FileInfo>("base") { Description = "The common ancestor; an empty file when there is none." };
        var ours = new Argument<FileInfo>("ours") { Description = "The side whose layout the result keeps." };
        var theirs = new Argument<FileInfo>("theirs");
        var output = new Option<FileInfo?>("--output", "-o") { Description = "Write the result to this file, which may be one of the three, instead of printing it." };
        var path = new Option<string>("--path") { Description = "What messages call the notebook.", DefaultValueFactory = _ => "" };
        var ourName = new Option<string?>("--ours-name") { Description = "What conflict markers call ours, such as a branch." };
        var theirName = new Option<string?>("--theirs-name") { Description = "What conflict markers call theirs." };
        var size = new Option<int>("--marker-size") { Description = "Length of conflict markers.", DefaultValueFactory = _ => MergeLabels.Default.MarkerSize };
        var command = new Command("merge", "Merge two versions of a notebook cell by cell. 0: merged; 1: conflicts, marked in the cells, or no notebook; 2: a file cannot be read.")
        {
            old, ours, theirs, output, path, ourName, theirName, size,
        };
        command.SetAction(async (parsed, cancel) =>
        {
            if (await NotebookCommand.ReadAsync(parsed.GetValue(old)!, cancel) is not { } first
                || await NotebookCommand.ReadAsync(parsed.GetValue(ours)!, cancel) is not { } mine
                || await NotebookCommand.ReadAsync(parsed.GetValue(theirs)!, cancel) is not { } other)
            {
                return 2;
            }

            var labels = new MergeLabels(Name(parsed.GetValue(ourName), "ours"), Name(parsed.GetValue(theirName), "theirs")) { MarkerSize = parsed.GetValue(size) };
            var exitCode = NotebookCommands.Merge((first, mine, other), labels, parsed.GetValue(path)!, Console.Error, out var merged);
            return merged is { } result && !await TryWriteAsync(parsed.GetValue(output), result, cancel) ? 2 : exitCode;
        });
        return command;
    }

    /// <summary>An older git leaves a placeholder that it does not know as it stands.</summary>
    private static string Name(string? given, string standard) => string.IsNullOrWhiteSpace(given) || given.StartsWith('%') ? standard : given.ReplaceLineEndings(" ");

    private static async Task<bool> TryWriteAsync(FileInfo? file, ReadOnlyMemory<byte> result, CancellationToken cancel)
    {
        try
        {
            if (file is null)
            {
                await using var output = Console.OpenStandardOutput();
                await output.WriteAsync(result, cancel);
            }
            else
            {
                await WholeFile.WriteAsync(file, result, cancel);
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"The result cannot be written: {error.Message}");
            return false;
        }
    }
}
