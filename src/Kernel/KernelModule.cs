using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Kernel;

public static class KernelModule
{
    /// <summary>Storage, facts and blobs on one data folder. The pump is added by the server only.</summary>
    public static IServiceCollection AddKernel(this IServiceCollection services, DataFolder data)
    {
        services.AddSingleton(data);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<FactHandlers>();
        services.AddSingleton<SqlEngine>(_ => new SqliteEngine(data.DatabaseFile));
        services.AddSingleton<Database>();
        services.AddSingleton<Migrator>();
        services.AddSingleton<BlobStore>();
        return services;
    }

    /// <summary>Adds the embedded Migrations/*.sql of a module's assembly to the schema.</summary>
    public static IServiceCollection AddMigrations(this IServiceCollection services, Assembly assembly) =>
        services.AddSingleton(new MigrationSource(assembly));
}
