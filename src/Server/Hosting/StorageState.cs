using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>How the server stores, for its administrators: read from what is at work, not from what was asked for.</summary>
internal static class StorageState
{
    public static async Task<IResult> AnswerAsync(Database database, PointBacklog backlog, CancellationToken cancel) =>
        Results.Json(new
        {
            database = database.EngineName,
            durability = await database.DurabilityAsync(cancel),
            tail_points = backlog.Points,
            tail_rows = await backlog.RowsAsync(cancel),
        });
}
