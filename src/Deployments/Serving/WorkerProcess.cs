using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Squero.Deployments;

/// <summary>A worker process with one loaded model, and the requests that wait for its answers.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int MaxWaiting = 256;
    private static readonly TimeSpan LoadLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(30);

    private readonly Process process;
    private readonly SemaphoreSlim writeTurn = new(1, 1);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<WorkerFrame>> waiting = new();
    private long lastNumber;
    private int disposed;
    private bool hasEnded;

    private WorkerProcess(Process process)
    {
        this.process = process;
        ProcessId = process.Id;
    }

    public int ProcessId { get; }

    /// <summary>What the model takes and gives.</summary>
    public ModelOutline Outline { get; private set; } = new([], []);

    /// <summary>Completes when the process has ended, whatever the reason.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Starts a process and loads the model into it; throws <see cref="WorkerFailed"/> with a sentence when that fails.</summary>
    public static async Task<WorkerProcess> StartAsync(WorkerProgram program, Stream model, CancellationToken cancel)
    {
        var worker = new WorkerProcess(program.Start());
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(LoadLimit);
            await worker.LoadAsync(model, limit.Token);
            return worker;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            await worker.DisposeAsync();
            throw new WorkerFailed($"The model was not loaded within {LoadLimit.TotalMinutes:0} minutes.");
        }
        catch (Exception error) when (error is IOException or WorkerGone)
        {
            await worker.DisposeAsync();
            throw new WorkerFailed("The worker process ended while it loaded the model.");
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>The worker's answer; throws <see cref="InferenceRefused"/> for the caller's fault and <see cref="WorkerFailed"/> for ours.</summary>
    public async Task<ReadOnlyMemory<byte>> InferAsync(ReadOnlyMemory<byte> request, CancellationToken cancel)
    {
        if (waiting.Count >= MaxWaiting)
        {
            throw new Kernel.Refusal(Kernel.RefusalKind.TooMany, "The model is busy. Try again in a moment.");
        }

        var answer = await AskAsync(FrameKind.Infer, request, cancel);
        return answer.Kind switch
        {
            FrameKind.Infer => answer.Body,
            FrameKind.Refused => throw new InferenceRefused(Encoding.UTF8.GetString(answer.Body.Span)),
            _ => throw new WorkerFailed(Encoding.UTF8.GetString(answer.Body.Span)),
        };
    }

    /// <summary>Answers what is under way for two seconds, then ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
        {
            return;
        }

        try
        {
            process.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
            await process.WaitForExitAsync(patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or IOException)
        {
            Kill();
        }

        await Ended;
        process.Dispose();
    }

    private async Task LoadAsync(Stream model, CancellationToken cancel)
    {
        var bytes = new byte[model.Length];
        await model.ReadExactlyAsync(bytes, cancel);
        Ended = ReadAnswersAsync();
        var answer = await AskAsync(FrameKind.Model, bytes, cancel);
        Outline = answer.Kind == FrameKind.Model
            ? JsonSerializer.Deserialize<ModelOutline>(answer.Body.Span, ModelWorker.Json)!
            : throw new WorkerFailed(Encoding.UTF8.GetString(answer.Body.Span));
    }

    private async Task<WorkerFrame> AskAsync(FrameKind kind, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        var number = Interlocked.Increment(ref lastNumber);
        var answer = new TaskCompletionSource<WorkerFrame>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[number] = answer;
        try
        {
            if (Volatile.Read(ref hasEnded))
            {
                throw new WorkerGone();
            }

            await writeTurn.WaitAsync(cancel);
            try
            {
                // Once begun, a frame is written whole: half a frame would garble all that follow.
                await new WorkerFrame(number, kind, body).WriteAsync(process.StandardInput.BaseStream, CancellationToken.None);
            }
            finally
            {
                writeTurn.Release();
            }

            return await answer.Task.WaitAsync(kind == FrameKind.Infer ? AnswerLimit : LoadLimit, cancel);
        }
        catch (TimeoutException)
        {
            throw new WorkerFailed($"The model did not answer within {AnswerLimit.TotalSeconds:0} s.");
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            throw new WorkerGone();
        }
        finally
        {
            waiting.TryRemove(number, out _);
        }
    }

    private void Kill()
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }

    private async Task ReadAnswersAsync()
    {
        try
        {
            while (await WorkerFrame.ReadAsync(process.StandardOutput.BaseStream, WorkerFrame.MaxAnswer, CancellationToken.None) is { } frame)
            {
                if (waiting.TryRemove(frame.Number, out var answer))
                {
                    answer.TrySetResult(frame);
                }
            }
        }
        catch (Exception error) when (error is IOException or InvalidDataException or InvalidOperationException)
        {
            // The pipe broke, or the worker talks nonsense: the same as its end.
            Kill();
        }

        Volatile.Write(ref hasEnded, true);
        foreach (var (_, answer) in waiting)
        {
            answer.TrySetException(new IOException("The worker process has ended."));
        }
    }
}

/// <summary>The worker could not do it, and not because of the caller; the message is for people.</summary>
internal class WorkerFailed(string sentence) : Exception(sentence);

/// <summary>The process ended under a request.</summary>
internal sealed class WorkerGone() : WorkerFailed("The worker process of this model has ended; it is being started again.");
