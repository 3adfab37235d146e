using Squero.RunnerProtocol;

namespace Squero.Tests.Runner;

public sealed class RunnerProcessTests
{
    [Theory]
    [InlineData(false, 1031)]
    [InlineData(true, 1033)]
    public async Task A_killed_runner_leaves_no_process_of_a_job(bool asNobody, int mark)
    {
        await using var fixture = await RunnerFixture.WithoutRunnerAsync();
        using var runner = await RunnerProcess.StartAsync(fixture, asNobody);
        var job = fixture.Peer.Add(Payloads.Job(fixture.Peer, $"setsid sleep {mark} & nohup sleep {mark} & sleep 0.5; echo begun; sleep {mark}"));
        await job.SaysAsync("begun\n");
        Assert.Equal(3, Processes.Sleeping(mark).Count);
        await runner.KillAsync();

        Assert.True(await Processes.AreGoneAsync(mark));
    }

    [Fact]
    public async Task The_next_runner_clears_what_a_killed_one_left()
    {
        await using var fixture = await RunnerFixture.WithoutRunnerAsync();
        using var runner = await RunnerProcess.StartAsync(fixture);
        var job = fixture.Peer.Add(Payloads.Job(fixture.Peer, "mkdir locked && touch locked/x && chmod 000 locked", "echo begun; sleep 1039"));
        await job.SaysAsync("begun\n");
        await runner.KillAsync();
        Assert.True(await Processes.AreGoneAsync(1039));

        using var next = await RunnerProcess.StartAsync(fixture);
        var (end, _) = await fixture.RunAsync(Payloads.Job(fixture.Peer, "echo fine"));
        await next.StopAsync();
        Assert.Equal(JobStates.Success, end.State);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(fixture.Folder, "work")));
    }

    [Fact]
    public async Task Sigterm_ends_the_jobs_as_interrupted_and_the_runner_cleanly()
    {
        await using var fixture = await RunnerFixture.WithoutRunnerAsync();
        using var runner = await RunnerProcess.StartAsync(fixture);
        var job = fixture.Peer.Add(Payloads.Job(fixture.Peer, "echo begun; sleep 1049 & sleep 1049"));
        await job.SaysAsync("begun\n");
        await runner.StopAsync();

        Assert.Equal(FailureReasons.RunnerInterrupted, (await job.EndAsync()).FailureReason);
        Assert.Empty(Processes.Sleeping(1049));
    }
}
