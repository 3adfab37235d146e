namespace Squero.Server;

/// <summary>Runs jobs inside the server process, over the same protocol as any other runner.</summary>
internal sealed class BuiltInRunner : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
}
