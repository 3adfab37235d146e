namespace Squero.Pipelines;

/// <summary>
/// Tells waiting runners that the queue changed. The version is what a runner gets as X-GitLab-Last-Update: while it is
/// current there is nothing new to look at. It begins anew with every start of the server, so old values never fit.
/// </summary>
internal sealed class JobQueue(TimeProvider time)
{
    private readonly long start = Kernel.Micros.NowMicros(time);
    private readonly Lock gate = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long count;

    public string Version
    {
        get
        {
            lock (gate)
            {
                return $"{start:x}-{count:x}";
            }
        }
    }

    public void Bump()
    {
        TaskCompletionSource old;
        lock (gate)
        {
            count++;
            old = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        old.SetResult();
    }

    /// <summary>Returns when the version is another than the given one, or after the time.</summary>
    public async Task WaitAsync(string version, TimeSpan limit, CancellationToken cancel)
    {
        Task next;
        lock (gate)
        {
            if (version != $"{start:x}-{count:x}")
            {
                return;
            }

            next = changed.Task;
        }

        try
        {
            await next.WaitAsync(limit, time, cancel);
        }
        catch (TimeoutException)
        {
            // Nothing came: the caller looks once more and answers.
        }
    }
}
