using System.Net;

namespace Squero.Tests.Kernel.Engines;

public sealed class StorageStateTests
{
    [Fact]
    public async Task Administrators_see_what_the_writing_connection_says_and_others_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var admin = await server.PersonAsync("ada", admin: true);
        var person = await server.PersonAsync("bob");
        var state = await admin.GetAsync("/api/v4/admin/storage");
        Assert.Equal(TestEngine.IsPostgres ? "PostgreSQL" : "SQLite", state.GetProperty("database").GetString());
        var durability = state.GetProperty("durability");

        // The tests' own cluster does not wait for the disk, and that is what has to be seen here.
        Assert.Equal(TestEngine.IsPostgres ? "off" : "FULL", durability.GetProperty(TestEngine.IsPostgres ? "fsync" : "synchronous").GetString());
        Assert.Equal(0, state.GetProperty("tail_points").GetInt64());
        using var refused = await person.Http.GetAsync("/api/v4/admin/storage", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }
}
