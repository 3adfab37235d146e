using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Squero.Kernel;

/// <summary>Does a chore, or reacts to a fact, some time after the transaction that stated it. Must be idempotent: it may run again.</summary>
public interface IHandle<in TFact>
{
    Task HandleAsync(TFact fact, CancellationToken cancel);
}

/// <summary>Joins the transaction that states a fact, for what must be true at the same instant.</summary>
public interface IJoin<in TFact>
{
    Task JoinAsync(TFact fact, WriteSession session);
}

/// <summary>Who handles which fact. Filled by the module files; nothing is discovered by scanning.</summary>
public sealed class FactHandlers(IServiceProvider services, IEnumerable<HandlerEntry> entries, IEnumerable<JoinEntry> joins)
{
    private readonly ILookup<Type, string> names = entries.ToLookup(entry => entry.Fact, entry => entry.Name);
    private readonly ILookup<Type, JoinEntry> joinsByFact = joins.ToLookup(entry => entry.Fact);
    private readonly SemaphoreSlim wake = new(0);

    internal IReadOnlyList<HandlerEntry> Entries { get; } = [.. entries];

    internal IReadOnlyList<string> NamesOf(Type fact) => [.. names[fact]];

    internal IEnumerable<Func<object, WriteSession, Task>> JoinsOf(Type fact) =>
        joinsByFact[fact].Select(entry => (Func<object, WriteSession, Task>)((value, session) => entry.Join(services, value, session)));

    internal void Wake() => wake.Release();

    internal async Task SleepAsync(TimeSpan limit, CancellationToken cancel)
    {
        await wake.WaitAsync(limit, cancel);
        while (wake.Wait(0, cancel))
        {
            // Many commits, one look.
        }
    }
}

public sealed record HandlerEntry(Type Fact, string Name, Func<IServiceProvider, string, CancellationToken, Task> Handle);

public sealed record JoinEntry(Type Fact, Func<IServiceProvider, object, WriteSession, Task> Join);

public static class FactRegistration
{
    /// <summary>Subscribes a handler to a fact (or registers the one who does a chore).</summary>
    public static IServiceCollection AddHandler<TFact, THandler>(this IServiceCollection services)
        where THandler : class, IHandle<TFact>
    {
        services.AddTransient<THandler>();
        return services.AddSingleton(new HandlerEntry(
            typeof(TFact),
            $"{typeof(THandler).Namespace!.Replace("Squero.", "", StringComparison.Ordinal)}.{typeof(THandler).Name}",
            (provider, payload, cancel) =>
                provider.GetRequiredService<THandler>().HandleAsync(JsonSerializer.Deserialize<TFact>(payload)!, cancel)));
    }

    public static IServiceCollection AddJoin<TFact, TJoin>(this IServiceCollection services)
        where TJoin : class, IJoin<TFact>
    {
        services.AddTransient<TJoin>();
        return services.AddSingleton(new JoinEntry(
            typeof(TFact), (provider, fact, session) => provider.GetRequiredService<TJoin>().JoinAsync((TFact)fact, session)));
    }
}
