using System.Data.Common;

namespace Squero.Kernel;

/// <summary>
/// The product's database. Reads run side by side on pooled connections; writes run one at a time as transactions and answer
/// after the commit reached the disk. What a write has read is therefore still true when it writes, on either engine.
/// </summary>
public sealed class Database : IDisposable
{
    private readonly SemaphoreSlim writeTurn = new(1, 1);
    private readonly SqlEngine engine;
    private readonly FactHandlers handlers;
    private readonly TimeProvider time;

    public Database(SqlEngine engine, FactHandlers handlers, TimeProvider time)
    {
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        this.engine = engine;
        this.handlers = handlers;
        this.time = time;
    }

    /// <summary>What has changed since when; see <see cref="Remembered{TKey, TValue}"/>.</summary>
    public TableVersions Versions { get; } = new();

    public SqlDialect Dialect => engine.Dialect;

    /// <summary>As people know it: SQLite or PostgreSQL.</summary>
    public string EngineName => engine.Name;

    /// <summary>Runs queries on one connection. Do not write here: the writer's turn is not held.</summary>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken cancel)
    {
        try
        {
            await using var connection = await engine.OpenAsync(cancel);
            return await read(new Session(connection, null, Dialect, cancel));
        }
        catch (DbException failure) when (SqlFailure.IsLost(failure))
        {
            engine.Forget();
            throw;
        }
    }

    /// <summary>Runs one transaction; it commits when <paramref name="write"/> returns and leaves nothing behind when it throws.</summary>
    public async Task<T> WriteAsync<T>(Func<WriteSession, Task<T>> write, CancellationToken cancel)
    {
        await writeTurn.WaitAsync(cancel);
        bool published;
        T result;
        try
        {
            await using var connection = await engine.OpenAsync(cancel);
            await using var transaction = await engine.BeginWriteAsync(connection, cancel);
            var session = new WriteSession(connection, transaction, Dialect, handlers, Versions, time, cancel);
            result = await write(session);
            await transaction.CommitAsync(CancellationToken.None);
            Versions.Bump(session.Changed);
            published = session.HasPublished;
        }
        catch (DbException failure) when (SqlFailure.IsLost(failure))
        {
            engine.Forget();
            throw;
        }
        finally
        {
            writeTurn.Release();
        }

        if (published)
        {
            handlers.Wake();
        }

        return result;
    }

    public Task WriteAsync(Func<WriteSession, Task> write, CancellationToken cancel) =>
        WriteAsync(
            async session =>
            {
                await write(session);
                return true;
            },
            cancel);

    /// <summary>Whether no schema has been made yet.</summary>
    public Task<bool> IsNewAsync(CancellationToken cancel) => engine.IsNewAsync(cancel);

    /// <summary>Asks the engine for an answer, whatever it is; throws when there is none.</summary>
    public Task PingAsync(CancellationToken cancel) => ReadAsync(session => session.CountAsync("SELECT 1"), cancel);

    /// <summary>Makes this process the one server of the database; refuses when another is it.</summary>
    public Task HoldAsync(CancellationToken cancel) => engine.HoldAsync(cancel);

    /// <summary>An open connection for hot paths that map by hand; the caller disposes it.</summary>
    public Task<DbConnection> OpenAsync(CancellationToken cancel) => engine.OpenAsync(cancel);

    /// <summary>Begins a transaction on such a connection that sees one state of everything and writes nothing.</summary>
    public Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancel) => engine.BeginSnapshotAsync(connection, cancel);

    public void Dispose() => writeTurn.Dispose();
}
