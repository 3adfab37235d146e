using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Squero.Kernel;

namespace Squero.Tests.Kernel;

/// <summary>The kernel on a folder of its own, with a table for notes, and with the pump when a test starts it.</summary>
internal sealed class KernelWorld : IAsyncDisposable
{
    private readonly ServiceProvider services;

    private KernelWorld(string folder, DatabaseAddress? database, Action<IServiceCollection>? add)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        collection.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        collection.AddKernel(new DataFolder(folder), database);
        collection.AddHostedService<ChorePump>();
        add?.Invoke(collection);
        services = collection.BuildServiceProvider();
    }

    public Database Database => Get<Database>();

    public static async Task<KernelWorld> CreateAsync(Action<IServiceCollection>? add = null)
    {
        var folder = Path.Combine(Path.GetTempPath(), "squero-kernel-" + Path.GetRandomFileName());
        var world = new KernelWorld(folder, await TestEngine.ForAsync(folder, migrated: false), add);
        await world.Get<Migrator>().RunAsync(CancellationToken.None);
        await world.Database.WriteAsync(session => session.ExecuteAsync(session.Dialect.Schema("CREATE TABLE notes (id INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT")), CancellationToken.None);
        return world;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public Task StartPumpAsync() => Get<IHostedService>().StartAsync(CancellationToken.None);

    public Task<IReadOnlyList<string>> NotesAsync() =>
        Database.ReadAsync(session => session.ListAsync<string>("SELECT word FROM notes ORDER BY id"), CancellationToken.None);

    public Task<long> ChoresAsync() =>
        Database.ReadAsync(session => session.CountAsync("SELECT count(*) FROM kernel_chores"), CancellationToken.None);

    public static Task NoteAsync(WriteSession session, string word) =>
        session.ExecuteAsync("INSERT INTO notes (word) VALUES (@word)", new { word });

    public async ValueTask DisposeAsync()
    {
        var root = Get<DataFolder>().Root;
        await Get<IHostedService>().StopAsync(CancellationToken.None);
        await services.DisposeAsync();
        await TestEngine.ForgetAsync(root);
        Directory.Delete(root, recursive: true);
    }
}
