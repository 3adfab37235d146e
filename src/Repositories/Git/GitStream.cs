using System.Diagnostics;
using System.Text;

namespace Squero.Repositories;

/// <summary>A running git process with its standard streams; its standard error is collected up to a limit.</summary>
internal sealed class GitStream : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder error = new();
    private readonly Task collecting;

    public GitStream(Process process)
    {
        this.process = process;
        collecting = CollectErrorAsync();
    }

    public Stream Input => process.StandardInput.BaseStream;

    public Stream Output => process.StandardOutput.BaseStream;

    /// <summary>Complete after <see cref="WaitAsync"/>.</summary>
    public string ErrorText
    {
        get
        {
            lock (error)
            {
                return error.ToString().Trim();
            }
        }
    }

    /// <summary>Room for a megabyte in both pipes, for what is large: fewer changes between this process and git. Elsewhere than on Linux nothing happens.</summary>
    public void Widen()
    {
        PipeRoom.Widen(Input);
        PipeRoom.Widen(Output);
    }

    public void CloseInput()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The process has closed its end already.
        }
    }

    public async Task<int> WaitAsync(CancellationToken cancel)
    {
        await process.WaitForExitAsync(cancel);
        await collecting;
        return process.ExitCode;
    }

    public void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // Already gone.
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        process.Dispose();
    }

    private async Task CollectErrorAsync()
    {
        var buffer = new char[4096];
        try
        {
            int read;
            while ((read = await process.StandardError.ReadAsync(buffer)) > 0)
            {
                lock (error)
                {
                    error.Append(buffer, 0, Math.Min(read, Math.Max(0, GitProcess.StandardErrorLimit - error.Length)));
                }
            }
        }
        catch (Exception stop) when (stop is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The process was killed.
        }
    }
}
