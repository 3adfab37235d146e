using System.Data;
using System.Data.Common;
using Npgsql;

namespace Squero.Kernel;

/// <summary>
/// A database on a PostgreSQL server, 15 or newer. Writers take turns by a lock of the database, which ends with their transaction:
/// several processes may share it, and one that dies in the middle holds nobody up.
/// </summary>
public sealed class PostgresEngine : SqlEngine
{
    // "squero" in ASCII: locks of other products in the same database have other numbers.
    private const long WriteLock = 0x73_71_75_65_72_6F;
    internal const long ServerLock = WriteLock + 1;
    private static readonly string TakeServerLock = $"SELECT pg_try_advisory_lock({ServerLock})";
    private readonly DatabaseAddress address;
    private readonly NpgsqlDataSource source;
    private readonly SemaphoreSlim holding = new(1, 1);
    private NpgsqlConnection? held;
    private volatile bool isInDoubt;

    public PostgresEngine(DatabaseAddress address)
    {
        this.address = address;
        var settings = address.ToBuilder();
        settings.ApplicationName = "squero";
        settings.MaxPoolSize = 50;
        settings.MaxAutoPrepare = 200;
        settings.Timeout = 10;
        settings.CommandTimeout = 30;
        settings.KeepAlive = 30;
        settings.IncludeErrorDetail = false;
        source = new NpgsqlDataSourceBuilder(settings.ToString()).Build();
    }

    public override string Name => "PostgreSQL";

    public override SqlDialect Dialect => SqlDialect.Postgres;

    internal override async Task<DbConnection> OpenAsync(CancellationToken cancel) => await source.OpenConnectionAsync(cancel);

    internal override async Task<DbTransaction> BeginWriteAsync(DbConnection connection, CancellationToken cancel)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancel);
        try
        {
            await using var turn = connection.CreateCommand();
            turn.CommandText = $"SELECT pg_advisory_xact_lock({WriteLock})";
            await turn.ExecuteNonQueryAsync(cancel);
            return transaction;
        }
        catch
        {
            await transaction.DisposeAsync();
            throw;
        }
    }

    internal override async Task<DbTransaction> BeginSnapshotAsync(DbConnection connection, CancellationToken cancel) =>
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);

    internal override async Task<bool> IsNewAsync(CancellationToken cancel)
    {
        await using var connection = await OpenFirstAsync(cancel);
        return !await HasAsync(connection, "SELECT to_regclass('kernel_migrations') IS NOT NULL", cancel);
    }

    internal override async Task PrepareAsync(CancellationToken cancel)
    {
        await using var connection = await OpenFirstAsync(cancel);
        PostgresCheck.Version(connection.PostgreSqlVersion);
        await using var ask = new NpgsqlCommand(PostgresCheck.Question, connection);
        await using var answer = await ask.ExecuteReaderAsync(cancel);
        await answer.ReadAsync(cancel);
        PostgresCheck.State(address, new PostgresState(answer.GetString(0), answer.GetBoolean(1), answer.GetInt64(2), answer.GetBoolean(3)));
    }

    internal override async Task HoldAsync(CancellationToken cancel)
    {
        held = await OpenFirstAsync(cancel);
        if (!await HasAsync(held, TakeServerLock, cancel))
        {
            throw Refusal.Conflict($"Another server works on the database {address.Text}. Stop it first, or give this one a database of its own.");
        }
    }

    /// <summary>
    /// The lock is the connection's: it is gone with it when PostgreSQL starts anew. Until it is taken again this server writes
    /// nothing, because another may have begun to.
    /// </summary>
    internal override async Task StayAsync(bool look, CancellationToken cancel)
    {
        if (held is null || (!look && !isInDoubt))
        {
            return;
        }

        await holding.WaitAsync(cancel);
        try
        {
            if (await AnswersAsync(held, cancel))
            {
                isInDoubt = false;
                return;
            }

            isInDoubt = true;
            await held.DisposeAsync();
            held = await source.OpenConnectionAsync(cancel);
            if (!await HasAsync(held, TakeServerLock, cancel))
            {
                // Closed, so that the next one to ask tries again.
                await held.CloseAsync();
                throw new Refusal(RefusalKind.Unavailable, $"This server has lost the database {address.Text} for a moment, and another works on it now. It writes nothing until that one has stopped.");
            }

            isInDoubt = false;
        }
        finally
        {
            holding.Release();
        }
    }

    internal override async Task<IReadOnlyDictionary<string, string>> DurabilityAsync(DbConnection connection, CancellationToken cancel) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["fsync"] = await AskAsync(connection, "SHOW fsync", cancel),
            ["synchronous_commit"] = await AskAsync(connection, "SHOW synchronous_commit", cancel),
            ["full_page_writes"] = await AskAsync(connection, "SHOW full_page_writes", cancel),
        };

    internal override void Forget()
    {
        isInDoubt = true;
        source.Clear();
    }

    public override void Dispose()
    {
        held?.Dispose();
        source.Dispose();
        holding.Dispose();
    }

    /// <summary>The first connection: what keeps it from coming about is told as what an operator can mend.</summary>
    private async Task<NpgsqlConnection> OpenFirstAsync(CancellationToken cancel)
    {
        try
        {
            return await source.OpenConnectionAsync(cancel);
        }
        catch (NpgsqlException failure)
        {
            throw PostgresCheck.Refused(address, failure);
        }
    }

    private static async Task<bool> AnswersAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        try
        {
            return connection.State == ConnectionState.Open && await HasAsync(connection, "SELECT true", cancel);
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<bool> HasAsync(NpgsqlConnection connection, string question, CancellationToken cancel)
    {
        await using var ask = new NpgsqlCommand(question, connection);
        return (bool)(await ask.ExecuteScalarAsync(cancel))!;
    }
}
