using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;

namespace Squero.Tests.Accounts;

/// <summary>An administrator shuts a person out, and lets them in again, in the page of people.</summary>
public sealed class BlockingTests : IAsyncLifetime
{
    private const string Page = "/-/admin/people";
    private TestServer server = null!;
    private TestPerson boss = null!;
    private TestPerson trudy = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        boss = await server.PersonAsync("boss", admin: true);
        trudy = await server.PersonAsync("trudy");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Blocked_people_are_out_at_once_and_come_back_with_the_same_token()
    {
        Assert.Contains($"action=\"{Page}/{trudy.Person.Id}/block\"", await ReadAsync(boss), StringComparison.Ordinal);
        await PostAsync(boss, trudy.Person.Id, "block", HttpStatusCode.Redirect);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(trudy, "/api/v4/user"));
        Assert.Contains($"action=\"{Page}/{trudy.Person.Id}/unblock\"", await ReadAsync(boss), StringComparison.Ordinal);

        await PostAsync(boss, trudy.Person.Id, "unblock", HttpStatusCode.Redirect);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(trudy, "/api/v4/user"));
    }

    [Fact]
    public async Task Nobody_blocks_the_own_account()
    {
        Assert.DoesNotContain($"{Page}/{boss.Person.Id}/block", await ReadAsync(boss), StringComparison.Ordinal);
        await PostAsync(boss, boss.Person.Id, "block", HttpStatusCode.Forbidden);
        Assert.False((await server.Services.GetRequiredService<PersonStore>().FindAsync("boss", CancellationToken.None))!.Blocked);
    }

    [Fact]
    public async Task Only_administrators_block()
    {
        await PostAsync(trudy, boss.Person.Id, "block", HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(boss, "/api/v4/user"));
    }

    private static Task<string> ReadAsync(TestPerson reader) => reader.Http.GetStringAsync(Page, TestContext.Current.CancellationToken);

    private static async Task PostAsync(TestPerson who, long id, string act, HttpStatusCode expected)
    {
        using var form = new FormUrlEncodedContent([]);
        using var answer = await who.Http.PostAsync($"{Page}/{id}/{act}", form, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestPerson who, string path)
    {
        using var answer = await who.Http.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
