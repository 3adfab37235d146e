namespace Squero.Runner;

internal enum StopCause
{
    None,

    /// <summary>The job took longer than it may.</summary>
    Timeout,

    /// <summary>Somebody canceled it: after_script and the report still follow.</summary>
    Canceled,

    /// <summary>The runner is being stopped.</summary>
    Interrupted,

    /// <summary>The server does not want this job any more: nothing is to be sent.</summary>
    Dropped,
}

/// <summary>Why a running job has to stop. A later cause counts only when it is a stronger one.</summary>
internal sealed class JobStop : IDisposable
{
    private readonly CancellationTokenSource script = new();
    private readonly CancellationTokenSource everything = new();
    private readonly Lock gate = new();

    public StopCause Cause { get; private set; }

    /// <summary>Cancelled by any cause: ends the script.</summary>
    public CancellationToken Script => script.Token;

    /// <summary>Cancelled when after_script and uploads have to end as well.</summary>
    public CancellationToken Everything => everything.Token;

    public bool IsDropped => Cause == StopCause.Dropped;

    public void Ask(StopCause cause)
    {
        lock (gate)
        {
            if (cause <= Cause)
            {
                return;
            }

            Cause = cause;
        }

        script.Cancel();
        if (cause >= StopCause.Interrupted)
        {
            everything.Cancel();
        }
    }

    public void Dispose()
    {
        script.Dispose();
        everything.Dispose();
    }
}
