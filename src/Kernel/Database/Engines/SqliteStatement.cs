using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Squero.Kernel;

/// <summary>
/// A prepared statement without the layers above SQLite's own interface: for hot paths, where a boxed parameter and a
/// reader per row cost more than the row. Parameters are numbered from 1, columns from 0. Not thread-safe, like the connection.
/// </summary>
public sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 handle;
    private readonly sqlite3_stmt statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        handle = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(handle, sql, out statement));
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, long? value)
    {
        if (value is { } number)
        {
            return Bind(parameter, number);
        }

        Check(raw.sqlite3_bind_null(statement, parameter));
        return this;
    }

    public SqliteStatement Bind(int parameter, double value)
    {
        Check(raw.sqlite3_bind_double(statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, string? value)
    {
        Check(TextParameter.Checked(value) is null ? raw.sqlite3_bind_null(statement, parameter) : raw.sqlite3_bind_text(statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(statement, parameter, value));
        return this;
    }

    /// <summary>Runs a statement that gives no row, and makes it ready to be bound again. Returns how many rows it changed.</summary>
    public int Run()
    {
        var code = raw.sqlite3_step(statement);
        raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        return raw.sqlite3_changes(handle);
    }

    /// <summary>The one number of a statement that gives exactly one row.</summary>
    public long Number()
    {
        if (!Next())
        {
            throw new InvalidOperationException("A statement that gives one row gave none.");
        }

        var number = Long(0);
        while (Next())
        {
            // A statement that changes rows does so to its end only when it is read to its end.
        }

        return number;
    }

    /// <summary>The next row; after the last one the statement is ready to be bound again.</summary>
    public bool Next()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        raw.sqlite3_reset(statement);
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        return false;
    }

    /// <summary>Leaves rows unread. A statement left in the middle keeps its transaction open.</summary>
    public void Reset() => raw.sqlite3_reset(statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public double Real(int column) => raw.sqlite3_column_double(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    /// <summary>Valid until the next row.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose() => statement.Dispose();

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, handle);
}
