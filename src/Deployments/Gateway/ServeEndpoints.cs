using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Kernel;

namespace Squero.Deployments;

/// <summary>
/// The Open Inference Protocol, version 2, over REST with JSON tensors. Errors are <c>{"error": "sentence"}</c>. Request bodies are
/// at most 16 MB.
/// </summary>
internal static class ServeEndpoints
{
    private const int MaxBody = 16 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/serve").WithMetadata(new ServeRule(), new InferenceDialect());
        group.MapGet("/{**rest}", DescribeAsync);
        group.MapPost("/{**rest}", InferAsync);
    }

    private static IResult DescribeAsync(HttpContext context, ServingSupervisor supervisor)
    {
        var (address, project) = ServeRule.Of(context);
        var segments = address.Segments.Where(part => part.Length > 0).ToArray();
        if (segments is [] or ["health", "live"] or ["health", "ready"])
        {
            return segments.Length == 0
                ? Results.Ok(new { Name = "squero", Version = "2", Extensions = Array.Empty<string>() })
                : Results.Ok(new { Live = true, Ready = true });
        }

        var (name, version, question) = Read(segments);
        var model = supervisor.Find(project.Id, name);
        if (question == "ready")
        {
            return model is not null && !model.Worker.Ended.IsCompleted && Matches(model, version)
                ? Results.Ok(new { Name = name, Ready = true })
                : Results.Json(new { Name = name, Ready = false }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        var serving = Require(model, name, version);
        return Results.Ok(new
        {
            Name = name,
            Versions = new[] { VersionOf(serving) },
            Platform = "onnxruntime_onnx",
            serving.Worker.Outline.Inputs,
            serving.Worker.Outline.Outputs,
            Parameters = new { serving.Version.Label, Candidate = serving.Version.CandidateIid, serving.Version.Sha },
        });
    }

    private static async Task InferAsync(HttpContext context, ServingSupervisor supervisor, CancellationToken cancel)
    {
        var (address, project) = ServeRule.Of(context);
        var (name, version, question) = Read([.. address.Segments]);
        if (question != "infer")
        {
            throw Refusal.NotFound("Requests go to …/v2/models/NAME/infer.");
        }

        Require(supervisor.Find(project.Id, name), name, version);
        var body = await ReadBodyAsync(context.Request, cancel);

        // Looked up again: a slow upload may outlive the worker that served when it began.
        var serving = Require(supervisor.Find(project.Id, name), name, version);
        try
        {
            Answer(context, serving, await AskAsync(supervisor, serving, body, cancel));
        }
        catch (InferenceRefused refused)
        {
            throw Refusal.Invalid(refused.Message);
        }
        catch (WorkerFailed failed)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsJsonAsync(new { error = failed.Message }, cancel);
        }
    }

    /// <summary>When the worker is gone under a request and another one of the same version is there, that one answers.</summary>
    private static async Task<ReadOnlyMemory<byte>> AskAsync(
        ServingSupervisor supervisor, ServingModel serving, ReadOnlyMemory<byte> body, CancellationToken cancel)
    {
        try
        {
            return await serving.Worker.InferAsync(body, cancel);
        }
        catch (WorkerGone)
        {
            var next = supervisor.Find(serving.Model.ProjectId, serving.Model.Name);
            if (next is null || next.Worker == serving.Worker || next.Version.Id != serving.Version.Id)
            {
                throw;
            }

            return await next.Worker.InferAsync(body, cancel);
        }
    }

    /// <summary>Names the model and the version in front of the worker's outputs.</summary>
    private static void Answer(HttpContext context, ServingModel serving, ReadOnlyMemory<byte> outputs)
    {
        context.Response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("model_name", serving.Model.Name);
        json.WriteString("model_version", VersionOf(serving));
        using var parsed = JsonDocument.Parse(outputs);
        foreach (var property in parsed.RootElement.EnumerateObject())
        {
            property.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static (string Name, string? Version, string? Question) Read(string[] segments) => segments switch
    {
        ["models", var name] => (name, null, null),
        ["models", var name, "versions", var version] => (name, version, null),
        ["models", var name, "versions", var version, var question] => (name, version, question),
        ["models", var name, var question] => (name, null, question),
        _ => throw Refusal.NotFound("There is nothing at this serving address. Models are at …/v2/models/NAME."),
    };

    private static ServingModel Require(ServingModel? model, string name, string? version) =>
        model is null ? throw Refusal.NotFound($"No version of the model `{name}` serves here.")
        : Matches(model, version) ? model
        : throw Refusal.NotFound($"Version {version} of `{name}` does not serve; version {model.Version.Number} does.");

    private static bool Matches(ServingModel model, string? version) => version is null || version == VersionOf(model) || version == model.Version.Label;

    private static string VersionOf(ServingModel model) => model.Version.Number.ToString(CultureInfo.InvariantCulture);

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, CancellationToken cancel)
    {
        var buffer = new ArrayBufferWriter<byte>();
        int read;
        while ((read = await request.Body.ReadAsync(buffer.GetMemory(16 * 1024), cancel)) > 0)
        {
            buffer.Advance(read);
            if (buffer.WrittenCount > MaxBody)
            {
                throw new Refusal(RefusalKind.TooLarge, "The request is larger than 16 MB.");
            }
        }

        return buffer.WrittenMemory;
    }
}

/// <summary>Errors as the Open Inference Protocol writes them.</summary>
internal sealed class InferenceDialect : RefusalDialect
{
    public override Task WriteAsync(HttpContext context, RefusalKind kind, string sentence) =>
        context.Response.WriteAsJsonAsync(new { error = sentence }, context.RequestAborted);
}
