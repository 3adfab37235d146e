using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Squero.Kernel;

/// <summary>What kept something from being stored, in a sentence; what was not stored was not acknowledged.</summary>
public static class StorageFault
{
    private const int NoSpace = 28;
    private const int FileTooLarge = 27;
    private const int ReadOnlyDisk = 30;
    private const int NoQuota = 122;
    private const int InputOutput = 5;

    private const string Full = "The server's disk is full. Nothing of this was kept; its administrator has to make room.";
    private const string ReadOnly = "The server's data cannot be written: the disk or database is read-only. Nothing of this was kept.";
    private const string Broken = "The server's disk reports an error. Nothing of this was kept.";

    /// <summary>Null when the failure is another one.</summary>
    public static string? SentenceOf(Exception failure) =>
        failure switch
        {
            SqliteException said => OfSqlite(said.SqliteErrorCode),
            PostgresException said => OfPostgres(said.SqlState),
            DbException => null,
            IOException said when Errno(said) is NoSpace or NoQuota or FileTooLarge => Full,
            IOException said when Errno(said) is ReadOnlyDisk => ReadOnly,
            IOException said when Errno(said) is InputOutput => Broken,
            UnauthorizedAccessException => ReadOnly,
            { InnerException: { } inner } => SentenceOf(inner),
            _ => null,
        };

    private static string? OfSqlite(int code) =>
        code switch
        {
            13 => Full,
            8 or 14 => ReadOnly,
            10 => Broken,
            _ => null,
        };

    private static string? OfPostgres(string state) =>
        state switch
        {
            PostgresErrorCodes.DiskFull => Full,
            PostgresErrorCodes.ReadOnlySqlTransaction => ReadOnly,
            PostgresErrorCodes.IoError => Broken,
            _ => null,
        };

    /// <summary>Outside Windows the framework passes the system's own number on.</summary>
    private static int Errno(IOException failure) => OperatingSystem.IsWindows() && (failure.HResult & 0xFFFF) == 112 ? NoSpace : failure.HResult;
}
