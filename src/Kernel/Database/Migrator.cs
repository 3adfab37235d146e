using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Squero.Kernel;

/// <summary>An assembly whose embedded Migrations/NNNN_name.sql files belong to the schema, in order of registration.</summary>
public sealed record MigrationSource(Assembly Assembly);

/// <summary>
/// Brings the schema up to date: every file runs once, in one transaction with its entry in the version table.
/// A changed file is refused: migrations are history.
/// </summary>
public sealed class Migrator(SqlEngine engine, Database database, IEnumerable<MigrationSource> sources)
{
    private const string PostgresEnding = ".postgres.sql";

    public async Task RunAsync(CancellationToken cancel)
    {
        await engine.PrepareAsync(cancel);
        await database.WriteAsync(
            session => session.ExecuteAsync(engine.Dialect.Schema(
                "CREATE TABLE IF NOT EXISTS kernel_migrations (name TEXT NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_us INTEGER NOT NULL) STRICT")),
            cancel);
        foreach (var file in sources.Prepend(new MigrationSource(typeof(Migrator).Assembly)).SelectMany(Files))
        {
            await database.WriteAsync(session => ApplyAsync(session, file), cancel);
        }
    }

    private async Task ApplyAsync(WriteSession session, MigrationFile file)
    {
        var applied = await session.FirstAsync<string>("SELECT checksum FROM kernel_migrations WHERE name = @Name", new { file.Name });
        if (applied is null)
        {
            await session.ExecuteAsync(engine.Dialect.Schema(file.Sql));
            await session.ExecuteAsync(
                "INSERT INTO kernel_migrations (name, checksum, applied_us) VALUES (@Name, @Checksum, @NowMicros)",
                new { file.Name, file.Checksum, session.NowMicros });
        }
        else if (applied != file.Checksum)
        {
            throw Refusal.Conflict(
                $"The data folder was made by another build: migration {file.Name} has changed since it ran. Use the version that made it, or a new data folder.");
        }
    }

    /// <summary>Where PostgreSQL needs words of its own, 0001_x.postgres.sql stands beside 0001_x.sql and runs in its place.</summary>
    private IEnumerable<MigrationFile> Files(MigrationSource source)
    {
        var module = source.Assembly.GetName().Name!.Replace("Squero.", "", StringComparison.Ordinal);
        var names = source.Assembly.GetManifestResourceNames()
            .Where(name => name.Contains(".Migrations.", StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .ToHashSet(StringComparer.Ordinal);
        return names
            .Where(name => !name.EndsWith(PostgresEnding, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => MigrationFile.Read(source.Assembly, module, name, engine.Dialect.IsPostgres && names.Contains(OwnOf(name)) ? OwnOf(name) : name));
    }

    private static string OwnOf(string resource) => resource[..^".sql".Length] + PostgresEnding;

    private sealed record MigrationFile(string Name, string Sql, string Checksum)
    {
        public static MigrationFile Read(Assembly assembly, string module, string resource, string text)
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(text)!);
            var sql = reader.ReadToEnd().ReplaceLineEndings("\n");
            var file = resource[(resource.IndexOf(".Migrations.", StringComparison.Ordinal) + ".Migrations.".Length)..];
            return new MigrationFile($"{module}/{file}", sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
        }
    }
}
