using System.CommandLine;
using Squero.Pipelines;

namespace Squero.Server;

/// <summary><c>squero ci check</c>: what a pipeline file would do; needs no server.</summary>
internal static class CiCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "The pipeline file, .squero-ci.yml or .gitlab-ci.yml." };
        var context = new Option<FileInfo?>("--context") { Description = "A JSON file that describes the event." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var check = new Command("check", "Check a pipeline file and show its jobs.") { file, context, json };
        check.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            if (!path.Exists)
            {
                await Console.Error.WriteLineAsync($"{path} does not exist.");
                return 2;
            }

            var contextText = parsed.GetValue(context) is { } given ? await File.ReadAllTextAsync(given.FullName, cancel) : null;
            var text = await File.ReadAllTextAsync(path.FullName, cancel);
            return CiCommands.Check(text, path.Name, contextText, parsed.GetValue(json), Console.Out);
        });
        return new Command("ci", "Work with pipeline files.") { check };
    }
}
