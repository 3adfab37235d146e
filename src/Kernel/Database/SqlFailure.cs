using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Squero.Kernel;

/// <summary>What a failure of a database means, whichever engine says it.</summary>
public static class SqlFailure
{
    private const int SqliteConstraint = 19;

    /// <summary>A row that must be the only one of its kind is there already.</summary>
    public static bool IsDuplicate(DbException failure) =>
        failure is SqliteException { SqliteErrorCode: SqliteConstraint } or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>The server of the database is gone, or does not answer: it may be back in a moment.</summary>
    public static bool IsLost(DbException failure) =>
        failure is PostgresException said
            ? said.SqlState is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                or PostgresErrorCodes.TooManyConnections
                || said.SqlState.StartsWith("08", StringComparison.Ordinal)
            : failure is NpgsqlException;

    /// <summary>PostgreSQL does not know a regular expression that .NET knows.</summary>
    public static bool IsBadPattern(DbException failure) => failure is PostgresException { SqlState: PostgresErrorCodes.InvalidRegularExpression };

    /// <summary>A text holds a NUL character, which PostgreSQL does not keep.</summary>
    public static bool IsNul(DbException failure) => failure is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire };
}
