using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;

namespace Squero.Tests.Kernel;

public sealed class FactTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_published_fact_reaches_its_handler_after_the_commit()
    {
        await using var world = await StartAsync();
        await world.Database.WriteAsync(
            async session =>
            {
                await session.PublishAsync(new Painted("red"));
                Assert.Empty(world.Get<Seen>().Colours);
            },
            Cancel);
        await TestServer.EventuallyAsync(() => Task.FromResult(world.Get<Seen>().Colours.ToArray()), colours => colours is ["red"]);
        await TestServer.EventuallyAsync(world.ChoresAsync, left => left == 0);
    }

    [Fact]
    public async Task A_fact_of_a_transaction_that_rolled_back_reaches_nobody()
    {
        await using var world = await StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Database.WriteAsync(
            async session =>
            {
                await session.PublishAsync(new Painted("red"));
                throw new InvalidOperationException("no");
            },
            Cancel));
        await world.Database.WriteAsync(session => session.PublishAsync(new Painted("blue")), Cancel);
        await TestServer.EventuallyAsync(() => Task.FromResult(world.Get<Seen>().Colours.ToArray()), colours => colours is ["blue"]);
    }

    [Fact]
    public async Task A_handler_that_failed_gets_the_fact_again()
    {
        await using var world = await StartAsync();
        world.Get<Seen>().Failures = 1;
        await world.Database.WriteAsync(session => session.PublishAsync(new Painted("red")), Cancel);
        await TestServer.EventuallyAsync(() => Task.FromResult(world.Get<Seen>().Colours.ToArray()), colours => colours is ["red"]);
        Assert.Equal(0, world.Get<Seen>().Failures);
    }

    [Fact]
    public async Task Facts_reach_a_handler_in_the_order_they_were_stated()
    {
        await using var world = await StartAsync();
        for (var number = 0; number < 20; number++)
        {
            await world.Database.WriteAsync(session => session.PublishAsync(new Painted($"{number}")), Cancel);
        }

        var all = await TestServer.EventuallyAsync(() => Task.FromResult(world.Get<Seen>().Colours.ToArray()), colours => colours.Length == 20);
        Assert.Equal(Enumerable.Range(0, 20).Select(number => $"{number}"), all);
    }

    [Fact]
    public async Task What_was_published_before_the_pump_started_is_done_later()
    {
        await using var world = await KernelWorld.CreateAsync(Add);
        await world.Database.WriteAsync(session => session.PublishAsync(new Painted("red")), Cancel);
        Assert.Equal(1, await world.ChoresAsync());
        await world.StartPumpAsync();
        await TestServer.EventuallyAsync(() => Task.FromResult(world.Get<Seen>().Colours.ToArray()), colours => colours is ["red"]);
    }

    [Fact]
    public async Task A_join_writes_in_the_transaction_of_the_fact()
    {
        await using var world = await KernelWorld.CreateAsync(Add);
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Database.WriteAsync(
            async session =>
            {
                await session.PublishAsync(new Painted("red"));
                Assert.Equal(1, await session.CountAsync("SELECT count(*) FROM notes"));
                throw new InvalidOperationException("no");
            },
            Cancel));
        Assert.Empty(await world.NotesAsync());
        await world.Database.WriteAsync(session => session.PublishAsync(new Painted("blue")), Cancel);
        Assert.Equal(["blue"], await world.NotesAsync());
    }

    [Fact]
    public async Task A_join_that_throws_undoes_the_fact()
    {
        await using var world = await StartAsync();
        await Assert.ThrowsAsync<Refusal>(() => world.Database.WriteAsync(
            async session =>
            {
                await KernelWorld.NoteAsync(session, "before");
                await session.PublishAsync(new Painted("forbidden"));
            },
            Cancel));
        Assert.Empty(await world.NotesAsync());
        Assert.Equal(0, await world.ChoresAsync());
    }

    private static async Task<KernelWorld> StartAsync()
    {
        var world = await KernelWorld.CreateAsync(Add);
        await world.StartPumpAsync();
        return world;
    }

    private static void Add(IServiceCollection services)
    {
        services.AddSingleton<Seen>();
        services.AddHandler<Painted, RememberColour>();
        services.AddJoin<Painted, NoteColour>();
    }

    public sealed record Painted(string Colour);

    private sealed class Seen
    {
        public ConcurrentQueue<string> Colours { get; } = new();

        public int Failures { get; set; }
    }

    private sealed class RememberColour(Seen seen) : IHandle<Painted>
    {
        public Task HandleAsync(Painted fact, CancellationToken cancel)
        {
            if (seen.Failures > 0)
            {
                seen.Failures--;
                throw new InvalidOperationException("not yet");
            }

            seen.Colours.Enqueue(fact.Colour);
            return Task.CompletedTask;
        }
    }

    private sealed class NoteColour : IJoin<Painted>
    {
        public Task JoinAsync(Painted fact, WriteSession session) =>
            fact.Colour == "forbidden" ? throw Refusal.Conflict("Not this colour.") : KernelWorld.NoteAsync(session, fact.Colour);
    }
}
