using System.Net;
using System.Net.Http.Json;
using Squero.Kernel;
using Squero.Server;

namespace Squero.Tests.Kernel.Engines;

/// <summary>The server of the database goes away while Squero runs, and comes back.</summary>
public sealed class PostgresLossTests
{
    // The lock of the one server.
    private const string Locks = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_that_are_cut_cost_single_requests_and_nothing_that_was_answered()
    {
        var cluster = await TestEngine.ClusterAsync();
        var name = await cluster.CreateAsync();
        await using var server = await TestServer.StartAsync(database: DatabaseAddress.Parse(cluster.AddressOf(name)));
        var person = await server.PersonAsync("ada");
        var kept = new List<string>();
        for (var number = 0; number < 40; number++)
        {
            if (number % 4 == 0)
            {
                await cluster.AskAsync("postgres", $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'");
            }

            var project = $"project{number}";
            using var answer = await person.Http.PostAsJsonAsync("/api/v4/projects", new { name = project }, Cancel);
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                kept.Add(project);
                continue;
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("The database does not answer at the moment", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        Assert.InRange(kept.Count, 20, 40);
        var there = await cluster.AskAsync(name, "SELECT path FROM projects_projects");
        Assert.Empty(kept.Except(there.Split('\n')));
    }

    [Fact]
    public async Task A_server_whose_database_started_anew_is_the_one_server_again_and_writes_nothing_before()
    {
        var cluster = await TestEngine.ClusterAsync();
        var name = await cluster.CreateAsync();
        await using var server = await TestServer.StartAsync(database: DatabaseAddress.Parse(cluster.AddressOf(name)));
        var person = await server.PersonAsync("ada");
        await person.CreateProjectAsync("before");
        Assert.Equal("1", await cluster.AskAsync(name, Locks));

        // All connections go, and another server is quicker.
        await cluster.AskAsync("postgres", $"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        await cluster.AskAsync("postgres", $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()");
        await cluster.AskAsync("postgres", $"ALTER DATABASE {name} ALLOW_CONNECTIONS true");
        await using var other = new Npgsql.NpgsqlConnection($"Host=127.0.0.1;Port={cluster.Port};Username={PrivateCluster.Role};Password={PrivateCluster.Password};Database={name};Pooling=false");
        await other.OpenAsync(Cancel);
        await using var take = new Npgsql.NpgsqlCommand($"SELECT pg_try_advisory_lock({PostgresEngine.ServerLock})", other);
        if (!(bool)(await take.ExecuteScalarAsync(Cancel))!)
        {
            // This time the server itself was.
            await TestServer.EventuallyAsync(() => cluster.AskAsync(name, Locks), locks => locks == "1");
            await TestServer.EventuallyAsync(
                () => person.Http.PostAsJsonAsync("/api/v4/projects", new { name = "after" }, Cancel), answer => answer.StatusCode == HttpStatusCode.Created);
            return;
        }

        await Task.Delay(TimeSpan.FromSeconds(1.5), Cancel);
        for (var tries = 0; tries < 4; tries++)
        {
            using var refused = await person.Http.PostAsJsonAsync("/api/v4/projects", new { name = "during" }, Cancel);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        Assert.Equal("before", await cluster.AskAsync(name, "SELECT path FROM projects_projects"));
        await other.CloseAsync();
        await TestServer.EventuallyAsync(() => cluster.AskAsync(name, Locks), locks => locks == "1");
        await TestServer.EventuallyAsync(
            () => person.Http.PostAsJsonAsync("/api/v4/projects", new { name = "after" }, Cancel), answer => answer.StatusCode == HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_database_that_is_away_is_told_and_found_again()
    {
        await TestEngine.ClusterAsync();
        await using var cluster = await PrivateCluster.StartAsync(durable: false);
        await using var server = await TestServer.StartAsync(database: DatabaseAddress.Parse(cluster.AddressOf(await cluster.CreateAsync())));
        var person = await server.PersonAsync("ada");
        await person.CreateProjectAsync("before");

        await cluster.KillAsync();
        using var ready = await server.Anonymous().GetAsync("/ready", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var refused = await person.Http.PostAsJsonAsync("/api/v4/projects", new { name = "during" }, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        using var alive = await server.Anonymous().GetAsync("/health", Cancel);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        // Long enough for every lane of the server's own work to have looked and failed.
        await Task.Delay(TimeSpan.FromSeconds(3), Cancel);
        await cluster.StartAgainAsync();
        await TestServer.EventuallyAsync(() => server.Anonymous().GetAsync("/ready", Cancel), answer => answer.IsSuccessStatusCode);
        await person.CreateProjectAsync("after");
        Assert.Equal(2, (await person.GetAsync("/api/v4/projects?owned=true")).GetArrayLength());
    }
}
