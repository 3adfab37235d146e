using System.CommandLine;

namespace Squero.Server;

internal static class RunnerCommand
{
    public static Command Create() => new("runner");
}
