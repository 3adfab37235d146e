using Squero.Kernel;
using Squero.Server;

namespace Squero.Tests.Kernel.Engines;

/// <summary>What an operator reads when a database cannot be used. Each names what to do; none tells a password.</summary>
public sealed class PostgresStartTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_server_the_address_is_told()
    {
        var refusal = await RefusedAsync("postgres://squero:hush@127.0.0.1:1/forge");
        Assert.StartsWith("There is no PostgreSQL at postgres://squero@127.0.0.1:1/forge:", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_as_such()
    {
        var cluster = await TestEngine.ClusterAsync();
        var refusal = await RefusedAsync(cluster.AddressOf("postgres", "hush"));
        Assert.Contains("does not take the password of the role `squero`", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_password_is_told_with_the_places_for_it()
    {
        var cluster = await TestEngine.ClusterAsync();
        Assert.Contains("SQUERO_DATABASE", (await RefusedAsync($"postgres://squero@127.0.0.1:{cluster.Port}/postgres")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_database_is_told_with_how_to_make_it()
    {
        var cluster = await TestEngine.ClusterAsync();
        Assert.Contains("createdb --owner=squero not_there", (await RefusedAsync(cluster.AddressOf("not_there"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_another_product_is_left_alone()
    {
        var cluster = await TestEngine.ClusterAsync();
        var name = await cluster.CreateAsync();
        await cluster.AskAsync(name, "CREATE TABLE their_orders (id int)");
        Assert.Contains("belongs to something else: it has 1 tables", (await RefusedAsync(cluster.AddressOf(name))).Message, StringComparison.Ordinal);
        Assert.Equal("their_orders", await cluster.AskAsync(name, "SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task A_database_in_another_encoding_is_refused()
    {
        var cluster = await TestEngine.ClusterAsync();
        await cluster.AskAsync("postgres", "DROP DATABASE IF EXISTS old_text");
        await cluster.AskAsync("postgres", "CREATE DATABASE old_text ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
        Assert.Contains("keeps text as SQL_ASCII", (await RefusedAsync(cluster.AddressOf("old_text"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("9.6.24")]
    [InlineData("14.20")]
    public void Versions_before_15_are_refused(string version) =>
        Assert.Equal($"The server runs PostgreSQL {version}; Squero needs 15 or newer.", Assert.Throws<Refusal>(() => PostgresCheck.Version(new Version(version))).Message);

    [Fact]
    public void A_role_that_may_create_nothing_is_told_with_what_helps() =>
        Assert.Contains(
            "ALTER DATABASE forge OWNER TO ada",
            Assert.Throws<Refusal>(() => PostgresCheck.State(DatabaseAddress.Parse("postgres://ada@db/forge"), new PostgresState("UTF8", false, 0, false))).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task One_server_at_a_time_works_on_a_database()
    {
        var cluster = await TestEngine.ClusterAsync();
        var address = DatabaseAddress.Parse(cluster.AddressOf(await cluster.CreateAsync()));
        await using (var first = await TestServer.StartAsync(database: address))
        {
            Assert.Contains("Another server works on the database", (await Assert.ThrowsAsync<Refusal>(() => TestServer.StartAsync(database: address))).Message, StringComparison.Ordinal);
        }

        await using var next = await TestServer.StartAsync(database: address);
        Assert.Equal("PostgreSQL", (await next.Anonymous().GetStringAsync("/ready", Cancel)).Split('"')[7]);
    }

    [Fact]
    public async Task A_data_folder_goes_with_its_database()
    {
        var cluster = await TestEngine.ClusterAsync();
        var folder = Directory.CreateTempSubdirectory("squero-test-").FullName;
        var server = await TestServer.StartAsync(folder: folder, database: DatabaseAddress.Parse(cluster.AddressOf(await cluster.CreateAsync())));
        await server.StopAsync();
        Assert.DoesNotContain("sesame", await File.ReadAllTextAsync(Path.Combine(folder, DataFolder.DatabaseMark), Cancel), StringComparison.Ordinal);

        var other = DatabaseAddress.Parse(cluster.AddressOf(await cluster.CreateAsync()));
        Assert.Contains("is empty, but the data folder", (await Assert.ThrowsAsync<Refusal>(() => TestServer.StartAsync(folder: folder, database: other))).Message, StringComparison.Ordinal);
        Assert.Contains("Name it with --database", Assert.Throws<Refusal>(() => new DatabaseMark(new DataFolder(folder), null).Check()).Message, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<Refusal> RefusedAsync(string address)
    {
        using var engine = new PostgresEngine(DatabaseAddress.Parse(address));
        return await Assert.ThrowsAsync<Refusal>(() => engine.PrepareAsync(Cancel));
    }
}
