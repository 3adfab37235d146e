using System.Net;
using System.Net.Http.Json;

namespace Squero.Tests.Pipelines;

public sealed class VariableApiTests : IAsyncLifetime
{
    private readonly PipelineWorld world = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Variables => $"{world.Api}/variables";

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task A_variable_is_made_changed_found_and_deleted()
    {
        await world.Author.PostAsync(Variables, new { key = "REGION", value = "eu", masked = false });
        var changed = await world.Author.PutAsync($"{Variables}/REGION", new { value = "us", variable_type = "file" });
        Assert.Equal("us", changed.GetProperty("value").GetString());
        Assert.Equal("file", (await world.Author.GetAsync($"{Variables}/REGION")).GetProperty("variable_type").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await world.Author.Http.DeleteAsync($"{Variables}/REGION", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await world.Author.Http.GetAsync($"{Variables}/REGION", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Of_several_variables_of_one_key_the_scope_says_which()
    {
        await world.Author.PostAsync(Variables, new { key = "REGION", value = "everywhere" });
        await world.Author.PostAsync(Variables, new { key = "REGION", value = "here", environment_scope = "production" });
        Assert.Equal(HttpStatusCode.Conflict, (await world.Author.Http.GetAsync($"{Variables}/REGION", Cancel)).StatusCode);
        var one = await world.Author.GetAsync($"{Variables}/REGION?filter[environment_scope]=production");
        Assert.Equal("here", one.GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("""{"key": "A"}""")]
    [InlineData("""{"value": "b"}""")]
    [InlineData("""{"key": "A B", "value": "b"}""")]
    [InlineData("""{"key": "A", "value": "b", "variable_type": "secret"}""")]
    [InlineData("""{"key": "A", "value": "short", "masked": true}""")]
    [InlineData("""{"key": "A", "value": "b", "protected": "perhaps"}""")]
    [InlineData("""{"key": "A", "value": "b", "environment_scope": ""}""")]
    public async Task What_is_no_variable_is_refused_and_not_stored(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.BadRequest, (await world.Author.Http.PostAsync(Variables, content, Cancel)).StatusCode);
        Assert.Equal(0, (await world.Author.GetAsync(Variables)).GetArrayLength());
    }

    [Fact]
    public async Task A_second_of_the_same_name_is_refused_in_the_shape_that_clients_read()
    {
        await world.Author.PostAsync(Variables, new { key = "REGION", value = "eu" });
        using var answer = await world.Author.Http.PostAsJsonAsync(Variables, new { key = "REGION", value = "us" }, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"message\":{\"key\":[\"(REGION) has already been taken\"]}", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("eu", (await world.Author.GetAsync($"{Variables}/REGION")).GetProperty("value").GetString());
    }

    [Fact]
    public async Task Developers_and_jobs_do_not_read_the_values()
    {
        await world.Author.PostAsync(Variables, new { key = "REGION", value = "eu" });
        var developer = await world.Server.PersonAsync("dora");
        await world.Author.PostAsync($"{world.Api}/members", new { user_id = developer.Person.Id, access_level = 30 });
        Assert.Equal(HttpStatusCode.Forbidden, (await developer.Http.GetAsync(Variables, Cancel)).StatusCode);

        await world.PushAsync("train:\n  script: [\"true\"]\n");
        var job = await world.Runner.TakeAsync("train");
        using var request = new HttpRequestMessage(HttpMethod.Get, Variables) { Headers = { { "JOB-TOKEN", job.Variable("CI_JOB_TOKEN") } } };
        Assert.Equal(HttpStatusCode.Forbidden, (await world.Server.Anonymous().SendAsync(request, Cancel)).StatusCode);
    }
}
