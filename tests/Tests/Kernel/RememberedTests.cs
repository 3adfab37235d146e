using Squero.Kernel;

namespace Squero.Tests.Kernel;

public sealed class RememberedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_row_is_read_once_while_its_table_stays_as_it_is()
    {
        await using var world = await KernelWorld.CreateAsync();
        var notes = new Notes(world.Database);
        await world.Database.WriteAsync(session => KernelWorld.NoteAsync(session, "one"), Cancel);
        Assert.Equal("one", await notes.FindAsync(1));
        Assert.Equal("one", await notes.FindAsync(1));
        Assert.Equal(1, notes.Reads);
    }

    [Theory]
    [InlineData("UPDATE notes SET word = 'two' WHERE id = 1", "two")]
    [InlineData("DELETE FROM notes WHERE id = 1", null)]
    [InlineData("INSERT INTO notes (id, word) VALUES (1, 'two') ON CONFLICT (id) DO UPDATE SET word = excluded.word", "two")]
    [InlineData("INSERT OR REPLACE INTO notes (id, word) VALUES (1, 'two')", "two")]
    public async Task A_committed_change_counts_at_once(string change, string? expected)
    {
        if (change.Contains("OR REPLACE", StringComparison.Ordinal))
        {
            TestEngine.OnSqliteOnly("OR REPLACE is SQLite's own.");
        }

        await using var world = await KernelWorld.CreateAsync();
        var notes = new Notes(world.Database);
        await world.Database.WriteAsync(session => KernelWorld.NoteAsync(session, "one"), Cancel);
        await notes.FindAsync(1);
        await world.Database.WriteAsync(session => session.ExecuteAsync(change), Cancel);
        Assert.Equal(expected, await notes.FindAsync(1));
    }

    [Fact]
    public async Task A_change_that_returns_its_row_counts_too()
    {
        await using var world = await KernelWorld.CreateAsync();
        var notes = new Notes(world.Database);
        await world.Database.WriteAsync(session => KernelWorld.NoteAsync(session, "one"), Cancel);
        await notes.FindAsync(1);
        await world.Database.WriteAsync(session => session.FirstAsync<string>("UPDATE notes SET word = 'two' WHERE id = 1 RETURNING word"), Cancel);
        Assert.Equal("two", await notes.FindAsync(1));
    }

    [Fact]
    public async Task What_was_not_there_is_asked_for_again()
    {
        await using var world = await KernelWorld.CreateAsync();
        var notes = new Notes(world.Database);
        Assert.Null(await notes.FindAsync(1));
        await AddFromOutsideAsync(world, "one");
        Assert.Equal("one", await notes.FindAsync(1));
    }

    [Fact]
    public async Task A_change_of_another_table_costs_nothing()
    {
        await using var world = await KernelWorld.CreateAsync();
        var notes = new Notes(world.Database);
        await world.Database.WriteAsync(
            async session =>
            {
                await KernelWorld.NoteAsync(session, "one");
                await session.ExecuteAsync(session.Dialect.Schema("CREATE TABLE other_notes (id INTEGER PRIMARY KEY) STRICT"));
            },
            Cancel);
        await notes.FindAsync(1);
        await world.Database.WriteAsync(session => session.ExecuteAsync("INSERT INTO other_notes (id) VALUES (1)"), Cancel);
        await notes.FindAsync(1);
        Assert.Equal(1, notes.Reads);
    }

    [Fact]
    public async Task A_change_that_is_rolled_back_changes_nothing()
    {
        await using var world = await KernelWorld.CreateAsync();
        var notes = new Notes(world.Database);
        await world.Database.WriteAsync(session => KernelWorld.NoteAsync(session, "one"), Cancel);
        await notes.FindAsync(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("UPDATE notes SET word = 'two' WHERE id = 1");
                throw new InvalidOperationException("no");
            },
            Cancel));
        Assert.Equal("one", await notes.FindAsync(1));
    }

    // Another process writes past this one's count of changes.
    private static async Task AddFromOutsideAsync(KernelWorld world, string word)
    {
        await using var connection = await world.Database.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO notes (word) VALUES (@word)";
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@word", word);
        command.Parameters.Add(parameter);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private sealed class Notes(Database database)
    {
        private readonly Remembered<long, string> rows = new(database, "notes");

        public int Reads { get; private set; }

        public ValueTask<string?> FindAsync(long id) =>
            rows.FindAsync(
                id,
                session =>
                {
                    Reads++;
                    return session.FirstAsync<string>("SELECT word FROM notes WHERE id = @id", new { id });
                },
                Cancel);
    }
}
