using System.Net;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Tests.Repositories;

public sealed class PageTests(GitHost host) : IClassFixture<GitHost>
{
    private const string Evil = "<img src=x onerror=alert(1)>";

    private async Task<(Project Project, string Work)> PushedAsync(string name, params (string Path, string Text)[] files)
    {
        var project = await host.ProjectAsync(name);
        var work = await host.WorkTreeAsync(files);
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        return (project, work);
    }

    private async Task<(HttpStatusCode Status, string Text)> GetAsync(string path, string? person = "author")
    {
        using var client = host.Client(person);
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_empty_project_teaches_the_commands_with_its_own_address()
    {
        var project = await host.ProjectAsync("empty");
        var (status, text) = await GetAsync(project.Href);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains($"git remote add origin {host.Url}author/empty.git", text, StringComparison.Ordinal);
        Assert.Contains("git push -u origin main", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_learn_whether_anything_was_pushed()
    {
        var project = await host.ProjectAsync("filling");
        async Task<(bool Empty, string? Branch)> AskAsync()
        {
            var answer = System.Text.Json.JsonDocument.Parse((await GetAsync($"/api/v4/projects/{project.Id}")).Text).RootElement;
            return (answer.GetProperty("empty_repo").GetBoolean(), answer.GetProperty("default_branch").GetString());
        }

        Assert.Equal((true, null), await AskAsync());
        var work = await host.WorkTreeAsync(("a.txt", "a"));
        var remote = host.Remote(project.FullPath);
        await host.RunAsync(work, "push", "-q", remote, "main:refs/tags/v1");
        Assert.Equal((true, null), await AskAsync());
        await host.RunAsync(work, "push", "-q", remote, "main:trunk");
        Assert.Equal((false, "trunk"), await AskAsync());
        await host.RunAsync(work, "push", "-q", remote, ":refs/tags/v1");
        Assert.Equal((false, "trunk"), await AskAsync());
    }

    [Fact]
    public async Task A_way_to_a_page_ends_at_the_page_itself()
    {
        var (project, _) = await PushedAsync("way", ("src/train.py", "print(1)\n"));
        foreach (var (path, step) in new[] { (project.Href, "way"), (project.Area("blob/main/src/train.py"), "train.py"), (project.Area("branches"), "Branches"), (project.Area("settings"), "Settings") })
        {
            var (_, text) = await GetAsync(path);
            Assert.Contains($"<span aria-current=\"page\">{step}</span>", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Bytes_that_call_themselves_a_notebook_are_said_to_be_binary()
    {
        var (project, _) = await PushedAsync("bytes", ("x.ipynb", "\0\u0001\0"));
        var (status, text) = await GetAsync(project.Area("blob/main/x.ipynb"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("A binary file", text, StringComparison.Ordinal);
        Assert.DoesNotContain("The source is shown instead", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_project_page_shows_files_and_the_readme_with_links_made_right()
    {
        var (project, _) = await PushedAsync(
            "home", ("README.md", "# Churn\n\nSee [the code](src/train.py) and ![plot](img/p.png).\n"), ("src/train.py", "print(1)\n"));
        var (status, text) = await GetAsync(project.Href);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("href=\"/author/home/-/blob/main/src/train.py\"", text, StringComparison.Ordinal);
        Assert.Contains("src=\"/author/home/-/raw/main/img/p.png\"", text, StringComparison.Ordinal);
        Assert.Contains("href=\"/author/home/-/tree/main/src\"", text, StringComparison.Ordinal);
        Assert.Contains("Write train.py", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_code_page_answers()
    {
        var (project, work) = await PushedAsync("all-pages", ("README.md", "# Hi\n"), ("src/a.py", "x = 1\n"));
        await host.RunAsync(work, "checkout", "-q", "-b", "feature/x");
        await host.CommitAsync(work, "src/a.py", "x = 2\ny = 3\n");
        await host.RunAsync(work, "tag", "-a", "v1", "-m", "First");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "feature/x", "v1");
        var sha = await host.RunAsync(work, "rev-parse", "HEAD");
        foreach (var (path, expected) in new[]
        {
            ("tree/feature/x/src", "a.py"), ("blob/feature/x/src/a.py", "y = 3"), ("blob/main/README.md?view=source", "# Hi"), ("commits/feature/x", "Write a.py"),
            ("commits/feature/x/src/a.py", "Write a.py"), ($"commit/{sha}", "y = 3"), ($"commit/{sha[..10]}", "y = 3"), ("branches", "feature/x"), ("tags", "First"),
            ("compare/main...feature/x", "y = 3"), ("compare?from=main&to=feature/x", "y = 3"), ("compare", "Two branches"), ("tree/v1", "README.md"), ("commits", "Write README.md"),
        })
        {
            var (status, text) = await GetAsync(project.Area(path));
            Assert.True(status == HttpStatusCode.OK, $"{path}: {status} {text[..Math.Min(text.Length, 500)]}");
            Assert.True(text.Contains(expected, StringComparison.Ordinal), $"{path} lacks {expected}");
        }
    }

    [Fact]
    public async Task An_unknown_ref_is_named_in_the_answer()
    {
        var (project, _) = await PushedAsync("unknown-ref");
        foreach (var path in (string[])["tree/nowhere", "blob/nowhere/a.py", "commits/nowhere", "commit/nowhere", "compare/main...nowhere", "raw/nowhere/a"])
        {
            var (status, text) = await GetAsync(project.Area(path));
            Assert.Equal(HttpStatusCode.NotFound, status);
            Assert.Contains("called “nowhere” in author/unknown-ref", WebUtility.HtmlDecode(text), StringComparison.Ordinal);
        }

        var (missing, sentence) = await GetAsync(project.Area("blob/main/no/file.py"));
        Assert.Equal(HttpStatusCode.NotFound, missing);
        Assert.Contains("nothing called “no/file.py” in “main”", WebUtility.HtmlDecode(sentence), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_texts_of_others_never_become_markup()
    {
        var (project, work) = await PushedAsync(
            "markup", ("README.md", $"# {Evil}\n\n<script>alert(1)</script> [x](javascript:alert(1)) {Evil}\n"), ($"{Evil}.md", Evil), ($"{Evil}.txt", Evil));
        await host.RunAsync(work, "commit", "-q", "--allow-empty", "-m", Evil);
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        var sha = await host.RunAsync(work, "rev-parse", "HEAD~1");
        var name = Uri.EscapeDataString(Evil);
        foreach (var path in (string[])["", "tree/main", $"blob/main/{name}.md", $"blob/main/{name}.txt", "commits/main", $"commit/{sha}", "branches", $"tree/{name}", $"blob/main/{name}"])
        {
            var (_, text) = await GetAsync(path.Length == 0 ? project.Href : project.Area(path));
            Assert.DoesNotContain("<img src=x", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<script>alert", text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("javascript:alert", text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("ünï ☃.txt")]
    [InlineData("quote\"s and 'more'.txt")]
    [InlineData("line\nbreak.txt")]
    [InlineData("%41.txt")]
    [InlineData("a?b#c&d.txt")]
    [InlineData("..double.dots..txt")]
    [InlineData("-dash.txt")]
    [InlineData("back\\slash.txt")]
    [InlineData(" lead and trail ")]
    public async Task Strange_file_names_are_listed_shown_and_served(string name)
    {
        var project = await host.ProjectAsync("strange-" + Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(name)));
        var work = await host.WorkTreeAsync(("folder/" + name, "what is in it\n"));
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        var escaped = "folder/" + Uri.EscapeDataString(name);
        var (listed, list) = await GetAsync(project.Area("tree/main/folder"));
        Assert.Equal(HttpStatusCode.OK, listed);
        Assert.Contains($"/-/blob/main/{escaped}", WebUtility.HtmlDecode(list), StringComparison.Ordinal);
        var (shown, page) = await GetAsync(project.Area($"blob/main/{escaped}"));
        Assert.True(shown == HttpStatusCode.OK, page[^900..]);
        Assert.Contains("what is in it", page, StringComparison.Ordinal);
        var (served, raw) = await GetAsync(project.Area($"raw/main/{escaped}"));
        Assert.Equal(HttpStatusCode.OK, served);
        Assert.Equal("what is in it\n", raw);
        var change = Assert.Single(await host.Open(project).ChangesAsync("", "main", TestContext.Current.CancellationToken));
        Assert.Equal("folder/" + name, change.Path);
    }

    [Fact]
    public async Task Paths_that_climb_reach_nothing()
    {
        var (project, _) = await PushedAsync("climb", ("a.txt", "a\n"));
        string[] climbs =
        [
            "..", "../..", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "..%5c..%5cetc", "%252e%252e/x", "....//....//etc/passwd", "a.txt/../../x", ".git/config", "%00", "a.txt%00.png",
            "/etc/passwd", "//etc/passwd", ".", "./a.txt", "%c0%ae%c0%ae/x", "config", "HEAD", "objects/info", "..;/a.txt", "file:///etc/passwd", "C:\\x", "a.txt::$DATA",
        ];
        using var client = host.Client();
        foreach (var area in (string[])["raw/main/", "blob/main/", "tree/main/", "raw/", "commits/main/"])
        {
            foreach (var climb in climbs)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url + project.Area(area)[1..] + climb, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
                using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
                var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                Assert.True((int)answer.StatusCode is 200 or 301 or 302 or 400 or 404, $"{area}{climb}: {answer.StatusCode}");
                Assert.DoesNotContain("root:x:", text, StringComparison.Ordinal);
                Assert.DoesNotContain("repositoryformatversion", text, StringComparison.Ordinal);
                Assert.DoesNotContain("ref: refs/heads", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Raw_files_are_plain_text_sandboxed_pictures_or_downloads()
    {
        var (project, _) = await PushedAsync(
            "raw", ("page.html", "<script>alert(1)</script>"), ("p.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), ("b.bin", "a\0b"));
        using var client = host.Client();
        foreach (var (path, type, disposition) in new[] { ("page.html", "text/plain", "inline"), ("p.svg", "image/svg+xml", "inline"), ("b.bin", "application/octet-stream", "attachment") })
        {
            using var answer = await client.GetAsync(project.Area($"raw/main/{path}"), TestContext.Current.CancellationToken);
            Assert.Equal(type, answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(disposition, answer.Content.Headers.ContentDisposition!.DispositionType);
            Assert.Contains("sandbox", string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    [Fact]
    public async Task Guests_of_a_private_project_see_the_project_and_not_its_code()
    {
        var (project, _) = await PushedAsync("guests");
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(project.Href, "guest")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(project.Area("tree/main"), "reader")).Status);
        foreach (var path in (string[])["tree/main", "blob/main/README.md", "raw/main/README.md", "commits/main", "branches", "tags", "compare/main...main"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync(project.Area(path), "guest")).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(project.Area(path), "stranger")).Status);
        }
    }

    [Fact]
    public async Task A_notebook_is_a_document_and_its_pictures_are_served_from_the_repository()
    {
        const string Pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        var before = Notebook("x = 1", Pixel);
        var (project, work) = await PushedAsync("notebook", ("n.ipynb", before), ("broken.ipynb", "{ not json\n"), ("binary.ipynb", "\0\u0001\0"));
        await host.CommitAsync(work, "n.ipynb", Notebook("x = 2", Pixel));
        await host.CommitAsync(work, "broken.ipynb", "{ still not json\n");
        await host.CommitAsync(work, "binary.ipynb", "\0\u0001\0\u0002");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");

        var (_, page) = await GetAsync(project.Area("blob/main/n.ipynb"));
        var picture = System.Text.RegularExpressions.Regex.Match(page, "/author/notebook/-/notebook_images/[0-9a-f]{40}/[0-9a-f]{64}").Value;
        Assert.NotEmpty(picture);
        using var client = host.Client();
        using var answer = await client.GetAsync(picture, TestContext.Current.CancellationToken);
        Assert.Equal("image/png", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Convert.FromBase64String(Pixel), await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));

        var (status, diff) = await GetAsync(project.Area("compare/HEAD...main").Replace("HEAD", await host.RunAsync(work, "rev-parse", "HEAD~3"), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains("data-anchor=\"n1.", diff, StringComparison.Ordinal);
        Assert.Contains("The raw text is compared instead", diff, StringComparison.Ordinal);
        Assert.Contains("It is a binary file; it has no lines to compare", diff, StringComparison.Ordinal);
        Assert.Contains("<mark>still </mark>not json", diff, StringComparison.Ordinal);
        var (_, source) = await GetAsync(project.Area("blob/main/n.ipynb?view=source"));
        Assert.Contains("nbformat", source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_is_followed_through_a_patch()
    {
        var change = new FileChange("a", "a", ChangeKind.Modified, new string('1', 40), new string('2', 40), "100644", "100644", 2, 1, false);
        var patch = PatchText.Parse(change, "@@ -2,4 +2,5 @@ def f():\n two\n-three\n+drei\n+dreieinhalb\n four\n five\n");
        Assert.Equal(1, new TextAnchor(false, 1).Follow(patch)!.Line);
        Assert.Equal(2, new TextAnchor(false, 2).Follow(patch)!.Line);
        Assert.Null(new TextAnchor(false, 3).Follow(patch));
        Assert.Equal(5, new TextAnchor(false, 4).Follow(patch)!.Line);
        Assert.Equal(101, new TextAnchor(true, 100).Follow(patch)!.Line);
        Assert.Equal("t1.o.101", new TextAnchor(true, 100).Follow(patch)!.ToString());
        Assert.Equal(new TextAnchor(true, 7), TextAnchor.Parse("t1.o.7"));
        foreach (var wrong in (string?[])[null, "", "t1.x.1", "t1.o.0", "t1.o.-1", "t1.n.1x", "t1.n.99999999999", "n1.3"])
        {
            Assert.Null(TextAnchor.Parse(wrong));
        }
    }

    private static string Notebook(string code, string png) =>
        $$"""
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
          {"cell_type": "code", "id": "one", "execution_count": 1, "metadata": {}, "source": ["{{code}}"],
           "outputs": [{"output_type": "display_data", "metadata": {}, "data": {"image/png": "{{png}}"} }] }] }
        """;
}
