using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Tests.Repositories;

public sealed class TransportTests(GitHost host) : IClassFixture<GitHost>
{
    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("2")]
    public async Task A_clone_has_what_was_pushed_in_every_protocol_version(string version)
    {
        var project = await host.ProjectAsync($"round-trip-{version}");
        var work = await host.WorkTreeAsync(("a.txt", "one\n"), ("folder/b.txt", "two\n"));
        await host.RunAsync(work, "-c", $"protocol.version={version}", "push", "-q", host.Remote(project.FullPath), "main");

        var copy = host.NewFolder();
        await host.RunAsync(copy, "-c", $"protocol.version={version}", "clone", "-q", host.Remote(project.FullPath, "reader"), ".");

        Assert.Equal(await host.RunAsync(work, "rev-parse", "HEAD"), await host.RunAsync(copy, "rev-parse", "HEAD"));
        Assert.Equal("two\n", await File.ReadAllTextAsync(Path.Combine(copy, "folder/b.txt")));
    }

    [Fact]
    public async Task A_fetch_brings_later_commits_and_gzipped_negotiation_is_understood()
    {
        var project = await host.ProjectAsync("fetch");
        var work = await host.WorkTreeAsync();
        for (var number = 0; number < 60; number++)
        {
            await host.RunAsync(work, "commit", "-q", "--allow-empty", "-m", $"Commit {number}");
        }

        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        var copy = host.NewFolder();
        await host.RunAsync(copy, "clone", "-q", host.Remote(project.FullPath), ".");
        for (var number = 0; number < 60; number++)
        {
            await host.RunAsync(copy, "commit", "-q", "--allow-empty", "-m", $"Own commit {number}");
        }

        await host.CommitAsync(work, "later.txt", "later\n");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");

        // Sixty commits that the server does not know: a list of haves long enough to be sent gzipped.
        await host.RunAsync(copy, "-c", "protocol.version=0", "fetch", "-q", "origin");

        Assert.Equal(await host.RunAsync(work, "rev-parse", "main"), await host.RunAsync(copy, "rev-parse", "origin/main"));
    }

    [Fact]
    public async Task Shallow_and_partial_clones_work()
    {
        var project = await host.ProjectAsync("shallow");
        var work = await host.WorkTreeAsync(("a.txt", "1\n"), ("b.txt", "2\n"), ("c.txt", "3\n"));
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");

        var shallow = host.NewFolder();
        await host.RunAsync(shallow, "clone", "-q", "--depth", "1", host.Remote(project.FullPath), ".");
        Assert.Equal("1", await host.RunAsync(shallow, "rev-list", "--count", "HEAD"));
        await host.RunAsync(shallow, "fetch", "-q", "--unshallow");
        Assert.Equal("3", await host.RunAsync(shallow, "rev-list", "--count", "HEAD"));

        var partial = host.NewFolder();
        await host.RunAsync(partial, "clone", "-q", "--filter=blob:none", "--no-checkout", host.Remote(project.FullPath), ".");
        Assert.Contains("?", await host.RunAsync(partial, "rev-list", "--objects", "--missing=print", "HEAD"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_to_a_project_that_is_not_there_creates_it()
    {
        var work = await host.WorkTreeAsync();
        await host.RunAsync(work, "push", "-q", host.Remote("author/by-push"), "HEAD:refs/heads/trunk");

        var project = await host.Services.GetRequiredService<ProjectStore>().FindAsync("author/by-push", CancellationToken.None);
        Assert.Equal("trunk", project!.DefaultBranch);
        Assert.Equal(Visibility.Private, project.Visibility);
        var copy = host.NewFolder();
        await host.RunAsync(copy, "clone", "-q", host.Remote("author/by-push"), ".");
        Assert.Equal("trunk", await host.RunAsync(copy, "branch", "--show-current"));
    }

    [Fact]
    public async Task Nobody_creates_a_project_in_a_namespace_of_others()
    {
        var work = await host.WorkTreeAsync();
        var (code, text) = await host.TryAsync(work, "push", host.Remote("author/not-mine", "stranger"), "main");

        Assert.NotEqual(0, code);
        Assert.Contains("not found", text, StringComparison.OrdinalIgnoreCase);
        Assert.Null(await host.Services.GetRequiredService<ProjectStore>().FindAsync("author/not-mine", CancellationToken.None));
    }

    [Fact]
    public async Task Asking_for_refs_alone_creates_nothing()
    {
        var (code, text) = await host.TryAsync(host.NewFolder(), "ls-remote", host.Remote("author/only-asked"));
        Assert.NotEqual(0, code);
        using var client = host.Client();
        using var answer = await client.GetAsync("/author/only-asked.git/info/refs?service=git-receive-pack", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(await host.Services.GetRequiredService<ProjectStore>().FindAsync("author/only-asked", CancellationToken.None));
        Assert.DoesNotContain("internal", text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("refs/merge-requests/1/head")]
    [InlineData("refs/pipelines/1")]
    [InlineData("refs/notes/x")]
    [InlineData("refs/heads/HEAD")]
    [InlineData("refs/heads/refs/heads/main")]
    [InlineData("refs/heads/0123456789012345678901234567890123456789")]
    public async Task Other_refs_are_refused_with_a_sentence_and_nothing_of_the_push_is_taken(string name)
    {
        var project = await host.ProjectAsync("refused-" + name.Replace('/', '-').ToLowerInvariant());
        var work = await host.WorkTreeAsync();
        var (code, text) = await host.TryAsync(work, "push", host.Remote(project.FullPath), $"main:{name}", "main:refs/heads/other");

        Assert.NotEqual(0, code);
        Assert.Contains("remote: Refused:", text, StringComparison.Ordinal);
        Assert.Contains("remote rejected", text, StringComparison.Ordinal);
        Assert.Empty(await host.Open(project).BranchesAsync(CancellationToken.None));
        Assert.Null(await host.Open(project).RefAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task HEAD_cannot_be_pushed()
    {
        var project = await host.ProjectAsync("refused-head");
        var work = await host.WorkTreeAsync();
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main");
        var (code, text) = await host.TryAsync(work, "push", host.Remote(project.FullPath), "main:HEAD", "--force");
        Assert.NotEqual(0, code);
        Assert.Contains("Refused: HEAD", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_over_the_limit_is_refused_in_words_and_leaves_nothing()
    {
        var project = await host.ProjectAsync("too-large");
        var work = await host.WorkTreeAsync();
        var noise = new byte[GitHost.PushLimit + 100_000];
        new Random(7).NextBytes(noise);
        await File.WriteAllBytesAsync(Path.Combine(work, "noise.bin"), noise, TestContext.Current.CancellationToken);
        await host.RunAsync(work, "add", "-A");
        await host.RunAsync(work, "commit", "-q", "-m", "Add noise");
        var (code, text) = await host.TryAsync(work, "push", host.Remote(project.FullPath), "main");

        Assert.NotEqual(0, code);
        Assert.Contains("The push is larger than the limit of 4 MB", text, StringComparison.Ordinal);
        Assert.Empty(await host.Open(project).BranchesAsync(CancellationToken.None));
        var objects = Path.Combine(host.Services.GetRequiredService<Squero.Repositories.GitRepositories>().PathOf(project.Id), "objects");
        Assert.Empty(Directory.EnumerateFiles(objects, "*", SearchOption.AllDirectories));
        Assert.Equal(["info", "pack"], Directory.EnumerateDirectories(objects).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Wrong_tokens_and_strangers_are_turned_away_without_telling_what_exists()
    {
        var project = await host.ProjectAsync("closed");
        await host.ProjectAsync("open", Visibility.Public);
        var folder = host.NewFolder();

        foreach (var remote in (string[])[host.Remote(project.FullPath, "author", "wrong"), host.Remote(project.FullPath, null), host.Remote("author/absent", null)])
        {
            var (code, text) = await host.TryAsync(folder, "ls-remote", remote);
            Assert.NotEqual(0, code);
            Assert.True(text.Contains("Authentication failed", StringComparison.Ordinal) || text.Contains("could not read Username", StringComparison.Ordinal), text);
        }

        // Git sends a password only when asked for one, which an open project does not do; other clients send it at once.
        using var client = host.Client(null);
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("author:wrong"u8));
        using var answer = await client.GetAsync("/author/open.git/info/refs?service=git-upload-pack", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Basic realm=\"Squero\"", answer.Headers.WwwAuthenticate.ToString());

        var (hidden, sentence) = await host.TryAsync(folder, "ls-remote", host.Remote(project.FullPath, "stranger"));
        Assert.NotEqual(0, hidden);
        Assert.Contains("There is no project", sentence, StringComparison.Ordinal);
        await host.RunAsync(folder, "ls-remote", host.Remote("author/open", null));
    }

    [Fact]
    public async Task Readers_fetch_and_do_not_push_and_guests_do_not_fetch()
    {
        var project = await host.ProjectAsync("roles");
        var work = await host.WorkTreeAsync();
        var (pushed, text) = await host.TryAsync(work, "push", host.Remote(project.FullPath, "reader"), "main");
        Assert.NotEqual(0, pushed);
        Assert.Contains("role developer", text, StringComparison.Ordinal);

        var (fetched, words) = await host.TryAsync(work, "ls-remote", host.Remote(project.FullPath, "guest"));
        Assert.NotEqual(0, fetched);
        Assert.Contains("role reporter", words, StringComparison.Ordinal);
        Assert.Empty(await host.Open(project).BranchesAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Scopes_of_tokens_are_kept()
    {
        var project = await host.ProjectAsync("scopes");
        var work = await host.WorkTreeAsync();
        var reading = await host.TokenAsync("author", "read_repository");
        var (code, text) = await host.TryAsync(work, "push", host.Remote(project.FullPath, "author", reading), "main");
        Assert.NotEqual(0, code);
        Assert.Contains("write_repository", text, StringComparison.Ordinal);
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath, "author", await host.TokenAsync("author", "write_repository")), "main");
        await host.RunAsync(work, "ls-remote", host.Remote(project.FullPath, "author", reading));
        (code, _) = await host.TryAsync(work, "ls-remote", host.Remote(project.FullPath, "author", await host.TokenAsync("author", "read_user")));
        Assert.NotEqual(0, code);
    }

    [Fact]
    public async Task Push_options_reach_observers_and_their_lines_come_back()
    {
        var project = await host.ProjectAsync("options");
        var work = await host.WorkTreeAsync();
        var text = await host.RunAsync(
            work, "push", "-o", "merge_request.create", "-o", "merge_request.title=A = b", host.Remote(project.FullPath), "main:refs/heads/feature/x");

        Assert.Contains("remote: Seen merge_request.create=, merge_request.title=A = b", text, StringComparison.Ordinal);
        var push = host.Observer.Pushes.Single(push => push.Project.Id == project.Id);
        Assert.Equal("feature/x", push.Updates.Single().Branch);
        Assert.True(push.Updates.Single().IsCreation);
        Assert.Equal(host.People["author"].Id, push.Caller.PersonId);
    }

    [Fact]
    public async Task Every_move_is_recorded_and_no_intent_stays()
    {
        var project = await host.ProjectAsync("recorded");
        var work = await host.WorkTreeAsync();
        await host.RunAsync(work, "tag", "-a", "v1", "-m", "One");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), "main", "v1", "main:side");
        await host.RunAsync(work, "push", "-q", host.Remote(project.FullPath), ":side");
        var database = host.Services.GetRequiredService<Database>();
        var rows = await database.ReadAsync(
            session => session.ListAsync<string>("SELECT ref FROM repositories_pushes WHERE project_id = @Id ORDER BY id", new { project.Id }), CancellationToken.None);
        Assert.Equal(["refs/heads/main", "refs/tags/v1", "refs/heads/side", "refs/heads/side"], rows);
        Assert.Equal(
            0,
            await database.ReadAsync(session => session.CountAsync("SELECT count(*) FROM repositories_intents WHERE project_id = @Id", new { project.Id }), CancellationToken.None));
        var (code, text) = await host.TryAsync(work, "push", host.Remote(project.FullPath), ":main");
        Assert.NotEqual(0, code);
        Assert.Contains("deletion of the current branch prohibited", text, StringComparison.Ordinal);
    }
}
