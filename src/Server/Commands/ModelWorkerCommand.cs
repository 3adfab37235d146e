using System.CommandLine;

namespace Squero.Server;

internal static class ModelWorkerCommand
{
    public static Command Create() => new("model-worker");
}
