using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Squero.Kernel;

/// <summary>
/// The product's database. Reads run side by side on pooled connections; writes run one at a time in this process
/// as immediate transactions and answer after the commit reached the disk (synchronous=FULL).
/// </summary>
public sealed class Database : IDisposable
{
    private readonly string connectionString;
    private readonly SemaphoreSlim writeTurn = new(1, 1);

    // Pooled connections keep their settings: each is prepared once.
    private readonly ConditionalWeakTable<object, object> prepared = [];
    private readonly FactHandlers handlers;
    private readonly TimeProvider time;

    public Database(string file, FactHandlers handlers, TimeProvider time)
    {
        Dapper.DefaultTypeMap.MatchNamesWithUnderscores = true;
        this.handlers = handlers;
        this.time = time;
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            DefaultTimeout = 30,
            Pooling = true,
        }.ToString();
    }

    /// <summary>What has changed since when; see <see cref="Remembered{TKey, TValue}"/>.</summary>
    public TableVersions Versions { get; } = new();

    /// <summary>Runs queries on one connection. Do not write here: the writer's turn is not held.</summary>
    public async Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return await read(new Session(connection, null, cancel));
    }

    /// <summary>Runs one transaction; it commits when <paramref name="write"/> returns and leaves nothing behind when it throws.</summary>
    public async Task<T> WriteAsync<T>(Func<WriteSession, Task<T>> write, CancellationToken cancel)
    {
        await writeTurn.WaitAsync(cancel);
        bool published;
        T result;
        try
        {
            await using var connection = await OpenAsync(cancel);
            await using var transaction = connection.BeginTransaction(deferred: false);
            var session = new WriteSession(connection, transaction, handlers, Versions, time, cancel);
            result = await write(session);
            await transaction.CommitAsync(CancellationToken.None);
            Versions.Bump(session.Changed);
            published = session.HasPublished;
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

    /// <summary>An open connection for hot paths that map by hand; the caller disposes it.</summary>
    public async Task<SqliteConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancel);
        if (prepared.TryAdd(connection.Handle!, connectionString))
        {
            await using var pragmas = connection.CreateCommand();
            pragmas.CommandText = "PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000;";
            await pragmas.ExecuteNonQueryAsync(cancel);
        }

        return connection;
    }

    public void Dispose()
    {
        writeTurn.Dispose();
        using var connection = new SqliteConnection(connectionString);
        ShrinkLog(connection);
        SqliteConnection.ClearPool(connection);
    }

    /// <summary>
    /// Brings what stands in the log into the file itself, so that a copy of the file alone is whole: statements that are still
    /// prepared on pooled connections can keep SQLite from doing it when it closes them.
    /// </summary>
    private static void ShrinkLog(SqliteConnection connection)
    {
        if (!File.Exists(connection.DataSource))
        {
            return;
        }

        try
        {
            connection.Open();
            using var shrink = connection.CreateCommand();
            shrink.CommandText = "PRAGMA busy_timeout=1000; PRAGMA wal_checkpoint(TRUNCATE)";
            shrink.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // The log holds it all; the next start reads it.
        }
    }
}
