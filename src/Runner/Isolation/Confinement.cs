using System.Diagnostics;
using System.Globalization;

namespace Squero.Runner;

/// <summary>How jobs are kept from the rest of the machine.</summary>
internal enum ConfinementMode
{
    /// <summary>The runner is root: it makes the namespaces itself and jobs run as a user that owns nothing else.</summary>
    Root,

    /// <summary>The runner is an ordinary user: a user namespace makes the others possible.</summary>
    User,

    /// <summary>No isolation; allowed by the options alone.</summary>
    None,
}

/// <summary>Jobs cannot be isolated here, or this one could not. The sentence is for people.</summary>
internal sealed class ConfinementFailure(string sentence) : Exception(sentence);

/// <summary>
/// Starts a job's script in namespaces of its own where the data folder, the other jobs, other processes and the runner's
/// secrets are not visible. What is done inside is written in confine.sh.
/// </summary>
internal sealed class Confinement
{
    /// <summary>Where a job finds its own folders, whatever they are called outside.</summary>
    public const string InsideRoot = "/run/squero";

    private readonly RunnerOptions options;
    private readonly WorkFolder work;
    private readonly string setupScript;

    public Confinement(RunnerOptions options, WorkFolder work)
    {
        this.options = options;
        this.work = work;
        Mode = !OperatingSystem.IsLinux() ? ConfinementMode.None : Posix.UserId == 0 ? ConfinementMode.Root : ConfinementMode.User;
        setupScript = Path.Combine(work.Path, "confine.sh");
    }

    public ConfinementMode Mode { get; private set; }

    /// <summary>Why jobs are refused; null when they can run.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>The user id that a job of this slot has outside, when it is not the runner's.</summary>
    public int? JobUser(int slot) => Mode == ConfinementMode.Root ? options.FirstJobUser + slot : null;

    /// <summary>Tries the isolation once, and finds out whether jobs can be run, have to be refused or run without it.</summary>
    public async Task ProbeAsync(CancellationToken cancel)
    {
        Obstacle = await FindObstacleAsync(cancel).ConfigureAwait(false);
        if (Obstacle is not null && options.AllowUnconfinedJobs)
        {
            Mode = ConfinementMode.None;
            Obstacle = null;
        }
    }

    public ProcessStartInfo Prepare(JobFolder folder, string script)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = Mode == ConfinementMode.None ? folder.Builds : "/",
        };
        start.Environment.Clear();
        start.Environment["PATH"] = OwnPath;
        start.FileName = Mode == ConfinementMode.None ? "env" : "unshare";
        foreach (var argument in Mode == ConfinementMode.None ? PlainArguments(folder, script) : Arguments(folder, script))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static string OwnPath => Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin";

    private async Task<string?> FindObstacleAsync(CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "Jobs can be isolated on Linux only.";
        }

        await File.WriteAllTextAsync(setupScript, ReadSetupScript(), cancel).ConfigureAwait(false);
        using var folder = JobFolder.Create(work, "probe", "probe", JobUser(0));
        await folder.WriteScriptAsync("probe.sh", "exit 42\n", cancel).ConfigureAwait(false);
        try
        {
            var code = await new JobProcess(this, folder).RunAsync("probe.sh", _ => ValueTask.CompletedTask, cancel).ConfigureAwait(false);
            return code == 42 ? null : $"The isolation of jobs does not work on this machine (code {code}).";
        }
        catch (ConfinementFailure failure)
        {
            return failure.Message;
        }
    }

    private IEnumerable<string> Arguments(JobFolder folder, string script)
    {
        if (Mode == ConfinementMode.User)
        {
            yield return "--user";
            yield return "--map-root-user";
        }

        foreach (var flag in new[] { "--mount", "--propagation", "private", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc", "bash", "--noprofile", "--norc" })
        {
            yield return flag;
        }

        yield return setupScript;
        yield return Mode == ConfinementMode.Root ? "root" : "user";
        yield return (folder.Owner ?? (int)Posix.UserId).ToString(CultureInfo.InvariantCulture);
        yield return (folder.Owner ?? (int)Posix.GroupId).ToString(CultureInfo.InvariantCulture);
        yield return folder.Root;
        yield return $"{InsideRoot}/scripts/{script}";
        yield return options.SearchPath ?? OwnPath;
        foreach (var path in HiddenPaths.Resolve(options.HiddenPaths.Append(work.Path)))
        {
            yield return path;
        }
    }

    private IEnumerable<string> PlainArguments(JobFolder folder, string script) =>
    [
        "-i", $"PATH={options.SearchPath ?? OwnPath}", $"HOME={folder.Home}", "LANG=C.UTF-8", $"TMPDIR={folder.Temporary}",
        "bash", "--noprofile", "--norc", Path.Combine(folder.Scripts, script),
    ];

    private static string ReadSetupScript()
    {
        using var stream = typeof(Confinement).Assembly.GetManifestResourceStream("confine.sh")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
