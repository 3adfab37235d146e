using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>Finds the traces that calls name, with their spans.</summary>
internal static class TraceFind
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    public static async Task<Trace> TraceAsync(this MlflowCall call, string? uid = null)
    {
        uid ??= (string)call.Context.Request.RouteValues["trace"]!;
        return await call.Get<TraceStore>().FindAsync(call.ProjectId, uid, call.Cancel) ?? throw MlflowError.NotFound($"Trace with ID '{uid}' not found.");
    }

    /// <summary>A trace that the caller may write to: a job writes to those that its own pipeline began.</summary>
    public static async Task<Trace> WritableTraceAsync(this MlflowCall call, string? uid = null)
    {
        var trace = await call.TraceAsync(uid);
        CheckOwner(call, trace);
        return trace;
    }

    public static void CheckOwner(MlflowCall call, Trace trace)
    {
        if (call.Access.Caller.Job is { } job && trace.PipelineId != job.PipelineId)
        {
            throw MlflowError.Denied($"A job writes to the traces of its own pipeline only; {trace.Uid} is not one of them.");
        }
    }

    /// <summary>Where the files of a trace lie, as its client names them.</summary>
    public static async Task<string> FolderAsync(MlflowCall call, Trace trace) =>
        TraceWords.Folder((await call.Get<ExperimentStore>().FindByIdAsync(trace.ExperimentId, call.Cancel))!.Iid, trace.Uid);

    /// <summary>The spans; null when there are fewer than the trace says it has, as its client is still sending.</summary>
    public static async Task<IReadOnlyList<Span>?> SpansAsync(this MlflowCall call, Trace trace, bool partly)
    {
        var spans = await call.Get<SpanStore>().ListAsync(trace, call.Cancel);
        return partly || spans.Count >= Expected(trace) ? spans : null;
    }

    /// <summary>Waits a moment for spans that are on their way.</summary>
    public static async Task<(Trace Trace, IReadOnlyList<Span> Spans)> WholeAsync(this MlflowCall call, string uid, bool partly)
    {
        var time = call.Get<TimeProvider>();
        for (var start = time.GetTimestamp(); ; await Task.Delay(Pause, time, call.Cancel))
        {
            var trace = await call.TraceAsync(uid);
            if (await call.SpansAsync(trace, partly) is { } spans)
            {
                return (trace, spans);
            }

            if (time.GetElapsedTime(start) > Patience)
            {
                throw MlflowError.NotFound($"Trace with ID {uid} is not fully exported yet, please try again later.");
            }
        }
    }

    private static long Expected(Trace trace)
    {
        var stats = trace.Metadata.FirstOrDefault(note => note.Name == TraceWords.SizeStats)?.Value;
        try
        {
            using var document = JsonDocument.Parse(stats ?? "{}");
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("num_spans", out var number) && number.TryGetInt64(out var count) ? count : 0;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return 0;
        }
    }
}
