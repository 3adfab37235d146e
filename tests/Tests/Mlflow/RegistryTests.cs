using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Squero.Deployments;
using Squero.Kernel;
using Squero.Projects;
using Squero.Registry;
using Squero.Tests.Registry;

namespace Squero.Tests.Mlflow;

/// <summary>Models and versions that clients register, and who may move what.</summary>
public sealed class RegistryTests : IAsyncLifetime
{
    private static readonly byte[] Onnx = OnnxBytes.Logistic([1], 0);
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
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_version_keeps_the_files_that_its_run_had_when_it_was_registered()
    {
        var run = await RunWithModelAsync();
        await RegisterAsync("churn", run);
        using (var later = await client.Http.PutAsync(
            $"{client.Root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/model/notes.txt", new StringContent("after"), Cancel))
        {
            Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        }

        Assert.Equal("before", await FileAsync("churn", 1, "notes.txt"));
        using var outside = await client.Http.GetAsync($"{client.Root}/model-versions/get-artifact?name=churn&version=1&path=other.txt", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    [Fact]
    public async Task A_copy_of_a_version_has_its_files()
    {
        await RegisterAsync("churn", await RunWithModelAsync());
        await client.PostAsync("registered-models/create", new { name = "copy" });
        await client.PostAsync("model-versions/create", new { name = "copy", source = "models:/churn/1" });
        Assert.Equal("before", await FileAsync("copy", 1, "notes.txt"));
        using var missing = await client.SendAsync("model-versions/create", new { name = "copy", source = "models:/churn/9" });
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("FILE:///etc/passwd")]
    [InlineData("dummy-source")]
    [InlineData("C:\\windows")]
    [InlineData("s3://bucket/../x")]
    [InlineData("s3://bucket/%2e%2e/x")]
    [InlineData("s3://bucket/%252e%252e%252fx")]
    [InlineData("runs:/../../etc")]
    [InlineData("mlflow-artifacts:/..\\..\\etc")]
    public async Task A_source_that_leads_elsewhere_is_refused_whatever_tags_say(string source)
    {
        await client.PostAsync("registered-models/create", new { name = "churn" });
        foreach (var tags in new[] { [], new[] { new { key = "mlflow.prompt.is_prompt", value = "true" } } })
        {
            using var answer = await client.SendAsync("model-versions/create", new { name = "churn", source, tags });
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
    }

    [Fact]
    public async Task A_source_is_a_text_and_brings_no_file_of_another_project()
    {
        var run = await RunWithModelAsync();
        await owner.CreateProjectAsync("other");
        var other = new MlflowClient(owner.Http, "ada/other");
        await other.PostAsync("registered-models/create", new { name = "stolen" });
        await other.PostAsync("model-versions/create", new { name = "stolen", source = $"runs:/{run}/model", run_id = run });
        await other.PostAsync("model-versions/create", new { name = "stolen", source = $"mlflow-artifacts:/0/{run}/artifacts/model" });
        var project = await server.Services.GetRequiredService<ProjectStore>().FindAsync(2, Cancel);
        var models = server.Services.GetRequiredService<ModelStore>();
        var model = await models.FindAsync(project!.Id, "stolen", Cancel);
        foreach (var version in (await models.VersionsAsync(model!.Id, PageRequest.First, Cancel)).Rows)
        {
            Assert.Empty(await models.FilesAsync(version.Id, Cancel));
            Assert.Null(version.CandidateId);
        }
    }

    [Fact]
    public async Task What_serves_is_moved_and_removed_by_maintainers_alone()
    {
        await RegisterAsync("churn", await RunWithModelAsync());
        await RegisterAsync("churn", await RunWithModelAsync(), create: false);
        var developer = await MemberAsync("dora", Role.Developer);
        Assert.Equal(HttpStatusCode.OK, await AliasAsync(developer, "champion", 1));
        Assert.Equal(HttpStatusCode.Forbidden, await AliasAsync(developer, "production", 1));
        Assert.Equal(HttpStatusCode.OK, await AliasAsync(client, "production", 1));
        await ServesAsync(1);

        Assert.Equal(HttpStatusCode.Forbidden, await AliasAsync(developer, "production", 2));
        Assert.Equal(HttpStatusCode.Forbidden, await DeleteAsync(developer, "registered-models/alias", new { name = "churn", alias = "production" }));
        Assert.Equal(HttpStatusCode.Forbidden, await DeleteAsync(developer, "model-versions/delete", new { name = "churn", version = "1" }));
        Assert.Equal(HttpStatusCode.Forbidden, await DeleteAsync(developer, "registered-models/delete", new { name = "churn" }));
        using (var rename = await developer.SendAsync("registered-models/rename", new { name = "churn", new_name = "other" }))
        {
            Assert.Equal(HttpStatusCode.BadRequest, rename.StatusCode);
        }

        Assert.Equal(1, await PointsAtAsync("production"));
        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(developer, "model-versions/delete", new { name = "churn", version = "2" }));
        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(client, "registered-models/alias", new { name = "churn", alias = "production" }));
        await TestServer.EventuallyAsync(async () => (await owner.Http.GetAsync("/serve/ada/churn/v2/models/churn/ready", Cancel)).StatusCode, code => code == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(developer, "registered-models/delete", new { name = "churn" }));
    }

    [Fact]
    public async Task Production_points_only_at_what_can_serve()
    {
        await client.PostAsync("registered-models/create", new { name = "churn" });
        await client.PostAsync("model-versions/create", new { name = "churn", source = "s3://bucket/model" });
        Assert.Equal(HttpStatusCode.BadRequest, await AliasAsync(client, "production", 1));
        Assert.Equal(HttpStatusCode.OK, await AliasAsync(client, "champion", 1));
    }

    [Fact]
    public async Task A_deleted_version_is_not_promoted_again()
    {
        var maker = new CandidateMaker(server.Services, 1, owner.Person.Id);
        var candidate = await maker.CandidateAsync(Onnx);
        Assert.IsType<PromotionOutcome.Promoted>(await maker.PromoteAsync(candidate));
        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(client, "model-versions/delete", new { name = "churn", version = "1" }));
        Assert.Equal(2, Assert.IsType<PromotionOutcome.Promoted>(await maker.PromoteAsync(candidate)).Version.Number);
    }

    [Fact]
    public async Task A_promoted_version_tells_clients_where_its_files_are()
    {
        var maker = new CandidateMaker(server.Services, 1, owner.Person.Id);
        var candidate = await maker.CandidateAsync(Onnx, path: "model/model.onnx");
        await maker.PromoteAsync(candidate);
        var answer = await client.GetAsync("model-versions/get-download-uri?name=churn&version=1");
        Assert.Equal($"runs:/{candidate.Uid}/model", answer.GetProperty("artifact_uri").GetString());
        var found = await client.GetAsync($"model-versions/search?filter=run_id%20%3D%20%27{candidate.Uid}%27");
        Assert.Equal(["production"], found.GetProperty("model_versions")[0].GetProperty("aliases").EnumerateArray().Select(alias => alias.GetString()));
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("a:b c", "a%3Ab%20c")]
    [InlineData("<b>", "%3Cb%3E")]
    public async Task Whatever_name_a_client_gives_a_model_it_has_a_page(string name, string address)
    {
        await client.PostAsync("registered-models/create", new { name, tags = new[] { new { key = "team", value = "<i>growth</i>" } } });
        await client.PostAsync("model-versions/create", new { name, source = "s3://b/p", description = "first <u>one</u>" });
        var page = await owner.Http.GetStringAsync($"/ada/churn/-/models/{address}", Cancel);
        Assert.Contains("1.0.0", page, StringComparison.Ordinal);
        Assert.Contains("&lt;i&gt;growth", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<u>one", page, StringComparison.Ordinal);
        Assert.Contains($"/ada/churn/-/models/{address}\"", await owner.Http.GetStringAsync("/ada/churn/-/models", Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await owner.Http.GetAsync($"/api/v4/projects/1/models/{address}", Cancel)).StatusCode);
    }

    [Fact]
    public async Task Versions_registered_at_the_same_moment_get_numbers_of_their_own()
    {
        await client.PostAsync("registered-models/create", new { name = "churn" });
        var made = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.PostAsync("model-versions/create", new { name = "churn", source = "s3://b/p" })));
        var numbers = made.Select(answer => int.Parse(answer.GetProperty("model_version").GetProperty("version").GetString()!, CultureInfo.InvariantCulture)).Order();
        Assert.Equal(Enumerable.Range(1, 12), numbers);
    }

    private async Task<string> RunWithModelAsync()
    {
        var run = await client.StartAsync();
        foreach (var (path, content) in new (string, HttpContent)[]
        {
            ("model/model.onnx", new ByteArrayContent(Onnx)), ("model/notes.txt", new StringContent("before")), ("other.txt", new StringContent("outside")),
        })
        {
            using var answer = await client.Http.PutAsync($"{client.Root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{path}", content, Cancel);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        return run;
    }

    private async Task RegisterAsync(string name, string run, bool create = true)
    {
        if (create)
        {
            await client.PostAsync("registered-models/create", new { name });
        }

        await client.PostAsync("model-versions/create", new { name, source = $"runs:/{run}/model", run_id = run });
    }

    private Task<string> FileAsync(string name, int version, string path) =>
        client.Http.GetStringAsync($"{client.Root}/model-versions/get-artifact?name={name}&version={version}&path={path}", Cancel);

    private async Task<MlflowClient> MemberAsync(string name, Role role)
    {
        var person = await server.PersonAsync(name);
        var project = await server.Services.GetRequiredService<ProjectStore>().FindAsync(1, Cancel);
        await server.Services.GetRequiredService<MemberStore>().SetAsync(project!, person.Person.Id, role, Cancel);
        return new MlflowClient(person.Http, "ada/churn");
    }

    private static async Task<HttpStatusCode> AliasAsync(MlflowClient who, string alias, int version)
    {
        using var answer = await who.SendAsync("registered-models/alias", new { name = "churn", alias, version = version.ToString(CultureInfo.InvariantCulture) });
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> DeleteAsync(MlflowClient who, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{who.Root}/api/2.0/mlflow/{path}") { Content = JsonContent.Create(body) };
        await request.Content.LoadIntoBufferAsync(Cancel);
        using var answer = await who.Http.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    private async Task<int> PointsAtAsync(string alias) =>
        int.Parse(
            (await client.GetAsync($"registered-models/alias?name=churn&alias={alias}")).GetProperty("model_version").GetProperty("version").GetString()!,
            CultureInfo.InvariantCulture);

    private Task ServesAsync(int number) => TestServer.EventuallyAsync(
        async () =>
        {
            using var answer = await owner.Http.GetAsync("/serve/ada/churn/v2/models/churn", Cancel);
            return answer.IsSuccessStatusCode ? JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("versions")[0].GetString() : null;
        },
        served => served == number.ToString(CultureInfo.InvariantCulture));
}
