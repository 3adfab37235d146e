using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using Squero.Mlflow;

namespace Squero.Server;

/// <summary><c>squero bench [NAME]</c>: measures, and says how. Without a name: all of them.</summary>
internal static class BenchCommand
{
    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Also write the figures to this file.", Recursive = true };
        var command = new Command("bench", "Measure start, git, tracking and notebooks.") { json };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(json), cancel, StartBench.RunAsync, RepositoryBench.RunAsync, (report, token) => ServerTrackingBench.RunAsync(report, new TrackingBenchSettings(), null, token), (report, token) => NotebookBench.RunAsync(report, null, false, token)));
        command.Subcommands.Add(One("start", "Time to the first answer, memory at rest, and the demo.", json, StartBench.RunAsync));
        command.Subcommands.Add(One("git", "Clone and push over HTTP against file://.", json, RepositoryBench.RunAsync));
        command.Subcommands.Add(Tracking(json));
        command.Subcommands.Add(Notebooks(json));
        command.Subcommands.Add(PlainFiles());
        return command;
    }

    private static Command One(string name, string description, Option<FileInfo?> json, Func<BenchReport, CancellationToken, Task> run)
    {
        var command = new Command(name, description);
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(json), cancel, run));
        return command;
    }

    private static Command Tracking(Option<FileInfo?> json)
    {
        var against = new Option<string?>("--against") { Description = "Measure another MLflow-compatible server instead: its tracking URI." };
        var token = new Option<string?>("--token") { Description = "A token for that server." };
        var database = new Option<string?>("--database") { Description = "On PostgreSQL: the address of an empty database, or `private` for a cluster of its own, durable, from Debian's package." };
        var full = new Option<bool>("--full") { Description = "Also a million runs and a hundred million points: half an hour, 10 GB." };
        var seconds = new Option<int>("--seconds") { Description = "How long each rate is measured, after as long to warm up.", DefaultValueFactory = _ => 5 };
        var parts = new Argument<string[]>("part") { Description = $"Only these parts: {string.Join(", ", TrackingBench.PartNames)}.", Arity = ArgumentArity.ZeroOrMore };
        parts.AcceptOnlyFromAmong([.. TrackingBench.PartNames]);
        var command = new Command("tracking", "Logging and searching over HTTP.") { parts, against, token, full, seconds, database };
        command.SetAction((parsed, cancel) =>
        {
            var settings = new TrackingBenchSettings
            {
                Parts = parsed.GetValue(parts) ?? [],
                IsFull = parsed.GetValue(full),
                Each = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
            };
            return RunAsync(
                parsed.GetValue(json),
                cancel,
                parsed.GetValue(against) is { } other
                    ? (report, stop) => ServerTrackingBench.RunAgainstAsync(report, settings with { Tracking = Address(other), Token = parsed.GetValue(token) }, stop)
                    : (report, stop) => ServerTrackingBench.RunAsync(report, settings, parsed.GetValue(database), stop));
        });
        return command;
    }

    /// <summary>A process that <c>bench tracking artifacts</c> starts.</summary>
    private static Command PlainFiles()
    {
        var url = new Argument<string>("url");
        var folder = new Argument<string>("folder");
        var command = new Command(PlainFileServer.CommandName, "Copy files over HTTP.") { url, folder };
        command.Hidden = true;
        command.SetAction((parsed, cancel) => PlainFileServer.RunAsync(parsed.GetValue(url)!, parsed.GetValue(folder)!, cancel));
        return command;
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) ? url : throw new StoryFailed($"`{text}` is not an address.");

    private static Command Notebooks(Option<FileInfo?> json)
    {
        var folder = new Argument<DirectoryInfo?>("folder") { Description = "Pairs of notebooks: NAME/before.ipynb and NAME/after.ipynb.", Arity = ArgumentArity.ZeroOrOne };
        var peers = new Option<bool>("--peers") { Description = "Also measure nbdime, where Python can import it, and a diff of cleaned Markdown (bench/peers)." };
        var command = new Command("notebooks", "Diff notebooks, warm, from bytes to JSON.") { folder, peers };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(json), cancel, (report, stop) => NotebookBench.RunAsync(report, parsed.GetValue(folder), parsed.GetValue(peers), stop)));
        return command;
    }

    private static async Task<int> RunAsync(FileInfo? json, CancellationToken cancel, params Func<BenchReport, CancellationToken, Task>[] benches)
    {
        // Minutes of measuring must not end at a file that cannot be written, nor leave servers behind.
        await using var file = json?.Create();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        using var onInt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        var reports = new List<BenchReport>();
        foreach (var bench in benches)
        {
            var report = new BenchReport(Console.Out);
            try
            {
                await bench(report, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("The benchmark was stopped.");
                return 1;
            }
            catch (Exception failure) when (failure is StoryFailed or HttpRequestException or IOException)
            {
                await Console.Error.WriteLineAsync($"The benchmark stopped: {failure.Message}");
                return 1;
            }

            reports.Add(report);
        }

        if (file is not null)
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(BenchReport.ToJson(reports)), cancel);
        }

        return 0;
    }

    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }
}
