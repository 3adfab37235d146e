using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Squero.Kernel;

/// <summary>What a failure of a database means, whichever engine says it.</summary>
public static class SqlFailure
{
    private const int SqliteConstraint = 19;

    /// <summary>A row that must be the only one of its kind is there already.</summary>
    public static bool IsDuplicate(DbException failure) => failure is SqliteException { SqliteErrorCode: SqliteConstraint };
}
