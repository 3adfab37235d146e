using System.Runtime.InteropServices;

namespace Squero.Runner;

/// <summary>The runner as a process of its own, as in <c>squero runner --url URL --token glrt-…</c>.</summary>
public static class RunnerEntry
{
    /// <summary>Runs until SIGTERM, SIGINT or cancel; gives the exit code: 0 after a clean stop, 2 for unusable options.</summary>
    public static async Task<int> RunAsync(RunnerOptions options, TextWriter log, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        try
        {
            await new RunnerLoop(options, log, TimeProvider.System).RunAsync(stop.Token).ConfigureAwait(false);
            return 0;
        }
        catch (Exception problem) when (problem is ArgumentException or IOException or UnauthorizedAccessException)
        {
            await log.WriteLineAsync(problem.Message).ConfigureAwait(false);
            return 2;
        }
    }
}
