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
    private long commits;

    // The one connection that writes: others' writes would make its pages and statements worthless. Only in the writer's turn.
    private DbConnection? writer;
    private int writerLosses;
    private int losses;

    public Database(SqlEngine engine, FactHandlers handlers, TimeProvider time)
    {
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        TextParameter.Register();
        this.engine = engine;
        this.handlers = handlers;
        this.time = time;
    }

    /// <summary>What has changed since when; see <see cref="Remembered{TKey, TValue}"/>.</summary>
    public TableVersions Versions { get; } = new();

    public SqlDialect Dialect => engine.Dialect;

    /// <summary>As people know it: SQLite or PostgreSQL.</summary>
    public string EngineName => engine.Name;

    /// <summary>How many transactions this process has committed.</summary>
    internal long Commits => Volatile.Read(ref commits);

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
            Lose();
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
            var connection = await WriterAsync(cancel);
            await using var transaction = await engine.BeginWriteAsync(connection, cancel);
            var session = new WriteSession(connection, transaction, Dialect, handlers, Versions, time, cancel);
            result = await write(session);
            await transaction.CommitAsync(CancellationToken.None);
            Volatile.Write(ref commits, commits + 1);
            Versions.Bump(session.Changed);
            published = session.HasPublished;
        }
        catch (DbException failure)
        {
            await RecoverAsync(failure);
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

    /// <summary>Whether the engine is a journey away, so that <see cref="AppendAsync"/> saves some.</summary>
    public bool AppendsInOneJourney => Dialect.IsPostgres;

    /// <summary>
    /// Runs one batch of statements, which a server commits as a whole by itself: a transaction begun, locked and committed by
    /// statements of its own takes three journeys more. For rows that nobody but this process writes: other processes' writers
    /// are not waited for.
    /// </summary>
    public async Task<T> AppendAsync<T>(Func<DbConnection, T> append)
    {
        await writeTurn.WaitAsync();
        try
        {
            var result = append(await WriterAsync(CancellationToken.None));
            Volatile.Write(ref commits, commits + 1);
            return result;
        }
        catch (DbException failure)
        {
            await RecoverAsync(failure);
            throw;
        }
        finally
        {
            writeTurn.Release();
        }
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

    /// <summary>The settings that say whether a commit waits for the disk, read in the writer's turn from the connection that writes.</summary>
    public Task<IReadOnlyDictionary<string, string>> DurabilityAsync(CancellationToken cancel) =>
        WriteAsync(session => engine.DurabilityAsync(session.Connection, cancel), cancel);

    /// <summary>
    /// Brings the engine's log into its database beside whoever writes. A log that has grown long begins anew: for the little that
    /// came meanwhile, writers wait.
    /// </summary>
    public async Task CheckpointAsync(CancellationToken cancel)
    {
        if (!await engine.CheckpointAsync(cancel))
        {
            return;
        }

        await writeTurn.WaitAsync(cancel);
        try
        {
            await engine.CheckpointAsync(CancellationToken.None);
        }
        finally
        {
            writeTurn.Release();
        }
    }

    /// <summary>Looks whether this process still is the one server, and becomes it again when its connection was lost; throws when it cannot.</summary>
    internal Task StayAsync(CancellationToken cancel) => engine.StayAsync(look: true, cancel);

    /// <summary>An open connection for hot paths that map by hand; the caller disposes it.</summary>
    public Task<DbConnection> OpenAsync(CancellationToken cancel) => engine.OpenAsync(cancel);

    /// <summary>Begins a transaction on such a connection that sees one state of everything and writes nothing.</summary>
    public Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancel) => engine.BeginSnapshotAsync(connection, cancel);

    public void Dispose()
    {
        writer?.Dispose();
        writeTurn.Dispose();
    }

    private async ValueTask<DbConnection> WriterAsync(CancellationToken cancel)
    {
        if (writerLosses != Volatile.Read(ref losses))
        {
            await CloseWriterAsync();
        }

        writerLosses = Volatile.Read(ref losses);
        await engine.StayAsync(look: false, cancel);
        return writer ??= await engine.OpenWriterAsync(cancel);
    }

    /// <summary>Whatever it was, the next writer begins with a connection about which nothing is in doubt.</summary>
    private async ValueTask RecoverAsync(DbException failure)
    {
        await CloseWriterAsync();
        if (SqlFailure.IsLost(failure))
        {
            Lose();
        }
    }

    private async ValueTask CloseWriterAsync()
    {
        if (writer is { } old)
        {
            writer = null;
            await old.DisposeAsync();
        }
    }

    /// <summary>One connection is broken: the others are likely to be as broken.</summary>
    private void Lose()
    {
        Interlocked.Increment(ref losses);
        engine.Forget();
    }
}
