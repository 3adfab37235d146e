using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>
/// The only way to change states. A change moves some jobs; before the transaction ends every touched pipeline's jobs take their
/// turn and its own state is put together again, and after it waiting runners are told.
/// </summary>
internal sealed class JobBoard(Database database, JobQueue queue)
{
    public async Task<T> ChangeAsync<T>(Func<BoardSession, Task<T>> change, CancellationToken cancel)
    {
        var woke = false;
        var result = await database.WriteAsync(
            async session =>
            {
                var board = new BoardSession(session);
                var value = await change(board);
                await board.SettleAsync();
                woke = board.Woke;
                return value;
            },
            cancel);
        if (woke)
        {
            queue.Bump();
        }

        return result;
    }

    public Task ChangeAsync(Func<BoardSession, Task> change, CancellationToken cancel) =>
        ChangeAsync(
            async board =>
            {
                await change(board);
                return true;
            },
            cancel);
}
