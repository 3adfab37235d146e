using System.Net;
using System.Net.Http.Json;
using CsCheck;
using Squero.Mlflow;
using Squero.Registry;

namespace Squero.Tests.Mlflow;

/// <summary>Prompts are kept apart from models, and being one opens no door.</summary>
public sealed class PromptTests : IAsyncLifetime
{
    private const string Tag = "mlflow.prompt.is_prompt";

    private static readonly string[] Pieces =
    [
        "name", "tags.", "tag.`a b`", "and", "AND", "=", "!=", "LIKE", "in", "not in", "(", ")", ",", "'x'", "\"y\"", "`", "'", "3", "version_number", "run_id", ";", "tags.`mlflow.prompt.is_prompt`", "'true'",
    ];

    private TestServer server = null!;
    private TestPerson owner = null!;
    private MlflowClient client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        owner = await server.PersonAsync("ada");
        await owner.CreateProjectAsync("churn");
        client = new MlflowClient(owner.Http, "ada/churn");
        await client.PostAsync("registered-models/create", new { name = "greet", tags = new[] { new { key = Tag, value = "true" } } });
        await client.PostAsync("model-versions/create", new { name = "greet", source = "dummy-source", tags = new[] { new { key = "mlflow.prompt.text", value = "Hello {{name}}!" } } });
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("dummy-source", HttpStatusCode.OK)]
    [InlineData("prompt-template", HttpStatusCode.OK)]
    [InlineData("somewhere-else", HttpStatusCode.BadRequest)]
    public async Task A_prompt_names_the_sources_that_the_client_writes(string source, HttpStatusCode expected)
    {
        using var answer = await client.SendAsync("model-versions/create", new { name = "greet", source });
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Pages_show_prompts_apart_from_models()
    {
        await client.PostAsync("registered-models/create", new { name = "churn" });
        var models = await owner.Http.GetStringAsync("/ada/churn/-/models", Cancel);
        Assert.Contains("/-/models/churn\"", models, StringComparison.Ordinal);
        Assert.DoesNotContain("/-/models/greet\"", models, StringComparison.Ordinal);
        var prompts = await owner.Http.GetStringAsync("/ada/churn/-/models?kind=prompts", Cancel);
        Assert.Contains("/-/models/greet\"", prompts, StringComparison.Ordinal);
        Assert.DoesNotContain("/-/models/churn\"", prompts, StringComparison.Ordinal);
        var page = await owner.Http.GetStringAsync("/ada/churn/-/models/greet", Cancel);
        Assert.Contains("Hello {{name}}!", page, StringComparison.Ordinal);
        Assert.DoesNotContain("in production", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_stays_a_prompt_and_a_model_a_model()
    {
        await client.PostAsync("registered-models/create", new { name = "churn" });
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("registered-models/set-tag", new { name = "churn", key = Tag, value = "true" }));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("registered-models/set-tag", new { name = "greet", key = Tag, value = "false" }));
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{client.Root}/api/2.0/mlflow/registered-models/delete-tag") { Content = JsonContent.Create(new { name = "greet", key = Tag }) };
        await request.Content.LoadIntoBufferAsync(Cancel);
        using var answer = await client.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_prompt_has_no_files_and_serves_nothing()
    {
        var run = await client.StartAsync();
        using (await client.PutFileAsync(run, "model/model.onnx", "x"))
        {
            await client.PostAsync("model-versions/create", new { name = "greet", source = $"runs:/{run}/model", run_id = run });
        }

        using var file = await client.Http.GetAsync($"{client.Root}/model-versions/get-artifact?name=greet&version=2&path=model.onnx", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, file.StatusCode);
        await client.PostAsync("registered-models/alias", new { name = "greet", alias = "production", version = "2" });
        Assert.DoesNotContain(">greet<", await owner.Http.GetStringAsync("/ada/churn/-/deployments", Cancel), StringComparison.Ordinal);
    }

    /// <summary>No tag, whatever its key and value, opens a source that is refused without it.</summary>
    [Fact]
    public async Task No_tag_skips_a_check()
    {
        await client.PostAsync("registered-models/create", new { name = "churn" });
        var keys = new[] { Tag, Tag.ToUpperInvariant(), "mlflow.prompt.text", "_mlflow_prompt_type", "type", "is_prompt", "mlflow.source.type" };
        foreach (var (key, value) in from key in keys from value in new[] { "true", "True", "1", "" } select (key, value))
        {
            foreach (var name in new[] { "churn", "greet" })
            {
                var tags = new[] { new { key, value } };
                Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("model-versions/create", new { name, source = "/etc/passwd", tags }));
                Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("model-versions/create", new { name, source = "s3://b/../../x", tags }));
            }
        }
    }

    [Theory]
    [InlineData(null, null, ModelKind.Model)]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'true'", "", ModelKind.Prompt)]
    [InlineData("name = 'a' AND tag.`mlflow.prompt.is_prompt` != 'true'", "name = 'a'", ModelKind.Model)]
    [InlineData("tags.`mlflow.prompt.is_prompt` = 'true' and name = 'a'", "name = 'a'", ModelKind.Prompt)]
    [InlineData("name = 'a' and tags.mlflow.prompt.is_prompt != 'false' AND name = 'b'", "name = 'a' AND name = 'b'", ModelKind.Prompt)]
    [InlineData("name = \"tags.`mlflow.prompt.is_prompt` = 'true'\"", "name = \"tags.`mlflow.prompt.is_prompt` = 'true'\"", ModelKind.Model)]
    public void A_filter_says_whether_it_means_prompts(string? filter, string? rest, ModelKind kind) => Assert.Equal((rest, kind), Prompts.Split(filter));

    [Fact]
    public void Any_filter_is_understood_or_refused()
    {
        var piece = Gen.Int[0, Pieces.Length - 1].Select(index => Pieces[index]);
        piece.Array[0, 12].Select(parts => string.Join(' ', parts)).Sample(filter =>
        {
            foreach (var scope in new[] { RegistryScope.Models, RegistryScope.Versions })
            {
                try
                {
                    RegistryFilter.Parse(Prompts.Split(filter).Filter, scope);
                }
                catch (Squero.Kernel.Refusal refusal)
                {
                    Assert.NotEmpty(refusal.Sentence);
                }
            }
        });
    }

    private async Task<HttpStatusCode> StatusAsync(string path, object body)
    {
        using var answer = await client.SendAsync(path, body);
        return answer.StatusCode;
    }
}
