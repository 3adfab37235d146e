using System.Text;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace Squero.Deployments;

/// <summary>The program of a worker process: loads one model from its input and answers requests until the input ends.</summary>
public static class ModelWorker
{
    internal static JsonSerializerOptions Json { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Exit code 0 when the input has ended, 1 when the model could not be loaded.</summary>
    public static async Task<int> RunAsync(Stream input, Stream output, CancellationToken cancel)
    {
        if (await WorkerFrame.ReadAsync(input, int.MaxValue, cancel) is not { Kind: FrameKind.Model } model)
        {
            return 1;
        }

        OnnxSession session;
        try
        {
            session = new OnnxSession(model.Body.ToArray());
        }
        catch (OnnxRuntimeException error)
        {
            await Answer(model, FrameKind.Failed, $"ONNX Runtime cannot load the model: {FirstLine(error.Message)}").WriteAsync(output, cancel);
            return 1;
        }

        using (session)
        {
            var outline = JsonSerializer.SerializeToUtf8Bytes(session.Outline, Json);
            await new WorkerFrame(model.Number, FrameKind.Model, outline).WriteAsync(output, cancel);
            await ServeAsync(session, input, output, cancel);
        }

        return 0;
    }

    private static async Task ServeAsync(OnnxSession session, Stream input, Stream output, CancellationToken cancel)
    {
        using var turn = new SemaphoreSlim(1, 1);
        var width = Environment.ProcessorCount * 2;
        using var busy = new SemaphoreSlim(width);
        while (await WorkerFrame.ReadAsync(input, int.MaxValue, cancel) is { } request)
        {
            await busy.WaitAsync(cancel);
            _ = Task.Run(
                async () =>
                {
                    try
                    {
                        var answer = Infer(session, request);
                        await turn.WaitAsync(cancel);
                        try
                        {
                            await answer.WriteAsync(output, cancel);
                        }
                        finally
                        {
                            turn.Release();
                        }
                    }
                    finally
                    {
                        busy.Release();
                    }
                },
                cancel);
        }

        for (var slot = 0; slot < width; slot++)
        {
            await busy.WaitAsync(cancel);
        }
    }

    private static WorkerFrame Infer(OnnxSession session, WorkerFrame request)
    {
        try
        {
            var answer = session.Infer(request.Body);
            return answer.Length <= WorkerFrame.MaxAnswer
                ? new WorkerFrame(request.Number, FrameKind.Infer, answer)
                : Answer(request, FrameKind.Refused, $"The answer is larger than {WorkerFrame.MaxAnswer / (1024 * 1024)} MB: send fewer rows at once.");
        }
        catch (InferenceRefused refused)
        {
            return Answer(request, FrameKind.Refused, refused.Message);
        }
        catch (OverflowException)
        {
            return Answer(request, FrameKind.Refused, "The shape of an input is too large.");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever it was: a request without an answer would leave its caller waiting.
            return Answer(request, FrameKind.Failed, $"The model failed on this input: {FirstLine(error.Message)}");
        }
    }

    private static WorkerFrame Answer(WorkerFrame request, FrameKind kind, string sentence) =>
        new(request.Number, kind, Encoding.UTF8.GetBytes(sentence));

    private static string FirstLine(string text) => text.ReplaceLineEndings("\n").Split('\n')[0];
}
