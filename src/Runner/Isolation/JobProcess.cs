using System.ComponentModel;
using System.Diagnostics;

namespace Squero.Runner;

/// <summary>One script of a job, from its start until the last of its processes is gone.</summary>
internal sealed class JobProcess(Confinement confinement, JobFolder folder)
{
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);
    private static readonly byte[] Ready = "squero-ready\n"u8.ToArray();

    /// <summary>Runs a script and gives its exit code. When <paramref name="stop"/> is cancelled everything it started is killed and 137 returned.</summary>
    public async Task<int> RunAsync(string script, Func<ReadOnlyMemory<byte>, ValueTask> output, CancellationToken stop)
    {
        using var process = Start(script);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var confined = confinement.Mode != ConfinementMode.None;
        using var closing = new CancellationTokenSource();
        var reading = ReadAsync(process.StandardOutput.BaseStream, confined, output, closing.Token);
        await WaitAsync(process, stop).ConfigureAwait(false);

        // A confined job's processes are all gone now; an unconfined one may have left some that hold the pipe.
        closing.CancelAfter(KillGrace);
        var started = await reading.ConfigureAwait(false);
        if (started || stop.IsCancellationRequested)
        {
            return stop.IsCancellationRequested ? 137 : process.ExitCode;
        }

        throw new ConfinementFailure($"The job cannot be isolated on this machine: {Sentence(await errors.ConfigureAwait(false), process.ExitCode)}");
    }

    private Process Start(string script)
    {
        try
        {
            return Process.Start(confinement.Prepare(folder, script))!;
        }
        catch (Win32Exception problem)
        {
            throw new ConfinementFailure($"The job cannot be isolated on this machine: unshare of util-linux could not be started ({problem.Message}).");
        }
    }

    private async Task WaitAsync(Process process, CancellationToken stop)
    {
        try
        {
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the lifeline first: then the exit of the process says that the whole tree is gone.</summary>
    private async Task EndAsync(Process process)
    {
        if (confinement.Mode == ConfinementMode.None)
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            process.StandardInput.Close();
        }

        using var patience = new CancellationTokenSource(KillGrace);
        try
        {
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Passes the output on; says whether the script was started at all.</summary>
    private static async Task<bool> ReadAsync(Stream stream, bool confined, Func<ReadOnlyMemory<byte>, ValueTask> output, CancellationToken cancel)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            if (confined && !await ReadReadyAsync(stream, cancel).ConfigureAwait(false))
            {
                return false;
            }

            int count;
            while ((count = await stream.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0)
            {
                await output(buffer.AsMemory(0, count)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // What a left-over process still writes is nobody's.
        }

        return true;
    }

    private static async Task<bool> ReadReadyAsync(Stream stream, CancellationToken cancel)
    {
        var line = new byte[Ready.Length];
        var count = await stream.ReadAtLeastAsync(line, line.Length, throwOnEndOfStream: false, cancel).ConfigureAwait(false);
        return count == line.Length && line.AsSpan().SequenceEqual(Ready);
    }

    private static string Sentence(string errors, int code)
    {
        var text = errors.Trim().ReplaceLineEndings("; ");
        return text.Length == 0 ? $"code {code}." : text[..Math.Min(text.Length, 500)];
    }
}
