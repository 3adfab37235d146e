using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Squero.Kernel;

/// <summary>An assembly whose embedded Migrations/NNNN_name.sql files belong to the schema, in order of registration.</summary>
public sealed record MigrationSource(Assembly Assembly);

/// <summary>
/// Brings the schema up to date: every file runs once, in one transaction with its entry in the version table.
/// A changed file is refused: migrations are history.
/// </summary>
public sealed class Migrator(Database database, IEnumerable<MigrationSource> sources, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenAsync(cancel);
        await ExecuteAsync(connection, "PRAGMA journal_mode=WAL", cancel);
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS kernel_migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_us INTEGER NOT NULL) STRICT",
            cancel);
        foreach (var file in sources.Prepend(new MigrationSource(typeof(Migrator).Assembly)).SelectMany(Files))
        {
            await ApplyAsync(connection, file, cancel);
        }
    }

    private async Task ApplyAsync(SqliteConnection connection, MigrationFile file, CancellationToken cancel)
    {
        await using var transaction = connection.BeginTransaction(deferred: false);
        await using var find = connection.CreateCommand();
        find.CommandText = "SELECT checksum FROM kernel_migrations WHERE name = @name";
        find.Parameters.AddWithValue("@name", file.Name);
        var applied = (string?)await find.ExecuteScalarAsync(cancel);
        if (applied is null)
        {
            await ExecuteAsync(connection, file.Sql, cancel);
            await using var note = connection.CreateCommand();
            note.CommandText = "INSERT INTO kernel_migrations (name, checksum, applied_us) VALUES (@name, @checksum, @now)";
            note.Parameters.AddWithValue("@name", file.Name);
            note.Parameters.AddWithValue("@checksum", file.Checksum);
            note.Parameters.AddWithValue("@now", time.NowMicros());
            await note.ExecuteNonQueryAsync(cancel);
        }
        else if (applied != file.Checksum)
        {
            throw Refusal.Conflict(
                $"The data folder was made by another build: migration {file.Name} has changed since it ran. Use the version that made it, or a new data folder.");
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    private static IEnumerable<MigrationFile> Files(MigrationSource source)
    {
        var module = source.Assembly.GetName().Name!.Replace("Squero.", "", StringComparison.Ordinal);
        return source.Assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Migrations.", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => MigrationFile.Read(source.Assembly, module, name));
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql, CancellationToken cancel)
    {
        await using var run = connection.CreateCommand();
        run.CommandText = sql;
        await run.ExecuteNonQueryAsync(cancel);
    }

    private sealed record MigrationFile(string Name, string Sql, string Checksum)
    {
        public static MigrationFile Read(Assembly assembly, string module, string resource)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
            var file = resource[(resource.IndexOf(".Migrations.", StringComparison.Ordinal) + ".Migrations.".Length)..];
            return new MigrationFile($"{module}/{file}", sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }
    }
}
