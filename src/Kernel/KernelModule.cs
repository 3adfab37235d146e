using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Kernel;

public static class KernelModule
{
    /// <summary>Storage, facts and blobs on one data folder. The pump is added by the server only.</summary>
    /// <param name="database">Where a PostgreSQL database is; none: SQLite in the data folder.</param>
    public static IServiceCollection AddKernel(this IServiceCollection services, DataFolder data, DatabaseAddress? database = null)
    {
        services.AddSingleton(data);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<FactHandlers>();
        services.AddSingleton<SqlEngine>(_ => database is null ? new SqliteEngine(data.DatabaseFile) : new PostgresEngine(database));
        services.AddSingleton<Database>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<BlobStore>();
        return services;
    }

    /// <summary>Adds the embedded Migrations/*.sql of a module's assembly to the schema.</summary>
    public static IServiceCollection AddMigrations(this IServiceCollection services, Assembly assembly) =>
        services.AddSingleton(new MigrationSource(assembly));
}
