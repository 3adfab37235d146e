using Squero.RunnerProtocol;

namespace Squero.Tests.Runner;

public sealed class JobExecutionTests
{
    [Fact]
    public async Task A_job_gets_its_sources_runs_its_commands_and_reports_success()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (end, job) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "cat README", "git log --oneline | wc -l", "echo dir=$CI_PROJECT_DIR server=$CI_SERVER", "pwd"));

        Assert.Equal(JobStates.Success, end.State);
        Assert.Null(end.ExitCode);
        Assert.Contains("\e[32;1m$ cat README\e[0;m\nsecond\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("\n1\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("dir=/run/squero/builds/vision server=yes", job.Trace, StringComparison.Ordinal);
        Assert.Matches("section_start:[0-9]+:step_script\r\e\\[0K", job.Trace);
        Assert.EndsWith("Job succeeded\e[0;m\n", job.Trace, StringComparison.Ordinal);
        await fixture.StopAsync();
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(fixture.Folder, "work")));
    }

    [Fact]
    public async Task A_failing_command_ends_the_script_with_its_code_and_after_script_still_runs()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var (end, job) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "echo one", "(exit 7)", "echo never").AfterScript("echo status=$CI_JOB_STATUS", "false"));

        Assert.Equal((JobStates.Failed, FailureReasons.Script, 7), (end.State, end.FailureReason, end.ExitCode));
        Assert.Contains("status=failed", job.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain("\nnever\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("ERROR: Job failed: exit code 7", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_reach_the_job_expanded_raw_and_as_files()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var payload = Payloads.Job(fixture.Peer, "echo \"<$GREETING> <$PRICE> <$QUOTED>\"", "cat $CONFIG; stat -c %a $CONFIG", "env | grep -c RUNNER_ONLY || true").With(
            new JobVariable { Key = "NAME", Value = "first" },
            new JobVariable { Key = "NAME", Value = "world" },
            new JobVariable { Key = "GREETING", Value = "hello ${NAME}$UNKNOWN" },
            new JobVariable { Key = "PRICE", Value = "$NAME", Raw = true },
            new JobVariable { Key = "QUOTED", Value = "it's `id` $(id)\nline", Raw = true },
            new JobVariable { Key = "CONFIG", Value = "a: $NAME\n", File = true });
        Environment.SetEnvironmentVariable("RUNNER_ONLY", "x");
        var (_, job) = await fixture.RunAsync(payload);

        Assert.Contains("<hello world> <$NAME> <it's `id` $(id)\nline>\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("a: $NAME\n600\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("|| true\e[0;m\n0\n", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Secrets_never_reach_the_log()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var payload = Payloads.Job(
            fixture.Peer, "echo $PASSWORD", "printf hunter; sleep 0.3; printf '2hunter2!\\n'", "echo $CI_JOB_TOKEN", "echo glpat-abcDEF12345 end", "git remote -v; cat .git/config; env | grep GIT_CONFIG || true")
            .With(new JobVariable { Key = "PASSWORD", Value = "hunter2hunter2", Masked = true });
        var (end, job) = await fixture.RunAsync(payload);

        Assert.Equal(JobStates.Success, end.State);
        Assert.DoesNotContain("hunter2hunter2", job.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain(Payloads.JobToken, job.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain("abcDEF", job.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain("AUTHORIZATION", job.Trace, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("glpat-[MASKED] end", job.Trace, StringComparison.Ordinal);
        Assert.Contains("\n[MASKED]!\n", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_takes_too_long_is_ended_with_all_that_it_started()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var payload = Payloads.Job(fixture.Peer, "sleep 1013 & echo begun", "sleep 1013") with { RunnerInfo = new JobLimits { Timeout = 3 } };
        var (end, job) = await fixture.RunAsync(payload);

        Assert.Equal(FailureReasons.ExecutionTimeout, end.FailureReason);
        Assert.Contains("begun", job.Trace, StringComparison.Ordinal);
        Assert.Contains("longer than 3 seconds", job.Trace, StringComparison.Ordinal);
        Assert.Empty(Processes.Sleeping(1013));
    }

    [Fact]
    public async Task Canceling_ends_grandchildren_too_and_runs_after_script()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var job = fixture.Peer.Add(Payloads.Job(fixture.Peer, "(setsid sleep 1017 & setsid bash -c 'sleep 1017 & sleep 1017' &) ; sleep 1 ; echo begun ; sleep 1017").AfterScript("echo after=$CI_JOB_STATUS"));
        await job.SaysAsync("begun\n");
        Assert.NotEmpty(Processes.Sleeping(1017));
        job.Status = JobStates.Canceling;
        var end = await job.EndAsync();

        Assert.Equal((JobStates.Failed, FailureReasons.JobCanceled), (end.State, end.FailureReason));
        Assert.Contains("after=canceled", job.Trace, StringComparison.Ordinal);
        Assert.Empty(Processes.Sleeping(1017));
    }

    [Fact]
    public async Task A_job_that_the_server_has_dropped_is_killed_without_a_word()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var job = fixture.Peer.Add(Payloads.Job(fixture.Peer, "echo begun", "sleep 1019 & sleep 1019").AfterScript("echo after"));
        await job.SaysAsync("begun\n");
        job.Status = JobStates.Canceled;
        var (end, _) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "echo next"));

        Assert.Equal(JobStates.Success, end.State);
        Assert.DoesNotContain("after", job.Trace, StringComparison.Ordinal);
        Assert.Empty(Processes.Sleeping(1019));
    }

    [Fact]
    public async Task A_stopped_runner_reports_its_jobs_as_interrupted()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var job = fixture.Peer.Add(Payloads.Job(fixture.Peer, "echo begun", "sleep 1021"));
        await job.SaysAsync("begun\n");
        await fixture.StopAsync();

        Assert.Equal(FailureReasons.RunnerInterrupted, (await job.EndAsync()).FailureReason);
        Assert.Empty(Processes.Sleeping(1021));
    }

    [Fact]
    public async Task A_log_that_the_server_lost_in_part_is_brought_in_step()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var payload = Payloads.Job(fixture.Peer, "echo begun", "sleep 0.5", "seq 1 200000", "sleep 0.5", "echo done");
        var job = fixture.Peer.Add(payload);
        job.FaultyPatches = 2;
        job.ForgetOnce = true;
        job.FaultyReports = 2;
        var end = await job.EndAsync();

        Assert.Equal(JobStates.Success, end.State);
        Assert.Contains("\n199999\n200000\n", job.Trace, StringComparison.Ordinal);
        Assert.Contains("Running with squero-runner", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sources_that_cannot_be_fetched_fail_the_job_plainly()
    {
        await using var fixture = await RunnerFixture.StartAsync();
        var payload = Payloads.Job(fixture.Peer, "echo never");
        var (end, job) = await fixture.RunAsync(payload with { GitInfo = payload.GitInfo with { Refspecs = ["+refs/heads/missing:refs/remotes/origin/missing"] } });

        Assert.Equal(FailureReasons.RunnerExternalDependency, end.FailureReason);
        Assert.Contains("the sources could not be fetched", job.Trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_jobs_run_at_the_same_time_in_separate_places()
    {
        await using var fixture = await RunnerFixture.StartAsync(options => options with { Concurrency = 2 });
        var first = fixture.Peer.Add(Payloads.Job(fixture.Peer, "echo mine > /tmp/mark", "echo begun", "sleep 4"));
        await first.SaysAsync("begun\n");
        var (end, second) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "ls -A /tmp | wc -l", $"ls {fixture.Folder}/work || echo hidden", "ps -e | grep -c sleep || true"));

        Assert.Equal(JobStates.Success, end.State);
        Assert.Contains("hidden", second.Trace, StringComparison.Ordinal);
        Assert.DoesNotContain($"job-{first.Payload.Id}", second.Trace, StringComparison.Ordinal);
        Assert.Equal(JobStates.Success, (await first.EndAsync()).State);
    }
}
