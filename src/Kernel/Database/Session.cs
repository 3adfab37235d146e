using System.Data.Common;
using Dapper;

namespace Squero.Kernel;

/// <summary>SQL on one connection. Parameters are an anonymous object; columns in snake_case map to properties in PascalCase.</summary>
public class Session(DbConnection connection, DbTransaction? transaction, SqlDialect dialect, CancellationToken cancel)
{
    public DbConnection Connection { get; } = connection;

    public DbTransaction? Transaction { get; } = transaction;

    /// <summary>For the few words that the engines do not share.</summary>
    public SqlDialect Dialect { get; } = dialect;

    public CancellationToken Cancel { get; } = cancel;

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Define(sql, parameters))).AsList();

    /// <summary>
    /// The rows of many ids: <c>IN @ids</c> in the statement is all of them, in one parameter. A parameter for each, as other lists have, costs more
    /// than finding a row by it.
    /// </summary>
    public Task<IReadOnlyList<T>> ListOfAsync<T>(string sql, IReadOnlyCollection<long> ids) =>
        Dialect.IsPostgres
            ? ListAsync<T>(sql, new { ids = ids.ToArray() })
            : ListAsync<T>(sql.Replace("IN @ids", "IN (SELECT value FROM json_each(@ids))", StringComparison.Ordinal), new { ids = $"[{string.Join(',', ids)}]" });

    /// <summary>The first row, or null (the default of a value type) when there is none.</summary>
    public Task<T?> FirstAsync<T>(string sql, object? parameters = null) =>
        Connection.QueryFirstOrDefaultAsync<T?>(Define(sql, parameters));

    public async Task<long> CountAsync(string sql, object? parameters = null) =>
        await Connection.ExecuteScalarAsync<long?>(Define(sql, parameters)) ?? 0;

    private protected virtual CommandDefinition Define(string sql, object? parameters) =>
        new(Dialect.Statement(sql), parameters, Transaction, cancellationToken: Cancel);
}
