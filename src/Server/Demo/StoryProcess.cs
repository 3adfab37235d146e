using System.Diagnostics;

namespace Squero.Server;

/// <summary>Runs what a person would run: git, python3.</summary>
internal static class StoryProcess
{
    /// <summary>Returns what it printed on standard output; a failure tells the story what it printed as errors.</summary>
    public static async Task<string> RunAsync(
        string program, IReadOnlyList<string> arguments, string folder, IReadOnlyDictionary<string, string>? environment, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Start(start, program);
        await using var kill = cancel.Register(() => process.Kill(entireProcessTree: true));
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return process.ExitCode == 0
            ? await output
            : throw new StoryFailed($"{program} {arguments[0]} failed: {(await errors).Trim()}");
    }

    private static Process Start(ProcessStartInfo start, string program)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new StoryFailed($"{program} could not be started ({error.Message}). The demo needs git and Python 3.");
        }
    }
}
