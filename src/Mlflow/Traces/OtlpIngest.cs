using System.IO.Compression;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Squero.Experiments;
using Squero.Projects;

namespace Squero.Mlflow;

/// <summary>
/// POST v1/traces: spans by OpenTelemetry's protocol over HTTP, as protocol buffers or JSON, plain or with gzip. The header names the
/// experiment. Faults are answered as the original's web framework does: <c>{"detail": …}</c>.
/// </summary>
internal static class OtlpIngest
{
    /// <summary>The largest request, unpacked.</summary>
    public const int MaxBytes = 32 * 1024 * 1024;

    private const string ExperimentHeader = "x-mlflow-experiment-id";
    private const string Protobuf = "application/x-protobuf";
    private const string Json = "application/json";

    public static async Task AnswerAsync(HttpContext context)
    {
        var access = ProjectAccess.Of(context)!;
        try
        {
            MlflowRoutes.CheckWriter(access);
            await IngestAsync(new MlflowCall(context, access, null!));
            context.Response.ContentType = IsJson(context) ? Json : Protobuf;
            if (IsJson(context))
            {
                await context.Response.WriteAsync("{}", context.RequestAborted);
            }
        }
        catch (MlflowError error) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, error.Status is 404 ? 422 : error.Status, writer => writer.WriteString("detail", error.Message));
        }
        catch (MissingHeader) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, 422, WriteMissing);
        }
        catch (FormatException error) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, 400, writer => writer.WriteString("detail", $"Invalid OpenTelemetry protobuf format{(error.Message.Length > 0 ? ": " : "")}{error.Message}"));
        }
    }

    private static async Task IngestAsync(MlflowCall call)
    {
        var context = call.Context;
        var id = context.Request.Headers[ExperimentHeader].ToString();
        if (id.Length == 0)
        {
            throw new MissingHeader();
        }

        var spans = await ReadAsync(context);
        if (spans.Count == 0)
        {
            throw MlflowError.Invalid("Invalid OpenTelemetry protobuf format - no spans found");
        }

        var experiment = await call.ExperimentAsync(id);
        ExperimentCalls.CheckActive(experiment);
        var batches = spans.GroupBy(SpanJson.TraceUid, StringComparer.Ordinal).Select(trace => BatchOf(call, experiment, trace.Key, [.. trace])).ToList();
        if (await call.Get<SpanStore>().AddAsync(batches, call.Access.Caller.Job?.PipelineId, call.Cancel) is { } foreign)
        {
            throw MlflowError.Denied($"A job writes to the traces of its own pipeline only; {foreign} is not one of them.");
        }
    }

    private static async Task<List<OtlpSpan>> ReadAsync(HttpContext context)
    {
        var type = context.Request.ContentType ?? "";
        if (!IsJson(context) && !type.StartsWith(Protobuf, StringComparison.OrdinalIgnoreCase))
        {
            throw MlflowError.Invalid($"Invalid Content-Type: {type}. Expected: {Protobuf} or {Json}");
        }

        var body = await BodyAsync(context);
        return IsJson(context) ? SpanJsonReader.Read(body) : SpanReader.Read(body.Span);
    }

    /// <summary>However well it is packed, no more is unpacked than may come.</summary>
    private static async Task<ReadOnlyMemory<byte>> BodyAsync(HttpContext context)
    {
        var encoding = context.Request.Headers.ContentEncoding.ToString();
        await using var stream = encoding switch
        {
            "" or "identity" => context.Request.Body,
            "gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
            _ => throw new MlflowError(415, "INVALID_PARAMETER_VALUE", $"Content-Encoding {encoding} is not read; gzip is."),
        };
        using var body = new MemoryStream();
        var part = new byte[64 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(part, context.RequestAborted)) > 0;)
            {
                body.Write(part, 0, read);
                if (body.Length > MaxBytes)
                {
                    throw new MlflowError(413, "INVALID_PARAMETER_VALUE", $"A request of spans has at most {MaxBytes} bytes. Send fewer spans at once.");
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new FormatException("the body is no gzip");
        }

        return body.GetBuffer().AsMemory(0, (int)body.Length);
    }

    private static SpanBatch BatchOf(MlflowCall call, Experiment experiment, string uid, IReadOnlyList<OtlpSpan> spans)
    {
        var root = spans.FirstOrDefault(span => span.ParentId.Length == 0);
        var started = spans.Min(span => span.StartedNs) / 1_000_000;
        var ended = spans.Max(span => span.EndedNs) / 1_000_000;
        var trace = new Trace
        {
            Uid = uid,
            ProjectId = call.ProjectId,
            ExperimentId = experiment.Id,
            StartedMs = started,
            DurationMs = ended > 0 ? ended - started : null,
            State = root is null ? TraceState.InProgress : root.StatusCode == 2 ? TraceState.Error : TraceState.Ok,
            RequestPreview = TracePreview.Of(root?.Find("mlflow.spanInputs"), "user"),
            ResponsePreview = TracePreview.Of(root?.Find("mlflow.spanOutputs"), "assistant"),
            KeepsSpans = true,
            PipelineId = call.Access.Caller.Job?.PipelineId,
            Tags = [TraceWords.LocationTag(experiment.Iid, uid), TraceWords.StoreTag],
        };
        return new SpanBatch(trace, [.. spans.Select(SpanJson.ToKept)], TraceWords.TokenUsage, [.. spans.Select(TokensOf)]);
    }

    private static Dictionary<string, long>? TokensOf(OtlpSpan span) =>
        span.Find("mlflow.chat.tokenUsage") is AnyValue.Map usage
            ? usage.Values.Where(value => value.Value.Number() is not null).DistinctBy(value => value.Key).ToDictionary(value => value.Key, value => value.Value.Number()!.Value, StringComparer.Ordinal)
            : null;

    private static bool IsJson(HttpContext context) => context.Request.ContentType?.StartsWith(Json, StringComparison.OrdinalIgnoreCase) == true;

    private static async Task RefuseAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = Json;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        await writer.FlushAsync(context.RequestAborted);
    }

    private static void WriteMissing(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("detail");
        writer.WriteStartObject();
        writer.WriteString("type", "missing");
        writer.WriteStartArray("loc");
        writer.WriteStringValue("header");
        writer.WriteStringValue(ExperimentHeader);
        writer.WriteEndArray();
        writer.WriteString("msg", "Field required");
        writer.WriteNull("input");
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private sealed class MissingHeader : Exception;
}
