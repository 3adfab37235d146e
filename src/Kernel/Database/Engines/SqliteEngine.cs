using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;

namespace Squero.Kernel;

/// <summary>A file in the data folder: WAL, and every commit on the disk before it counts (synchronous=FULL).</summary>
public sealed class SqliteEngine : SqlEngine
{
    // Pages of 4 KB. Checkpoints are made beside the writer; should they fall far behind, a commit makes one itself.
    private const int LongLog = 2_048;
    private const int LongestLog = 65_536;
    private const int WriterCacheKilobytes = 65_536;

    private readonly string connectionString;

    // Pooled connections keep their settings: each is prepared once.
    private readonly ConditionalWeakTable<object, object> prepared = [];

    public SqliteEngine(string file) =>
        connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            DefaultTimeout = 30,
            Pooling = true,
        }.ToString();

    public override string Name => "SQLite";

    public override SqlDialect Dialect => SqlDialect.Sqlite;

    internal override async Task<DbConnection> OpenAsync(CancellationToken cancel)
    {
        var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync(cancel);
        if (prepared.TryAdd(connection.Handle!, connectionString))
        {
            await using var pragmas = connection.CreateCommand();
            pragmas.CommandText = $"PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; PRAGMA wal_autocheckpoint={LongestLog};";
            await pragmas.ExecuteNonQueryAsync(cancel);
        }

        return connection;
    }

    internal override async Task<DbConnection> OpenWriterAsync(CancellationToken cancel)
    {
        var connection = await OpenAsync(cancel);
        await using var pragma = connection.CreateCommand();
        pragma.CommandText = $"PRAGMA cache_size=-{WriterCacheKilobytes}";
        await pragma.ExecuteNonQueryAsync(cancel);
        return connection;
    }

    internal override Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancel) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: false));

    internal override Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancel) =>
        Task.FromResult<DbTransaction>(((SqliteConnection)connection).BeginTransaction(deferred: true));

    internal override Task<bool> IsNewAsync(CancellationToken cancel) =>
        Task.FromResult(!File.Exists(new SqliteConnectionStringBuilder(connectionString).DataSource));

    internal override async Task PrepareAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        await using var pragma = connection.CreateCommand();
        pragma.CommandText = "PRAGMA journal_mode=WAL";
        await pragma.ExecuteNonQueryAsync(cancel);
    }

    internal override async Task<bool> CheckpointAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        await using var pragma = connection.CreateCommand();
        pragma.CommandText = "PRAGMA wal_checkpoint(PASSIVE)";

        // SQLite's calls do not return before their work is done: not on the caller's thread.
        return await Task.Run(
            () =>
            {
                using var answer = pragma.ExecuteReader();
                return answer.Read() && answer.GetInt64(1) >= LongLog;
            },
            cancel);
    }

    internal override async Task<IReadOnlyDictionary<string, string>> DurabilityAsync(DbConnection connection, CancellationToken cancel)
    {
        var level = await AskAsync(connection, "PRAGMA synchronous", cancel);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["synchronous"] = level switch { "0" => "OFF", "1" => "NORMAL", "2" => "FULL", "3" => "EXTRA", _ => level },
            ["journal_mode"] = await AskAsync(connection, "PRAGMA journal_mode", cancel),
        };
    }

    public override void Dispose()
    {
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
