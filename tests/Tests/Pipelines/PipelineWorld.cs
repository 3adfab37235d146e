using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Squero.Pipelines;

namespace Squero.Tests.Pipelines;

/// <summary>A server, an author with a project, a working copy, and a runner that the test plays itself.</summary>
public sealed class PipelineWorld : IAsyncLifetime
{
    private readonly string work = Path.Combine(Path.GetTempPath(), "squero-work-" + Path.GetRandomFileName());

    public TestServer Server { get; private set; } = null!;

    public TestPerson Author { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    internal FakeRunner Runner { get; private set; } = null!;

    public string Project { get; } = "ada/churn";

    public string Api => $"/api/v4/projects/{Uri.EscapeDataString(Project)}";

    public async ValueTask InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        Author = await Server.PersonAsync("ada", admin: true);
        await Author.CreateProjectAsync("churn");
        Http = Server.Anonymous();
        Runner = new FakeRunner(Http, await Get<RunnerStore>().EnsureBuiltInAsync(CancellationToken.None));
        Directory.CreateDirectory(work);
        await GitAsync("init", "-q", "-b", "main");
        await GitAsync("remote", "add", "origin", Author.GitUrl(Project));
    }

    public T Get<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    internal FakeRunner AnotherRunner(string token, bool graceful = true) => new(Http, token) { SystemId = "s_ba9876543210", EndsGracefully = graceful };

    /// <summary>Commits the file, pushes the branch and returns the commit.</summary>
    public async Task<string> PushAsync(string yaml, string branch = "main", string message = "Change the pipeline", string file = ".squero-ci.yml")
    {
        await File.WriteAllTextAsync(Path.Combine(work, file), yaml);
        await GitAsync("add", "-A");
        await GitAsync("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "commit", "-q", "--allow-empty", "-m", message);
        await GitAsync("push", "-q", "origin", $"HEAD:refs/heads/{branch}");
        return (await GitAsync("rev-parse", "HEAD")).Trim();
    }

    /// <summary>Pushes and returns the pipeline that it makes, once its first jobs have taken their turn.</summary>
    public async Task<Pipeline> StartAsync(string yaml, string branch = "main")
    {
        var sha = await PushAsync(yaml, branch);
        var found = await TestServer.EventuallyAsync(
            async () => (await Get<PipelineStore>().ForCommitsAsync(ProjectId, [sha], CancellationToken.None)).Select(row => (row.Id, row.Status)).ToArray(),
            rows => rows.Length > 0 && rows[0].Status != JobStatus.Created);
        return await PipelineAsync(found[0].Id);
    }

    public long ProjectId { get; } = 1;

    public async Task<Pipeline> PipelineAsync(long id) => (await Get<PipelineStore>().FindAsync(ProjectId, id, CancellationToken.None))!;

    /// <summary>State of each job by name, retried rows left out.</summary>
    public async Task<Dictionary<string, string>> StatesAsync(long pipelineId) =>
        (await Get<PipelineStore>().JobsAsync(pipelineId, false, CancellationToken.None)).ToDictionary(job => job.Name, job => job.Status.ToWord());

    public async Task<Job> JobAsync(long id) => (await Get<JobStore>().FindAsync(id, CancellationToken.None))!;

    public async Task<Job> JobAsync(long pipelineId, string name) =>
        (await Get<PipelineStore>().JobsAsync(pipelineId, false, CancellationToken.None)).Single(job => job.Name == name);

    public async Task<JsonElement> PostAsync(string path) => await Author.PostAsync(Api + path, new { });

    public async Task<string> GitAsync(params string[] arguments) => (await ListenToGitAsync(arguments)).Output;

    /// <summary>The same with what git said to the person at the terminal.</summary>
    public async Task<(string Output, string Said)> ListenToGitAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("git") { WorkingDirectory = work, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        Assert.True(git.ExitCode == 0, $"git {string.Join(' ', arguments)}: {await errors}");
        return (output, await errors);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(work, recursive: true);
    }
}
