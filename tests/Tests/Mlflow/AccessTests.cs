using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Squero.Projects;

namespace Squero.Tests.Mlflow;

/// <summary>Who may read and write experiments over the protocol.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private TestServer server = null!;
    private TestPerson owner = null!;
    private MlflowClient client = null!;
    private string run = "";

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        owner = await server.PersonAsync("ada");
        await owner.CreateProjectAsync("churn");
        client = new MlflowClient(owner.Http, "ada/churn");
        run = await client.StartAsync();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData(null, 404, 404)]
    [InlineData(Role.Guest, 200, 403)]
    [InlineData(Role.Reporter, 200, 403)]
    [InlineData(Role.Developer, 200, 200)]
    public async Task Members_read_and_developers_write(Role? role, int reads, int writes)
    {
        var person = await server.PersonAsync("bob");
        if (role is { } given)
        {
            var project = await server.Services.GetRequiredService<ProjectStore>().FindAsync(1, CancellationToken.None);
            await server.Services.GetRequiredService<MemberStore>().SetAsync(project!, person.Person.Id, given, CancellationToken.None);
        }

        var other = new MlflowClient(person.Http, "ada/churn");
        using var read = await person.Http.GetAsync($"{other.Root}/api/2.0/mlflow/runs/get?run_id={run}");
        Assert.Equal(reads, (int)read.StatusCode);
        foreach (var (path, body) in Writes())
        {
            using var write = await other.SendAsync(path, body);
            Assert.Equal(writes, (int)write.StatusCode);
        }

        using var file = await other.PutFileAsync(run, "a.txt", "a");
        Assert.Equal(writes, (int)file.StatusCode);
    }

    [Fact]
    public async Task Strangers_are_told_to_sign_in_in_the_protocols_shape()
    {
        using var stranger = server.Anonymous();
        using var answer = await stranger.GetAsync($"{client.Root}/api/2.0/mlflow/runs/get?run_id={run}");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("UNAUTHENTICATED", body.GetProperty("error_code").GetString());
    }

    [Fact]
    public async Task A_read_only_token_does_not_write()
    {
        var reader = await server.PersonAsync("cyd", admin: false, "read_api");
        var project = await server.Services.GetRequiredService<ProjectStore>().FindAsync(1, CancellationToken.None);
        await server.Services.GetRequiredService<MemberStore>().SetAsync(project!, reader.Person.Id, Role.Developer, CancellationToken.None);
        using var answer = await new MlflowClient(reader.Http, "ada/churn").SendAsync("runs/set-tag", new { run_id = run, key = "a", value = "b" });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task Runs_of_another_project_are_not_found()
    {
        await owner.CreateProjectAsync("other");
        using var answer = await owner.Http.GetAsync($"{new MlflowClient(owner.Http, "ada/other").Root}/api/2.0/mlflow/runs/get?run_id={run}");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private IEnumerable<(string Path, object Body)> Writes() =>
    [
        ("runs/log-metric", new { run_id = run, key = "m", value = 1.0, timestamp = 1 }),
        ("runs/log-batch", new { run_id = run, tags = new[] { new { key = "t", value = "1" } } }),
        ("runs/set-tag", new { run_id = run, key = "a", value = "b" }),
        ("runs/update", new { run_id = run, status = "RUNNING" }),
        ("experiments/set-experiment-tag", new { experiment_id = "0", key = "a", value = "b" }),
    ];
}
