using System.CommandLine;

namespace Squero.Server;

internal static class VerdictCommand
{
    public static Command Create() => new("verdict");
}
