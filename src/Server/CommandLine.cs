using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>Every command of <c>./squero</c>, in the order of its help.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Squero: a self-hosted forge for machine-learning software.")
        {
            ServeCommand.Create(),
            DemoCommand.Create(),
            UserCommand.Create(),
            TokenCommand.Create(),
            RunnerCommand.Create(),
            NotebookCommand.Create(),
            CiCommand.Create(),
            VerdictCommand.Create(),
            BenchCommand.Create(),
            ModelWorkerCommand.Create(),
        };

        // The host ends the server on SIGINT and SIGTERM by itself, and takes the time its jobs need for it.
        try
        {
            return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (Exception failure) when (IsOfTheWorld(failure))
        {
            await Console.Error.WriteLineAsync($"squero: {failure.Message}");
            return 1;
        }
    }

    /// <summary>What people can mend is told in its sentence; anything else is our fault and shows where.</summary>
    private static bool IsOfTheWorld(Exception failure) =>
        failure is Refusal or StoryFailed or IOException or UnauthorizedAccessException or SocketException or DbException;
}
