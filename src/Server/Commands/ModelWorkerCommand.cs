using System.CommandLine;
using Squero.Deployments;

namespace Squero.Server;

/// <summary><c>squero model-worker</c>: the server starts it for every model that serves; people do not.</summary>
internal static class ModelWorkerCommand
{
    public static Command Create()
    {
        var command = new Command("model-worker", "Load one model from standard input and answer requests for it.") { Hidden = true };
        command.SetAction(async (_, cancel) =>
        {
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            return await ModelWorker.RunAsync(input, output, cancel);
        });
        return command;
    }
}
