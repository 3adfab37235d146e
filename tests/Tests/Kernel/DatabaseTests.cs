using Squero.Kernel;

namespace Squero.Tests.Kernel;

public sealed class DatabaseTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_that_throws_leaves_nothing()
    {
        await using var world = await KernelWorld.CreateAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Database.WriteAsync(
            async session =>
            {
                await KernelWorld.NoteAsync(session, "half");
                throw new InvalidOperationException("no");
            },
            Cancel));
        Assert.Empty(await world.NotesAsync());
    }

    [Fact]
    public async Task After_a_failed_write_the_next_one_goes_through()
    {
        await using var world = await KernelWorld.CreateAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => world.Database.WriteAsync(session => session.ExecuteAsync("no SQL"), Cancel));
        await world.Database.WriteAsync(session => KernelWorld.NoteAsync(session, "whole"), Cancel);
        Assert.Equal(["whole"], await world.NotesAsync());
    }

    [Fact]
    public async Task A_cancelled_write_leaves_nothing_and_gives_its_turn_back()
    {
        await using var world = await KernelWorld.CreateAsync();
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Database.WriteAsync(
            async session =>
            {
                await KernelWorld.NoteAsync(session, "half");
                await source.CancelAsync();
                await KernelWorld.NoteAsync(session, "other half");
            },
            source.Token));
        await world.Database.WriteAsync(session => KernelWorld.NoteAsync(session, "whole"), Cancel);
        Assert.Equal(["whole"], await world.NotesAsync());
    }

    [Fact]
    public async Task Writes_from_many_sides_run_one_after_another()
    {
        await using var world = await KernelWorld.CreateAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), Cancel, async (_, cancel) => await world.Database.WriteAsync(
            async session =>
            {
                var count = await session.CountAsync("SELECT count(*) FROM notes");
                await KernelWorld.NoteAsync(session, $"{count}");
            },
            cancel));
        Assert.Equal(Enumerable.Range(0, 40).Select(number => $"{number}"), await world.NotesAsync());
    }

    [Fact]
    public async Task A_reader_does_not_see_a_write_before_its_commit()
    {
        await using var world = await KernelWorld.CreateAsync();
        await world.Database.WriteAsync(
            async session =>
            {
                await KernelWorld.NoteAsync(session, "soon");
                Assert.Empty(await world.NotesAsync());
            },
            Cancel);
        Assert.Equal(["soon"], await world.NotesAsync());
    }

    [Fact]
    public async Task Migrations_run_once()
    {
        await using var world = await KernelWorld.CreateAsync();
        await world.Get<Migrator>().RunAsync(Cancel);
        var applied = await world.Database.ReadAsync(session => session.ListAsync<string>("SELECT name FROM kernel_migrations"), Cancel);
        Assert.Equal(["Kernel/0001_chores.sql"], applied);
    }

    [Fact]
    public async Task A_migration_that_changed_after_it_ran_is_refused_by_name()
    {
        await using var world = await KernelWorld.CreateAsync();
        await world.Database.WriteAsync(session => session.ExecuteAsync("UPDATE kernel_migrations SET checksum = 'another'"), Cancel);
        var error = await Assert.ThrowsAsync<Refusal>(() => world.Get<Migrator>().RunAsync(Cancel));
        Assert.Contains("Kernel/0001_chores.sql", error.Message, StringComparison.Ordinal);
    }
}
