using System.CommandLine;
using Squero.Runner;

namespace Squero.Server;

/// <summary><c>squero runner</c>: a runner as a process of its own, on any machine.</summary>
internal static class RunnerCommand
{
    public static Command Create()
    {
        var url = new Option<string>("--url") { Description = "The server's address.", Required = true };
        var token = new Option<string?>("--token") { Description = "The runner's token (glrt-…); better in the environment as SQUERO_RUNNER_TOKEN." };
        var work = new Option<string?>("--work") { Description = "Folder for work trees." };
        var concurrency = new Option<int>("--concurrency") { Description = "Jobs at the same time.", DefaultValueFactory = _ => 1 };
        var unconfined = new Option<bool>("--allow-unconfined-jobs") { Description = "Run jobs even where they cannot be isolated." };
        var hidden = new Option<string[]>("--hide") { Description = "A file or folder that no job may see, such as a server's data folder. May be repeated." };
        var command = new Command("runner", "Run pipeline jobs for a server.") { url, token, work, concurrency, unconfined, hidden };
        command.SetAction(async (parsed, cancel) =>
        {
            var secret = parsed.GetValue(token) ?? Environment.GetEnvironmentVariable("SQUERO_RUNNER_TOKEN");
            if (string.IsNullOrEmpty(secret))
            {
                await Console.Error.WriteLineAsync("Give the runner's token with --token or in SQUERO_RUNNER_TOKEN.");
                return 2;
            }

            if (!Uri.TryCreate(parsed.GetValue(url), UriKind.Absolute, out var server))
            {
                await Console.Error.WriteLineAsync($"The server's address “{parsed.GetValue(url)}” is not a URL like http://127.0.0.1:7070.");
                return 2;
            }

            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using var onTerm = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal => Stop(signal, stop));
            using var onInt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, signal => Stop(signal, stop));
            var options = new RunnerOptions
            {
                Server = server,
                Token = secret,
                WorkFolder = parsed.GetValue(work),
                Concurrency = parsed.GetValue(concurrency),
                AllowUnconfinedJobs = parsed.GetValue(unconfined),
                HiddenPaths = parsed.GetValue(hidden) ?? [],
            };
            return await RunnerEntry.RunAsync(options, Console.Out, stop.Token);
        });
        return command;
    }

    private static void Stop(System.Runtime.InteropServices.PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
