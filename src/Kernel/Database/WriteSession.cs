using System.Data.Common;
using System.Text.Json;
using Dapper;

namespace Squero.Kernel;

/// <summary>One write transaction. What is published here is delivered if, and only if, the transaction commits.</summary>
public sealed class WriteSession(
    DbConnection connection,
    DbTransaction transaction,
    SqlDialect dialect,
    FactHandlers handlers,
    TableVersions versions,
    TimeProvider time,
    CancellationToken cancel)
    : Session(connection, transaction, dialect, cancel)
{
    private readonly HashSet<string> changed = new(StringComparer.Ordinal);

    internal bool HasPublished { get; private set; }

    /// <summary>The tables that this transaction has written to so far.</summary>
    internal IReadOnlyCollection<string> Changed => changed;

    /// <summary>Now, in UTC microseconds.</summary>
    public long NowMicros => time.NowMicros();

    /// <summary>Returns the number of rows changed.</summary>
    public Task<int> ExecuteAsync(string sql, object? parameters = null) => Connection.ExecuteAsync(Define(sql, parameters));

    /// <summary>Runs an INSERT … RETURNING id.</summary>
    public Task<long> InsertAsync(string sql, object? parameters = null) => Connection.ExecuteScalarAsync<long>(Define(sql, parameters));

    /// <summary>
    /// States a fact: joins run now, in this transaction; handlers get it later, at least once, as chores.
    /// </summary>
    public async Task PublishAsync<TFact>(TFact fact, TimeSpan delay = default)
        where TFact : notnull
    {
        foreach (var join in handlers.JoinsOf(typeof(TFact)))
        {
            await join(fact, this);
        }

        var names = handlers.NamesOf(typeof(TFact));
        if (names.Count == 0)
        {
            return;
        }

        var payload = JsonSerializer.Serialize(fact);
        foreach (var name in names)
        {
            await ExecuteAsync(
                "INSERT INTO kernel_chores (handler, payload, created_us, due_us, attempts) VALUES (@name, @payload, @now, @due, 0)",
                new { name, payload, now = NowMicros, due = NowMicros + (long)delay.TotalMicroseconds });
        }

        HasPublished = true;
    }

    private protected override CommandDefinition Define(string sql, object? parameters)
    {
        changed.UnionWith(versions.TablesIn(sql));
        return base.Define(sql, parameters);
    }
}
