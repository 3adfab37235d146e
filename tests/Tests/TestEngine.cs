using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Squero.Kernel;
using Squero.Server;

[assembly: AssemblyFixture(typeof(Squero.Tests.TestEngine))]

namespace Squero.Tests;

/// <summary>
/// The engine that every database of this run is on: SQLite, or with <c>SQUERO_TEST_ENGINE=postgres</c> a private cluster, on which
/// each data folder has a database of its own.
/// </summary>
public sealed class TestEngine : IAsyncDisposable
{
    private static readonly Lazy<Task<PrivateCluster>> Started = new(() => PrivateCluster.StartAsync(durable: false));
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);
    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    public static bool IsPostgres { get; } = Environment.GetEnvironmentVariable("SQUERO_TEST_ENGINE") == "postgres";

    /// <summary>The cluster, started when it is first asked for, whatever the engine of the run.</summary>
    internal static Task<PrivateCluster> ClusterAsync()
    {
        Assert.SkipUnless(PrivateCluster.IsInstalled, "PostgreSQL is not installed here (on Debian: apt-get install postgresql).");
        return Started.Value;
    }

    /// <summary>For what belongs to SQLite alone, such as its files.</summary>
    public static void OnSqliteOnly(string why) => Assert.SkipWhen(IsPostgres, why);

    /// <summary>The database of a data folder: always the same one for the same folder. Null on SQLite.</summary>
    /// <param name="migrated">Whether it begins with the schema of all modules.</param>
    public static async Task<DatabaseAddress?> ForAsync(string folder, bool migrated = true)
    {
        if (!IsPostgres)
        {
            return null;
        }

        var cluster = await ClusterAsync();
        if (!Names.TryGetValue(folder, out var name))
        {
            name = await cluster.CreateAsync(migrated ? await Template.Value : null);
            Names[folder] = name;
        }

        return DatabaseAddress.Parse(cluster.AddressOf(name));
    }

    public static async Task ForgetAsync(string folder)
    {
        if (Names.TryRemove(folder, out var name))
        {
            await (await ClusterAsync()).DropAsync(name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Started.IsValueCreated)
        {
            await (await Started.Value).DisposeAsync();
        }
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var cluster = await ClusterAsync();
        var name = await cluster.CreateAsync();
        var folder = Directory.CreateTempSubdirectory("squero-template-");
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddKernel(new DataFolder(folder.FullName), DatabaseAddress.Parse(cluster.AddressOf(name)));
        services.AddModules();
        await using (var provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<Migrator>().RunAsync(CancellationToken.None);
        }

        folder.Delete(recursive: true);
        return name;
    }
}
