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

    public static async Task<int> UseAsync(string folder, Func<IServiceProvider, Task> work, CancellationToken cancel)
    {
        var isNew = !File.Exists(Path.Combine(folder, "squero.db"));
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddKernel(new DataFolder(folder)).AddSingleton(AddressOf(folder));
        services.AddModules();
        await using var provider = services.BuildServiceProvider();
        try
        {
            if (isNew)
            {
                await provider.GetRequiredService<Migrator>().RunAsync(cancel);
            }

            await work(provider);
            return 0;
        }
        catch (Refusal refusal)
        {
            await Console.Error.WriteLineAsync(refusal.Sentence);
            return 1;
        }
    }

    /// <summary>The address of the server that used the folder last, for links.</summary>
    private static ServerAddress AddressOf(string folder)
    {
        var file = Path.Combine(folder, "address");
        return new ServerAddress(new Uri(File.Exists(file) ? File.ReadAllText(file).Trim() : ServeOptions.DefaultUrl), []);
    }
}
