namespace Squero.Server;

internal static class RepositoryBench
{
    public static Task RunAsync(BenchReport report, CancellationToken cancel) => Task.CompletedTask;
}
