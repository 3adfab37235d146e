using System.CommandLine;
using System.Runtime.InteropServices;
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
            // A terminal's Ctrl+C and a supervisor's SIGTERM reach every process of the server. The worker ends when the server
            // closes its input, so that what is under way is answered and its end is no crash.
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            return await ModelWorker.RunAsync(input, output, cancel);
        });
        return command;
    }
}
