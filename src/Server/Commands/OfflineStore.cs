using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Server;

/// <summary>
/// The stores without a server, for commands on a data folder. Beside a running server they share its database;
/// only on a new folder do they create the schema.
/// </summary>
internal static class OfflineStore
{
    public static Option<string> DataOption() => new("--data") { Description = "The data folder.", DefaultValueFactory = _ => "data" };

    public static Task<int> UseAsync(string folder, DatabaseAddress? database, Func<IServiceProvider, Task> work, CancellationToken cancel) =>
        UseAsync(folder, database, mayBegin: true, work, cancel);

    /// <param name="mayBegin">Whether a folder without a database becomes a data folder.</param>
    public static async Task<int> UseAsync(string folder, DatabaseAddress? database, bool mayBegin, Func<IServiceProvider, Task> work, CancellationToken cancel)
    {
        if (!mayBegin && !Holds(folder))
        {
            throw Refusal.NotFound($"{(folder.Length == 0 ? "An empty name" : Path.GetFullPath(folder))} is not a data folder: it has no database. Name the right one with --data.");
        }

        var data = new DataFolder(folder);
        var mark = new DatabaseMark(data, database);
        mark.Check();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddKernel(data, database).AddSingleton(AddressOf(folder));
        services.AddModules();
        await using var provider = services.BuildServiceProvider();
        if (await provider.GetRequiredService<Database>().IsNewAsync(cancel))
        {
            mark.CheckNew();
            await provider.GetRequiredService<Migrator>().RunAsync(cancel);
            mark.Keep();
        }

        await work(provider);
        return 0;
    }

    private static bool Holds(string folder) => File.Exists(Path.Combine(folder, "squero.db")) || File.Exists(Path.Combine(folder, DataFolder.DatabaseMark));

    /// <summary>The address of the server that used the folder last, for links.</summary>
    private static ServerAddress AddressOf(string folder)
    {
        var file = Path.Combine(folder, DataFolder.AddressFile);
        return new ServerAddress(new Uri(File.Exists(file) ? File.ReadAllText(file).Trim() : ServeOptions.DefaultUrl), []);
    }
}
