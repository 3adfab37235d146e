using System.CommandLine;

namespace Squero.Server;

/// <summary>Every command of <c>./squero</c>, in the order of its help.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
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
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
