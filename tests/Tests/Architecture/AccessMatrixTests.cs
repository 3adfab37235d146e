using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Tests.Mlflow;
using Squero.Tests.Pipelines;

namespace Squero.Tests.Architecture;

/// <summary>Every endpoint of a private project with real things in it, called by everybody who should not get far.</summary>
public sealed class AccessMatrixTests : IAsyncLifetime
{
    private static readonly string[] Bodies =
    [
        "{}", "[]", "null", "\"x\"", "{\"a\":", "{\"body\":{\"a\":[1]},\"title\":5,\"name\":[],\"ref\":{},\"branch\":null,\"iid\":-1,\"id\":1e99,\"run_id\":7,\"metrics\":[null],\"params\":{}}",
    ];

    private readonly PipelineWorld world = new();
    private readonly Dictionary<string, string> real = new(StringComparer.OrdinalIgnoreCase);
    private FakeJob job = null!;
    private HttpClient stranger = null!;

    public async ValueTask InitializeAsync()
    {
        await world.InitializeAsync();
        const string yaml = "train:\n  script: [\"true\"]\n";
        var sha = await world.PushAsync(yaml);
        await world.PushAsync(yaml + "  stage: test\n", "topic");
        await world.Author.PostAsync($"{world.Api}/merge_requests", new { source_branch = "topic", target_branch = "main", title = "Topic" });
        await world.Author.PostAsync($"{world.Api}/merge_requests/1/notes", new { body = "Hello" });
        job = await world.Runner.TakeAsync("train");
        var logging = MlflowClient.With(world.Server, job.Variable("CI_JOB_TOKEN")!, world.Project);
        var run = await logging.StartAsync();
        await logging.PutFileAsync(run, "x.txt", "x");
        var person = await world.Server.PersonAsync("mallory");
        stranger = person.Http;
        foreach (var (name, value) in new (string, string)[]
        {
            ("project", "ada~churn"), ("sha", sha), ("branch", "main"), ("tag", "v1"), ("rest", "main/.squero-ci.yml"), ("path", "x.txt"),
            ("id", job.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("type", "archive"), ("file", ".squero-ci.yml"), ("uid", new string('a', 40)), ("blobOid", sha),
            ("sha256", new string('b', 64)), ("name", "churn"), ("metric", "loss"),
        })
        {
            real[name] = value;
        }
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Nobody_gets_into_a_private_project_without_a_role()
    {
        var foreign = await ForeignJobAsync();
        var blocked = await world.Server.PersonAsync("trudy");
        await JoinAsync(blocked, 40);
        await BlockAsync(blocked);
        foreach (var (who, http) in new[] { ("nobody", world.Server.Anonymous()), ("a stranger", stranger), ("another project's job", foreign), ("a blocked person", blocked.Http) })
        {
            foreach (var (method, path, endpoint) in OfProjects())
            {
                using var answer = await SendAsync(http, method, path, "{}");
                var code = (int)answer.StatusCode;
                var sentAway = code == 302 && answer.Headers.Location!.ToString().StartsWith("/-/sign-in", StringComparison.Ordinal);
                Assert.True(code is 400 or 401 or 403 or 404 || sentAway, $"{method} {path} ({endpoint.DisplayName}) answered {code} to {who}");
            }
        }
    }

    [Fact]
    public async Task Reading_tokens_change_nothing()
    {
        var reader = await world.Server.PersonAsync("victor", admin: false, "read_api", "read_repository", "read_user");
        await JoinAsync(reader, 40);
        await SettleAsync();
        var before = await ContentAsync();
        foreach (var (method, path, _) in OfProjects())
        {
            using var answer = await SendAsync(reader.Http, method, path, "{}");
            Assert.True((int)answer.StatusCode < 500, $"{method} {path} answered {(int)answer.StatusCode}");
        }

        Assert.Equal(before, await ContentAsync());
    }

    [Fact]
    public async Task A_role_too_small_is_refused()
    {
        foreach (var (name, level, role) in new[] { ("gustav", 10, Role.Guest), ("rita", 20, Role.Reporter), ("dora", 30, Role.Developer) })
        {
            var person = await world.Server.PersonAsync(name);
            await JoinAsync(person, level);
            foreach (var (method, path, endpoint) in OfProjects().Where(call => call.Endpoint.Metadata.GetMetadata<ProjectRule>() is { } rule && rule.Role > role))
            {
                using var answer = await SendAsync(person.Http, method, path, "{}");
                Assert.True(answer.StatusCode == HttpStatusCode.Forbidden, $"{method} {path} ({endpoint.DisplayName}) answered {(int)answer.StatusCode} to a {role}");
            }
        }
    }

    [Fact]
    public async Task A_guest_sees_no_code()
    {
        var guest = await world.Server.PersonAsync("gustav");
        await JoinAsync(guest, 10);
        foreach (var (method, path, _) in OfProjects().Where(call => call.Method == "GET"))
        {
            using var answer = await SendAsync(guest.Http, method, path + "?from=main&to=topic&ref=main", "{}");
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.False(text.Contains("script: [", StringComparison.Ordinal) || text.Contains("stage: test", StringComparison.Ordinal), $"{method} {path} showed a guest the code");
        }
    }

    [Fact]
    public async Task Whatever_is_sent_nothing_breaks()
    {
        foreach (var body in Bodies)
        {
            foreach (var (method, path, _) in All().Where(call => !call.Path.EndsWith("/merge", StringComparison.Ordinal)))
            {
                using var answer = await SendAsync(world.Author.Http, method, path, body);
                Assert.True((int)answer.StatusCode is < 500 or 501 or 503, $"{method} {path} with {body} answered {(int)answer.StatusCode}");
            }
        }
    }

    [Fact]
    public async Task Strange_numbers_and_pages_break_nothing()
    {
        string[] questions =
        [
            "?per_page=1000000000", "?page=9223372036854775807&per_page=100", "?page=-1", "?per_page=abc&page=0x1", "?path=../..&ref=--upload-pack=x&recursive=1", "?ref=refs/heads/%00",
            "?sort=;drop&order_by=x'&scope[]=%27&search=%25%5f&from=-main&to=--output=x&candidates=1,2,-3,99999999999999999999&x=time&from=NaN",
        ];
        foreach (var question in questions)
        {
            foreach (var (method, path, _) in All().Where(call => call.Method == "GET"))
            {
                using var answer = await SendAsync(world.Author.Http, method, path + question, "");
                Assert.True((int)answer.StatusCode is < 500 or 501 or 503, $"{method} {path}{question} answered {(int)answer.StatusCode}");
            }
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, string method, string path, string body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is not ("GET" or "HEAD"))
        {
            request.Content = path.StartsWith("/api/", StringComparison.Ordinal) || path.StartsWith("/serve/", StringComparison.Ordinal)
                ? new StringContent(body, Encoding.UTF8, "application/json")
                : new FormUrlEncodedContent([new("title", body), new("body", body), new("ref", body), new("name", body), new("key", body), new("username", body), new("candidate", body)]);
        }

        // A stream of events has no end that one could wait for.
        var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            answer.Content.Dispose();
            answer.Content = new StringContent("");
        }

        await answer.Content.LoadIntoBufferAsync(TestContext.Current.CancellationToken);
        return answer;
    }

    private IEnumerable<(string Method, string Path, RouteEndpoint Endpoint)> OfProjects() =>
        All().Where(call => call.Endpoint.Metadata.GetMetadata<OpenToAllAttribute>() is null && call.Endpoint.RoutePattern.Parameters.Any(part => part.Name.Equals("project", StringComparison.OrdinalIgnoreCase)));

    private IEnumerable<(string Method, string Path, RouteEndpoint Endpoint)> All() =>
        from endpoint in world.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.DisplayName is not ("Blazor Opaque Redirection" or "Fallback {**path:file}") && endpoint.RoutePattern.RawText?.Contains("_content", StringComparison.Ordinal) != true
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        where method is not ("OPTIONS" or "HEAD")
        select (method, Address(endpoint), endpoint);

    private string Address(RouteEndpoint endpoint)
    {
        var path = string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            RoutePatternParameterPart hole => real.GetValueOrDefault(hole.Name, "1"),
            _ => "",
        }))));
        return path.StartsWith("project/ada~churn", StringComparison.Ordinal) ? "/ada/churn" + (path.Length > 18 ? "/-/" + path[18..] : "")
            : path.StartsWith("git/ada~churn", StringComparison.Ordinal) ? "/ada/churn.git" + path[13..]
            : path.StartsWith("namespace/", StringComparison.Ordinal) ? "/ada" : "/" + path.Replace("ada~churn", "ada%2Fchurn", StringComparison.Ordinal);
    }

    private async Task<HttpClient> ForeignJobAsync()
    {
        await stranger.PostAsJsonAsync("/api/v4/projects", new { name = "own" });
        await stranger.PostAsJsonAsync("/api/v4/projects/mallory%2Fown/repository/commits", new
        {
            branch = "main",
            commit_message = "Begin",
            actions = new[] { new { action = "create", file_path = ".squero-ci.yml", content = "steal:\n  script: [\"true\"]\n" } },
        });
        for (var tries = 0; tries < 300; tries++)
        {
            if (await world.Runner.AskAsync() is { Name: "steal" } found)
            {
                return MlflowClient.With(world.Server, found.Variable("CI_JOB_TOKEN")!, "mallory/own").Http;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        throw new InvalidOperationException("The other project's job never came.");
    }

    private Task JoinAsync(TestPerson person, int level) =>
        world.Author.PostAsync($"{world.Api}/members", new { user_id = person.Person.Id, access_level = level });

    private Task BlockAsync(TestPerson person) =>
        world.Get<Database>().WriteAsync(
            session => session.ExecuteAsync("UPDATE accounts_people SET blocked = 1 WHERE id = @Id", new { person.Person.Id }), TestContext.Current.CancellationToken);

    private Task SettleAsync() => TestServer.EventuallyAsync(
        () => world.Get<Database>().ReadAsync(session => session.CountAsync("SELECT count(*) FROM pipelines_jobs WHERE status = 0"), CancellationToken.None), count => count == 0);

    /// <summary>All rows of the domain, as text.</summary>
    private Task<string> ContentAsync() =>
        world.Get<Database>().ReadAsync(
            async session =>
            {
                var text = new StringBuilder();
                var tables = await session.ListAsync<string>(
                    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'kernel%' AND name NOT LIKE 'sqlite%' AND name NOT IN ('accounts_tokens', 'accounts_sessions') ORDER BY name");
                foreach (var table in tables)
                {
                    text.Append(table).Append('=').Append(await session.CountAsync($"SELECT count(*) FROM \"{table}\"")).Append('\n');
                }

                return text.ToString();
            },
            TestContext.Current.CancellationToken);
}
