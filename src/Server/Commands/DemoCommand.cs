using System.CommandLine;

namespace Squero.Server;

internal static class DemoCommand
{
    public static Command Create() => new("demo");
}
