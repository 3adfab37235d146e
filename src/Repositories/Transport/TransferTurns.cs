namespace Squero.Repositories;

/// <summary>Keeps the number of git processes that serve clients within the limit; more requests wait.</summary>
internal sealed class TransferTurns(RepositoryLimits limits) : IDisposable
{
    private readonly SemaphoreSlim turns = new(limits.MaxTransfers, limits.MaxTransfers);

    public async Task<IDisposable> TakeAsync(CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        return new Turn(turns);
    }

    public void Dispose() => turns.Dispose();

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
