using System.Diagnostics;
using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>What a finished git process said. Output is cut off at the limit that was asked for.</summary>
internal sealed record GitResult(int ExitCode, byte[] Output, string Error, bool IsCut)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Output).Trim();
}

/// <summary>
/// The only place that runs git: argument arrays, an environment of its own in which neither the machine's nor a person's
/// configuration counts, and no process that outlives its caller.
/// </summary>
internal sealed class GitProcess(DataFolder data)
{
    private const int ErrorLimit = 64 * 1024;
    private static readonly string[] Standing =
    [
        "-c", "safe.directory=*", "-c", "protocol.file.allow=never", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
        "-c", "core.quotePath=false",
    ];

    /// <summary>Starts git with piped standard streams. Dispose kills what is still running.</summary>
    public GitStream Start(string repository, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        new(StartProcess(repository, arguments, environment));

    /// <summary>Runs git to its end; cancelling kills it. Standard output over <paramref name="limit"/> bytes ends it too.</summary>
    public async Task<GitResult> RunAsync(
        string repository,
        IReadOnlyList<string> arguments,
        CancellationToken cancel,
        int limit = 64 * 1024 * 1024,
        byte[]? input = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var git = Start(repository, arguments, environment);
        var feeding = FeedAsync(git, input, cancel);
        var (output, isCut) = await ReadUpToAsync(git.Output, limit, cancel);
        if (isCut)
        {
            git.Kill();
        }

        await feeding;
        var exitCode = await git.WaitAsync(cancel);
        return new GitResult(exitCode, output, git.ErrorText, isCut);
    }

    /// <summary>As <see cref="RunAsync"/> for calls that can only fail by a fault of ours or of the disk.</summary>
    public async Task<GitResult> RequireAsync(
        string repository, IReadOnlyList<string> arguments, CancellationToken cancel, byte[]? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var result = await RunAsync(repository, arguments, cancel, input: input, environment: environment);
        return result.ExitCode == 0
            ? result
            : throw new InvalidOperationException($"git {arguments[0]} ended with {result.ExitCode}: {result.Error}");
    }

    private Process StartProcess(string repository, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var start = new ProcessStartInfo("git")
        {
            WorkingDirectory = repository,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in Standing.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin";
        start.Environment["HOME"] = data.Folder("git-home");
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        start.Environment["GIT_LITERAL_PATHSPECS"] = "1";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_DIR"] = repository;
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("git could not be started.");
    }

    private static async Task FeedAsync(GitStream git, byte[]? input, CancellationToken cancel)
    {
        try
        {
            if (input is not null)
            {
                await git.Input.WriteAsync(input, cancel);
            }

            git.CloseInput();
        }
        catch (IOException)
        {
            // Git ended before it had read all of it: its exit code tells why.
        }
    }

    private static async Task<(byte[] Bytes, bool IsCut)> ReadUpToAsync(Stream from, int limit, CancellationToken cancel)
    {
        using var to = new MemoryStream();
        var buffer = new byte[32 * 1024];
        int read;
        while ((read = await from.ReadAsync(buffer, cancel)) > 0)
        {
            var room = (int)Math.Min(read, limit - to.Length);
            to.Write(buffer, 0, room);
            if (room < read)
            {
                return (to.ToArray(), true);
            }
        }

        return (to.ToArray(), false);
    }

    internal static int StandardErrorLimit => ErrorLimit;
}
