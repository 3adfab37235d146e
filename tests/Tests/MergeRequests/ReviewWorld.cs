using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Squero.Experiments;
using Squero.MergeRequests;
using Squero.Projects;

namespace Squero.Tests.MergeRequests;

/// <summary>A server with people known by name; every test gets a project of its own.</summary>
public sealed class ReviewWorld : IAsyncLifetime
{
    private readonly string root = Path.Combine(Path.GetTempPath(), "squero-review-" + Path.GetRandomFileName());
    private int count;

    public TestServer Server { get; private set; } = null!;

    /// <summary>Owner of every project.</summary>
    public TestPerson Author { get; private set; } = null!;

    /// <summary>Developer.</summary>
    public TestPerson Reviewer { get; private set; } = null!;

    /// <summary>Reporter.</summary>
    public TestPerson Reader { get; private set; } = null!;

    public TestPerson Stranger { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(root);
        Server = await TestServer.StartAsync();
        Author = await Server.PersonAsync("author");
        Reviewer = await Server.PersonAsync("reviewer");
        Reader = await Server.PersonAsync("reader");
        Stranger = await Server.PersonAsync("stranger");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    public T Get<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    /// <summary>A project whose main branch holds the files, and a working copy of it.</summary>
    public async Task<Workbench> ProjectAsync(params (string Path, string Text)[] files)
    {
        var name = $"project-{Interlocked.Increment(ref count)}";
        await Author.CreateProjectAsync(name);
        var project = (await Get<ProjectStore>().FindAsync($"author/{name}", CancellationToken.None))!;
        var members = Get<MemberStore>();
        await members.SetAsync(project, Reviewer.Person.Id, Role.Developer, CancellationToken.None);
        await members.SetAsync(project, Reader.Person.Id, Role.Reporter, CancellationToken.None);
        var bench = new Workbench(this, project, Path.Combine(root, name));
        await bench.StartAsync(files);
        return bench;
    }
}

/// <summary>One project with a working copy of git.</summary>
public sealed class Workbench(ReviewWorld world, Project project, string folder)
{
    /// <summary>The least that is an ONNX file: a version, a graph with one output, an opset.</summary>
    public static readonly byte[] Onnx = [0x08, 0x08, 0x3A, 0x05, 0x62, 0x03, 0x0A, 0x01, 0x79, 0x42, 0x02, 0x10, 0x0D];

    public Project Project => project;

    public string Api => $"/api/v4/projects/{Uri.EscapeDataString(project.FullPath)}/merge_requests";

    public string Page(long iid, string tab = "") => project.Area($"merge_requests/{iid}") + (tab.Length == 0 ? "" : "/" + tab);

    internal async Task StartAsync((string Path, string Text)[] files)
    {
        Directory.CreateDirectory(folder);
        await GitAsync("init", "-q", "-b", "main");
        await GitAsync("remote", "add", "origin", world.Author.GitUrl(project.FullPath));
        await CommitAsync("Begin", files.Length == 0 ? [("README.md", "# Hello\n")] : files);
        await GitAsync("push", "-q", "origin", "main");
    }

    public async Task<string> CommitAsync(string message, params (string Path, string Text)[] files)
    {
        foreach (var (path, text) in files)
        {
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, text);
        }

        await GitAsync("add", "-A");
        await GitAsync("commit", "-q", "--allow-empty", "-m", message);
        return await GitAsync("rev-parse", "HEAD");
    }

    /// <summary>Commits on a new branch, pushes it and opens a merge request through the API.</summary>
    public async Task<MergeRequest> OpenAsync(string branch, params (string Path, string Text)[] files)
    {
        await GitAsync("switch", "-q", "-c", branch, "main");
        await CommitAsync($"Change {branch}", files);
        await GitAsync("push", "-q", "origin", branch);
        var answer = await world.Author.PostAsync(Api, new { source_branch = branch, target_branch = "main", title = $"Merge {branch}" });
        return await RequestAsync(answer.GetProperty("iid").GetInt64());
    }

    public async Task<MergeRequest> RequestAsync(long iid) =>
        (await world.Get<MergeRequestStore>().FindAsync(project.Id, iid, CancellationToken.None))!;

    public async Task<string> GitAsync(params string[] arguments)
    {
        var (code, output, error) = await TryAsync(arguments);
        Assert.True(code == 0, $"git {string.Join(' ', arguments)} ended with {code}: {error}");
        return output.Trim();
    }

    public async Task<(int Code, string Output, string Error)> TryAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in new[]
        {
            ("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org"), ("GIT_COMMITTER_NAME", "Ada"), ("GIT_COMMITTER_EMAIL", "ada@example.org"),
            ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_TERMINAL_PROMPT", "0"), ("LC_ALL", "C.UTF-8"),
        })
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>A candidate as a job at a commit would have left it; without a commit, one that somebody logged by hand.</summary>
    public async Task<Candidate> CandidateAsync(
        string? sha, string refName, double auc, byte[]? model, CandidateStatus status = CandidateStatus.Finished, long pipelineId = 1)
    {
        var experiments = world.Get<ExperimentStore>();
        var experiment = await experiments.FindByNameAsync(project.Id, "churn", CancellationToken.None)
            ?? await experiments.CreateAsync(project.Id, "churn", null, [], CancellationToken.None);
        var candidate = await world.Get<StartCandidate>().StartAsync(
            new NewCandidate(experiment!, "try", 1, null, "", [], sha is null ? null : new Origin(1, pipelineId, sha, refName)), CancellationToken.None);
        var http = world.Author.Http;
        var tracking = $"/api/v4/projects/{project.Id}/ml/mlflow/api/2.0/mlflow/runs/log-metric";
        using var body = new StringContent(
            JsonSerializer.Serialize(new { run_id = candidate.Uid, key = "auc", value = auc, timestamp = 1, step = 0 }), Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(tracking, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        if (model is not null)
        {
            await world.Get<CandidateFiles>().PutAsync(project.Id, candidate.Id, "model.onnx", new MemoryStream(model), CancellationToken.None);
        }

        return await world.Get<CandidateEdits>().UpdateAsync(candidate, status, 2, null, CancellationToken.None);
    }

    /// <summary>A notebook of code cells, each an id and its source.</summary>
    public static string Notebook(params (string Id, string Source)[] cells) =>
        JsonSerializer.Serialize(
            new
            {
                cells = cells.Select(cell => new
                {
                    cell_type = "code",
                    execution_count = 1,
                    id = cell.Id,
                    metadata = new { },
                    outputs = Array.Empty<object>(),
                    source = cell.Source.Split('\n').Select((line, index) => index == cell.Source.Count(letter => letter == '\n') ? line : line + "\n"),
                }),
                metadata = new { },
                nbformat = 4,
                nbformat_minor = 5,
            },
            Indented) + "\n";

    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };
}
