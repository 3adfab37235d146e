using System.CommandLine;
using Squero.Verdicts;

namespace Squero.Server;

/// <summary><c>squero verdict FILE</c>: compares candidates with a baseline; needs no server.</summary>
internal static class VerdictCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "JSON: metric, direction, baseline, candidates." };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("verdict", "Compare candidates with a baseline.") { file, json };
        command.SetAction(async (parsed, cancel) =>
        {
            var path = parsed.GetValue(file)!;
            if (!path.Exists)
            {
                await Console.Error.WriteLineAsync($"{path} does not exist.");
                return 2;
            }

            return VerdictCommands.Run(await File.ReadAllTextAsync(path.FullName, cancel), parsed.GetValue(json), Console.Out);
        });
        return command;
    }
}
