using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Squero.Tests.Mlflow;

/// <summary>Evaluation datasets and scorers beyond what the recorded session holds.</summary>
public sealed class EvaluationTests : IAsyncLifetime
{
    private TestServer server = null!;
    private MlflowClient client = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        var author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
        await author.CreateProjectAsync("other");
        client = new MlflowClient(author.Http, "ada/churn");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Records_with_the_same_inputs_are_one_whatever_the_order_of_their_fields()
    {
        var set = await CreateAsync();
        Assert.Equal((1, 0), await MergeAsync(set, """[{"inputs": {"a": 1, "b": {"c": 2, "d": 3}}, "expectations": {"x": 1}}]"""));
        Assert.Equal((1, 1), await MergeAsync(set, """[{"inputs": {"b": {"d": 3, "c": 2}, "a": 1}, "expectations": {"y": 2}}, {"inputs": {"a": 2}, "outputs": [1.5]}]"""));
        var records = await RecordsAsync(set, 10);
        Assert.Equal(["{\"x\":1,\"y\":2}", null], records.Select(record => record.TryGetProperty("expectations", out var expected) ? JsonSerializer.Serialize(expected) : null));
        Assert.Equal("[1.5]", JsonSerializer.Serialize(records[1].GetProperty("outputs")));
        var schema = (await client.GetAsync($"../../3.0/mlflow/datasets/{set}")).GetProperty("dataset").GetProperty("schema").GetString();
        Assert.Equal("""{"inputs": {"a": "integer", "b": "object"}, "outputs": "array", "expectations": {"x": "integer", "y": "integer"}, "version": "1.0"}""", schema);
    }

    [Fact]
    public async Task Records_come_in_pages_each_once()
    {
        var set = await CreateAsync();
        await MergeAsync(set, "[" + string.Join(',', Enumerable.Range(0, 25).Select(number => $"{{\"inputs\": {{\"n\": {number}}}}}")) + "]");
        var numbers = new List<int>();
        for (string? token = ""; token is not null;)
        {
            var page = await client.GetAsync($"../../3.0/mlflow/datasets/{set}/records?max_results=10&page_token={token}");
            numbers.AddRange(JsonDocument.Parse(page.GetProperty("records").GetString()!).RootElement.EnumerateArray().Select(record => record.GetProperty("inputs").GetProperty("n").GetInt32()));
            token = page.TryGetProperty("next_page_token", out var next) ? Uri.EscapeDataString(next.GetString()!) : null;
        }

        Assert.Equal(Enumerable.Range(0, 25), numbers);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("not json")]
    [InlineData("[{\"inputs\": {\"a\": 1}}, 2]")]
    public async Task Records_that_are_none_are_refused_and_nothing_is_kept(string records)
    {
        var set = await CreateAsync();
        using var answer = await client.SendAsync($"../../3.0/mlflow/datasets/{set}/records", new { records });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await RecordsAsync(set, 10));
    }

    [Fact]
    public async Task Signs_that_no_database_keeps_do_no_harm()
    {
        var set = await CreateAsync();
        Assert.Equal((1, 0), await MergeAsync(set, "[{\"inputs\": {\"a\\u0000\": \"b\\u0000\"}}]"));
        Assert.Single(await RecordsAsync(set, 10));
    }

    [Fact]
    public async Task Another_projects_dataset_and_experiment_are_not_there()
    {
        var set = await CreateAsync();
        var other = new MlflowClient(client.Http, "ada/other");
        using var seen = await other.Http.GetAsync($"{other.Root}/api/3.0/mlflow/datasets/{set}");
        using var changed = await other.SendAsync($"../../3.0/mlflow/datasets/{set}/records", new { records = "[]" });
        var foreign = (await other.PostAsync("experiments/create", new { name = "theirs" })).GetProperty("experiment_id").GetString();
        using var linked = await client.SendAsync($"../../3.0/mlflow/datasets/{set}/add-experiments", new { experiment_ids = new[] { foreign } });
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (seen.StatusCode, changed.StatusCode, linked.StatusCode));
    }

    [Fact]
    public async Task A_deleted_version_of_a_scorer_is_gone_and_the_others_stay()
    {
        foreach (var body in new[] { "1", "2", "3" })
        {
            await client.PostAsync("../../3.0/mlflow/scorers/register", new { experiment_id = "0", name = "s", serialized_scorer = body });
        }

        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{client.Root}/api/3.0/mlflow/scorers/delete") { Content = JsonContent.Create(new { experiment_id = "0", name = "s", version = 2 }) };
        using var deleted = await client.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        var left = await client.GetAsync("../../3.0/mlflow/scorers/versions?experiment_id=0&name=s");
        Assert.Equal([1, 3], left.GetProperty("scorers").EnumerateArray().Select(scorer => scorer.GetProperty("scorer_version").GetInt32()));
        using var absent = await client.Http.GetAsync($"{client.Root}/api/3.0/mlflow/scorers/get?experiment_id=0&name=s&version=2");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    private async Task<string> CreateAsync() =>
        (await client.PostAsync("../../3.0/mlflow/datasets/create", new { name = "questions", experiment_ids = new[] { "0" } })).GetProperty("dataset").GetProperty("dataset_id").GetString()!;

    private async Task<(int Added, int Changed)> MergeAsync(string set, string records)
    {
        var answer = await client.PostAsync($"../../3.0/mlflow/datasets/{set}/records", new { records });
        return (answer.GetProperty("inserted_count").GetInt32(), answer.GetProperty("updated_count").GetInt32());
    }

    private async Task<JsonElement[]> RecordsAsync(string set, int most)
    {
        var answer = await client.GetAsync($"../../3.0/mlflow/datasets/{set}/records?max_results={most}");
        return [.. JsonDocument.Parse(answer.GetProperty("records").GetString()!).RootElement.EnumerateArray()];
    }
}
