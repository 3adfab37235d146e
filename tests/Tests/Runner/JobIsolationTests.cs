using Squero.RunnerProtocol;

namespace Squero.Tests.Runner;

public sealed class JobIsolationTests
{
    private const string Jewels = "the-crown-jewels";

    /// <summary>Each is tried in one job; DATA is the hidden folder, PEER the id of the process that must stay untouched.</summary>
    private static readonly string[] Attempts =
    [
        "cat $DATA/inner/secret", "ls -R $DATA", "find $DATA -type f -exec cat {} +", "chmod 777 $DATA; cat $DATA/inner/secret",
        "ln -s $DATA link; cat link/inner/secret", "ln -s $DATA/inner/secret file; cat file", "ln $DATA/inner/secret hard; cat hard",
        "cat /proc/1/root$DATA/inner/secret", "cat /proc/self/root$DATA/inner/secret", "ls -l /proc/1/cwd/ /proc/1/fd/; cat /proc/1/environ | tr '\\0' '\\n'",
        "for p in /proc/[0-9]*; do cat $p/root$DATA/inner/secret $p/cwd/data/inner/secret; done",
        "cd $DATA && cat inner/secret", "cat $DATA/../data/inner/secret", "cat /tmp/../$DATA/inner/secret",
        "umount $DATA; umount -l $DATA; cat $DATA/inner/secret", "umount -R -l /tmp; cat $DATA/inner/secret", "umount -l /run; umount -l /dev; cat $DATA/inner/secret",
        "mount --bind / /tmp; cat /tmp$DATA/inner/secret", "mount -o remount,rw /", "mount -t proc none /tmp",
        "unshare -m cat $DATA/inner/secret", "unshare -Urm cat $DATA/inner/secret", "unshare -Urm bash -c \"umount -l $DATA; umount -l /tmp; umount -R -l /tmp; cat $DATA/inner/secret\"",
        "unshare -Urm bash -c \"mkdir -p m; mount --bind / m; cat m$DATA/inner/secret; umount -l m; mount --rbind / m; umount -l m/tmp; umount -l m$DATA; cat m$DATA/inner/secret\"",
        "unshare -Urmpf --mount-proc cat /proc/1/root$DATA/inner/secret", "unshare -Urm --propagation shared bash -c \"umount -R -l /tmp; cat $DATA/inner/secret\"",
        "nsenter -t 1 -m cat $DATA/inner/secret", "nsenter -t 1 -a cat $DATA/inner/secret", "chroot /proc/1/root cat $DATA/inner/secret",
        "sudo -n cat $DATA/inner/secret", "su -c \"cat $DATA/inner/secret\"", "mknod d b 254 0; cat d | head -c 1", "cat /dev/vda | grep -a -m 1 jewels", "debugfs -R \"cat $DATA/inner/secret\" /dev/vda",
        "python3 -c \"import os; print(os.listdir('$DATA')); print(open('$DATA/inner/secret').read())\"",
        "python3 -c \"import ctypes,os; l=ctypes.CDLL(None); print(l.umount2(b'$DATA',2), l.syscall(428,-100,b'$DATA',1), l.chroot(b'..'))\"",
        "kill -0 $PEER && echo reached-the-server", "kill -9 1", "cat /proc/$PEER/environ /proc/$PEER/maps && echo read-the-server",
        "echo pwned > /etc/squero-test && echo wrote-the-machine", "touch /usr/bin/squero-test && echo wrote-the-machine", "echo '|/bin/true' > /proc/sys/kernel/core_pattern && echo wrote-the-machine",
        "ls /run/docker.sock /run/user /run/dbus && echo saw-the-daemons", "touch /run/squero/scripts/x && echo wrote-the-scripts", "mv /run/squero/builds /run/squero/b && echo moved-the-folder",
    ];

    [Fact]
    public async Task A_job_reads_nothing_of_the_data_folder_whatever_it_tries()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        await CheckAsync(fixture, await fixture.RunAsync(Attack(fixture)));
    }

    [Fact]
    public async Task An_ordinary_users_runner_hides_the_data_folder_as_well()
    {
        await using var fixture = await RunnerFixture.WithoutRunnerAsync();
        using var runner = await RunnerProcess.StartAsync(fixture, asNobody: true);
        await CheckAsync(fixture, await fixture.RunAsync(Attack(fixture)));
        await runner.StopAsync();
    }

    [Fact]
    public async Task A_work_folder_inside_the_data_folder_works_and_shows_nothing_of_it()
    {
        await using var fixture = await RunnerFixture.StartAsync(options => options with { WorkFolder = Path.Combine(options.HiddenPaths[0], "work") });
        await CheckAsync(fixture, await fixture.RunAsync(Attack(fixture)));
    }

    [Fact]
    public async Task A_hidden_path_that_is_a_link_hides_what_it_leads_to()
    {
        await using var fixture = await RunnerFixture.WithoutRunnerAsync();
        var link = Path.Combine(fixture.Folder, "link");
        File.CreateSymbolicLink(link, fixture.Data);
        using var runner = await RunnerProcess.StartAsync(fixture, hidden: link);
        await CheckAsync(fixture, await fixture.RunAsync(Attack(fixture)));
        await runner.StopAsync();
    }

    [Fact]
    public async Task The_ordinary_tools_work_in_isolation()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (end, job) = await fixture.RunAsync(Payloads.Job(
            fixture.Peer,
            "touch file ~/file /tmp/file /dev/shm/file", "echo to-stderr > /dev/stderr", "cat <(echo from-substitution)", "tar cf a.tar file && mkdir t && tar xf a.tar -C t",
            "python3 -c 'import multiprocessing, socket; multiprocessing.Lock(); print(\"python-works\")'", "test \"$(id -u)\" != 0", "git status --short | head -1",
            $"exec 3<>/dev/tcp/127.0.0.1/{fixture.Peer.Address.Port} && echo reaches-the-server"));

        Assert.Equal(JobStates.Success, end.State);
        Assert.Contains("\nto-stderr\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("\nfrom-substitution\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("\nreaches-the-server\n", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_isolation_does_not_work_jobs_are_refused_with_a_sentence()
    {
        await using var fixture = await RunnerFixture.WithoutRunnerAsync();
        using var runner = await RunnerProcess.StartAsync(fixture, path: PathWithout(fixture, "unshare"));
        var (end, job) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "echo never"));
        await runner.StopAsync();

        Assert.Equal(FailureReasons.RunnerConfiguration, end.FailureReason);
        Assert.Contains("this runner cannot isolate jobs, so it refuses them", job.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain("never", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_isolation_jobs_run_only_when_that_is_allowed()
    {
        await using var fixture = await RunnerFixture.WithoutRunnerAsync();
        using var runner = await RunnerProcess.StartAsync(fixture, path: PathWithout(fixture, "unshare"), allowUnconfined: true);
        var (end, job) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "cat README", $"cat {fixture.Data}/inner/secret"));
        await runner.StopAsync();

        Assert.Equal(JobStates.Success, end.State);
        Assert.Contains("this runner does not isolate jobs", job.Trace, StringComparison.Ordinal);
        Assert.Contains("\nsecond\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("\n" + Jewels, job.Trace, StringComparison.Ordinal);
    }

    private static JobPayload Attack(RunnerFixture fixture)
    {
        var commands = Attempts.Select((attempt, index) => $"timeout 20 bash -c {Quote(attempt)} < /dev/null || true # {index}");
        return Payloads.Job(fixture.Peer, ["export DATA PEER", .. commands, "echo survived"]).With(
            new JobVariable { Key = "DATA", Value = fixture.Data },
            new JobVariable { Key = "PEER", Value = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture) });
    }

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static async Task CheckAsync(RunnerFixture fixture, (JobUpdate End, PeerJob Job) result)
    {
        var trace = result.Job.Trace;
        foreach (var trophy in new[] { Jewels, "reached-the-server\n", "read-the-server\n", "wrote-the-machine\n", "saw-the-daemons\n", "wrote-the-scripts\n", "moved-the-folder\n" })
        {
            Assert.DoesNotContain("\n" + trophy, trace, StringComparison.Ordinal);
        }

        Assert.Contains("\nsurvived\n", trace, StringComparison.Ordinal);
        Assert.Equal(JobStates.Success, result.End.State);
        Assert.False(File.Exists("/etc/squero-test"));
        Assert.Contains(Jewels, await File.ReadAllTextAsync(Path.Combine(fixture.Data, "inner", "secret"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>A search path with all programs but one.</summary>
    private static string PathWithout(RunnerFixture fixture, string missing)
    {
        var folder = Directory.CreateDirectory(Path.Combine(fixture.Folder, "bin")).FullName;
        foreach (var file in Directory.EnumerateFiles("/usr/bin").Where(file => Path.GetFileName(file) != missing))
        {
            File.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(file)), file);
        }

        return folder;
    }
}
