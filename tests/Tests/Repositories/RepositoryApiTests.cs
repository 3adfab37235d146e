using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Squero.Projects;

namespace Squero.Tests.Repositories;

public sealed class RepositoryApiTests(GitHost host) : IClassFixture<GitHost>
{
    private static string Root(Project project) => $"/api/v4/projects/{Uri.EscapeDataString(project.FullPath)}/repository";

    private async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Answer)> SendAsync(HttpMethod method, string path, object? body = null, string person = "author")
    {
        using var client = host.Client(person);
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null, answer);
    }

    private Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Answer)> CommitAsync(Project project, string branch, object[] actions, string? start = null, string person = "author") =>
        SendAsync(HttpMethod.Post, Root(project) + "/commits", new { branch, commit_message = "Through the API\n\nWith a body.", actions, start_branch = start }, person);

    [Fact]
    public async Task A_commit_with_actions_makes_the_first_branch_and_is_readable_everywhere()
    {
        var project = await host.ProjectAsync("api-commit");
        var (status, commit, _) = await CommitAsync(project, "main", [new { action = "create", file_path = "src/a.py", content = "x = 1\n" }, new { action = "create", file_path = "b.bin", content = "AAEC", encoding = "base64" }]);
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal("Through the API", (string?)commit!["title"]);
        Assert.Equal("author", (string?)commit["author_name"]);
        Assert.Empty(commit["parent_ids"]!.AsArray());
        Assert.True(commit.AsObject().ContainsKey("last_pipeline"));

        var (_, branches, answer) = await SendAsync(HttpMethod.Get, Root(project) + "/branches");
        Assert.Equal("main", (string?)branches![0]!["name"]);
        Assert.True((bool)branches[0]!["default"]!);
        Assert.Equal("1", Assert.Single(answer.Headers.GetValues("X-Total")));

        var (_, file, _) = await SendAsync(HttpMethod.Get, Root(project) + "/files/src%2Fa%2Epy?ref=main");
        Assert.Equal("x = 1\n", System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)file!["content"]!)));
        Assert.Equal("src/a.py", (string?)file["file_path"]);
        Assert.Equal((string?)commit["id"], (string?)file["last_commit_id"]);

        var (_, tree, _) = await SendAsync(HttpMethod.Get, Root(project) + "/tree?recursive=true");
        Assert.Equal(["b.bin", "src", "src/a.py"], tree!.AsArray().Select(entry => (string?)entry!["path"]));

        var copy = host.NewFolder();
        await host.RunAsync(copy, "clone", "-q", host.Remote(project.FullPath), ".");
        Assert.Equal([0, 1, 2], await File.ReadAllBytesAsync(Path.Combine(copy, "b.bin"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Branches_commits_diffs_and_comparisons_have_the_documented_shapes()
    {
        var project = await host.ProjectAsync("api-review");
        await CommitAsync(project, "main", [new { action = "create", file_path = "a.txt", content = "one\ntwo\nthree\nfour\n" }]);
        var (made, branch, _) = await SendAsync(HttpMethod.Post, Root(project) + "/branches", new { branch = "feature/x", @ref = "main" });
        Assert.Equal(HttpStatusCode.Created, made);
        Assert.Equal("feature/x", (string?)branch!["name"]);
        var (again, _, _) = await SendAsync(HttpMethod.Post, Root(project) + "/branches?branch=feature/x&ref=main");
        Assert.Equal(HttpStatusCode.BadRequest, again);
        var (_, commit, _) = await CommitAsync(project, "feature/x", [new { action = "update", file_path = "a.txt", content = "one\nzwei\nthree\nfour\n" }, new { action = "move", file_path = "c.txt", previous_path = "a.txt" }]);
        var sha = (string)commit!["id"]!;

        var (_, one, _) = await SendAsync(HttpMethod.Get, Root(project) + "/branches/feature%2Fx");
        Assert.Equal(sha, (string?)one!["commit"]!["id"]);
        var (_, commits, _) = await SendAsync(HttpMethod.Get, Root(project) + "/commits?ref_name=feature/x");
        Assert.Equal(2, commits!.AsArray().Count);
        var (_, single, _) = await SendAsync(HttpMethod.Get, Root(project) + "/commits/feature%2Fx");
        Assert.Equal(1, (int)single!["stats"]!["additions"]!);
        var (_, diff, _) = await SendAsync(HttpMethod.Get, Root(project) + $"/commits/{sha}/diff");
        Assert.Equal("@@ -1,4 +1,4 @@\n one\n-two\n+zwei\n three\n four\n", (string?)diff![0]!["diff"]);
        Assert.True((bool)diff[0]!["renamed_file"]!);
        var (_, compared, _) = await SendAsync(HttpMethod.Get, Root(project) + "/compare?from=main&to=feature/x");
        Assert.Equal(sha, (string?)compared!["commit"]!["id"]);
        Assert.Equal("c.txt", (string?)compared["diffs"]![0]!["new_path"]);
        var (_, mergeBase, _) = await SendAsync(HttpMethod.Get, Root(project) + "/merge_base?refs[]=main&refs[]=feature/x");
        Assert.NotNull((string?)mergeBase!["id"]);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, Root(project) + "/branches/feature%2Fx")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, Root(project) + "/branches/feature%2Fx")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(HttpMethod.Delete, Root(project) + "/branches/main")).Status);
    }

    [Fact]
    public async Task Files_are_created_changed_and_deleted_one_by_one()
    {
        var project = await host.ProjectAsync("api-files");
        var file = Root(project) + "/files/docs%2Fr%C3%A9sum%C3%A9.md";
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, file, new { branch = "main", content = "a", commit_message = "Add" })).Status);
        var (twice, message, _) = await SendAsync(HttpMethod.Post, file, new { branch = "main", content = "a", commit_message = "Add" });
        Assert.Equal(HttpStatusCode.BadRequest, twice);
        Assert.Equal("A file with this name already exists", (string?)message!["message"]);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Put, file, new { branch = "main", content = "b", commit_message = "Change" })).Status);
        var (_, _, head) = await SendAsync(HttpMethod.Head, file + "?ref=main");
        Assert.Equal("1", Assert.Single(head.Headers.GetValues("X-Gitlab-Size")));
        var (_, _, raw) = await SendAsync(HttpMethod.Get, file + "/raw?ref=main");
        Assert.Equal("b", await raw.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, file + "?branch=main&commit_message=Remove")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, file + "?ref=main")).Status);
    }

    [Fact]
    public async Task A_name_is_decoded_once()
    {
        var project = await host.ProjectAsync("api-percent");
        string[] names = ["a/b.txt", "a%2Fb.txt", "a%252Fb.txt", "A.txt", "%41.txt", "50%.txt", "x y+z&?#.txt", "%.txt"];
        await CommitAsync(project, "main", [.. names.Select(name => (object)new { action = "create", file_path = name, content = name })]);
        foreach (var name in names)
        {
            var (_, _, raw) = await SendAsync(HttpMethod.Get, $"{Root(project)}/files/{Uri.EscapeDataString(name)}/raw?ref=main");
            Assert.Equal(name, await raw.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        var removed = await SendAsync(HttpMethod.Delete, $"{Root(project)}/files/a%252Fb.txt?branch=main&commit_message=Remove");
        Assert.Equal(HttpStatusCode.NoContent, removed.Status);
        var (_, tree, _) = await SendAsync(HttpMethod.Get, Root(project) + "/tree?recursive=true");
        var left = tree!.AsArray().Select(entry => (string?)entry!["path"]).ToList();
        Assert.Contains("a/b.txt", left);
        Assert.DoesNotContain("a%2Fb.txt", left);
    }

    [Fact]
    public async Task Tags_are_made_with_and_without_a_message()
    {
        var project = await host.ProjectAsync("api-tags");
        await CommitAsync(project, "main", [new { action = "create", file_path = "a", content = "a" }]);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, Root(project) + "/tags", new { tag_name = "v1", @ref = "main", message = "One" })).Status);
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(HttpMethod.Post, Root(project) + "/tags", new { tag_name = "v2", @ref = "main" })).Status);
        var (_, tag, _) = await SendAsync(HttpMethod.Get, Root(project) + "/tags/v1");
        Assert.Equal("One", (string?)tag!["message"]);
        Assert.NotEqual((string?)tag["target"], (string?)tag["commit"]!["id"]);
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, Root(project) + "/tags/v1")).Status);
    }

    [Fact]
    public async Task Wrong_commits_are_refused_whole()
    {
        var project = await host.ProjectAsync("api-wrong");
        await CommitAsync(project, "main", [new { action = "create", file_path = "a.txt", content = "a" }]);
        var head = await host.Open(project).ResolveAsync("main", TestContext.Current.CancellationToken);
        object[][] wrong =
        [
            [new { action = "create", file_path = "b.txt", content = "b" }, new { action = "update", file_path = "absent", content = "x" }],
            [new { action = "create", file_path = "../x", content = "b" }],
            [new { action = "create", file_path = ".git/config", content = "b" }],
            [new { action = "create", file_path = "x/.GIT/hooks", content = "b" }],
            [new { action = "create", file_path = "/etc/x", content = "b" }],
            [new { action = "create", file_path = "a.txt/x", content = "b" }],
            [new { action = "explode", file_path = "c", content = "b" }],
            [new { action = "create", file_path = "c", content = "%%", encoding = "base64" }],
        ];
        foreach (var actions in wrong)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await CommitAsync(project, "main", actions)).Status);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await CommitAsync(project, "-x", [new { action = "create", file_path = "c", content = "c" }], "main")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await CommitAsync(project, "a..b", [new { action = "create", file_path = "c", content = "c" }], "main")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await CommitAsync(project, "main", [new { action = "create", file_path = "c", content = "c" }], null, "reader")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await CommitAsync(project, "main", [new { action = "create", file_path = "c", content = "c" }], null, "stranger")).Status);
        Assert.Equal(head, await host.Open(project).ResolveAsync("main", TestContext.Current.CancellationToken));
    }
}
