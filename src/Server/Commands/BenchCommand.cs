using System.CommandLine;

namespace Squero.Server;

internal static class BenchCommand
{
    public static Command Create() => new("bench");
}
