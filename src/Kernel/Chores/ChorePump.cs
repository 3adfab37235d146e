using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Squero.Kernel;

/// <summary>
/// Does the chores: one lane per handler, oldest first, so that a handler sees facts in the order they were stated.
/// A failing chore steps aside: it is tried again after 1, 2, 4 … seconds and parked after twelve attempts. So a handler
/// whose outcome depends on the order must look at the present state, not at the fact alone.
/// </summary>
public sealed partial class ChorePump(Database database, FactHandlers handlers, IServiceScopeFactory scopes, TimeProvider time, ILogger<ChorePump> logger)
    : BackgroundService
{
    private const int MaxAttempts = 12;
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var busy = new Dictionary<string, Task>(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                await FillLanesAsync(busy, stoppingToken);
                await handlers.SleepAsync(LongestSleep, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAll(busy.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FillLanesAsync(Dictionary<string, Task> busy, CancellationToken cancel)
    {
        try
        {
            foreach (var entry in await DueAsync(cancel))
            {
                if (!busy.TryGetValue(entry.Name, out var lane) || lane.IsCompleted)
                {
                    busy[entry.Name] = RunLaneAsync(entry, cancel);
                }
            }
        }
        catch (DbException error)
        {
            // A full disk or a locked database passes; a pump that dies takes the server with it.
            LogBlind(error);
        }
    }

    private async Task<IEnumerable<HandlerEntry>> DueAsync(CancellationToken cancel)
    {
        var due = await database.ReadAsync(
            session => session.ListAsync<string>(
                "SELECT DISTINCT handler FROM kernel_chores WHERE parked = 0 AND due_us <= @now", new { now = time.NowMicros() }),
            cancel);
        return handlers.Entries.Where(entry => due.Contains(entry.Name));
    }

    private async Task RunLaneAsync(HandlerEntry entry, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var chore = await database.ReadAsync(
                session => session.FirstAsync<ChoreRow>(
                    "SELECT id, payload, attempts FROM kernel_chores WHERE handler = @name AND parked = 0 AND due_us <= @now ORDER BY due_us, id LIMIT 1",
                    new { name = entry.Name, now = time.NowMicros() }),
                cancel);
            if (chore is null)
            {
                return;
            }

            await RunAsync(entry, chore, cancel);
        }
    }

    private async Task RunAsync(HandlerEntry entry, ChoreRow chore, CancellationToken cancel)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await entry.Handle(scope.ServiceProvider, chore.Payload, cancel);
            await database.WriteAsync(session => session.ExecuteAsync("DELETE FROM kernel_chores WHERE id = @Id", new { chore.Id }), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The server stops: the row stays and is done after the next start.
        }
        catch (Exception error)
        {
            LogFailed(error, entry.Name, chore.Id, chore.Attempts + 1);
            await PostponeAsync(chore, error, cancel);
        }
    }

    private Task PostponeAsync(ChoreRow chore, Exception error, CancellationToken cancel)
    {
        var attempts = chore.Attempts + 1;
        var wait = TimeSpan.FromSeconds(Math.Min(1 << Math.Min((int)attempts - 1, 12), 3600));
        return database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE kernel_chores SET attempts = @attempts, due_us = @due, parked = @parked, last_error = @message WHERE id = @Id",
                new
                {
                    chore.Id,
                    attempts,
                    due = session.NowMicros + (long)wait.TotalMicroseconds,
                    parked = attempts >= MaxAttempts ? 1 : 0,
                    message = error.Message,
                }),
            cancel);
    }

    [LoggerMessage(LogLevel.Error, "The chores cannot be read; the next look is in a second")]
    private partial void LogBlind(Exception error);

    [LoggerMessage(LogLevel.Error, "Chore {Handler} {ChoreId} failed at attempt {Attempt}")]
    private partial void LogFailed(Exception error, string handler, long choreId, long attempt);

    private sealed record ChoreRow
    {
        public long Id { get; init; }

        public string Payload { get; init; } = "";

        public long Attempts { get; init; }
    }
}
