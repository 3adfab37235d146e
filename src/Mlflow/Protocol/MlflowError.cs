using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Squero.Kernel;

namespace Squero.Mlflow;

/// <summary>A failure with one of the protocol's own codes; the client acts on the code, people read the message.</summary>
internal sealed class MlflowError(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static MlflowError Invalid(string message) => new(400, "INVALID_PARAMETER_VALUE", message);

    public static MlflowError NotFound(string message) => new(404, "RESOURCE_DOES_NOT_EXIST", message);

    public static MlflowError Exists(string message) => new(400, "RESOURCE_ALREADY_EXISTS", message);

    public static MlflowError Denied(string message) => new(403, "PERMISSION_DENIED", message);

    public static MlflowError Missing(string field) =>
        Invalid($"Missing value for required parameter '{field}'. See the API docs for more information about request parameters.");

    /// <summary>The parser's own words, without its count of bytes: people look for the line.</summary>
    public static MlflowError NotJson(Exception error) =>
        Invalid($"The body is not valid JSON, nothing was logged: {error.Message.Split(" LineNumber", 2)[0]}");

    public static MlflowError WrongType(string field, JsonElement value) =>
        Invalid(
            $"Invalid value {JsonSerializer.Serialize(value)} for parameter '{field}' supplied:  Hint: Value was of type '{PythonType(value)}'. See the API docs for more information about request parameters.");

    public static MlflowError TooLong(string what, int limit) => Invalid($"'{what}' exceeds the maximum length of {limit} characters");

    public Task WriteAsync(HttpContext context) => WriteAsync(context, Status, Code, Message);

    public static Task WriteAsync(HttpContext context, int status, string code, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body, Readable))
        {
            writer.WriteStartObject();
            writer.WriteString("error_code", code);
            writer.WriteString("message", message);
            writer.WriteEndObject();
        }

        return context.Response.Body.WriteAsync(body.ToArray().AsMemory(), context.RequestAborted).AsTask();
    }

    /// <summary>Quotes in a message stay quotes: many tools show the body as it is, and it is never part of a page.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string PythonType(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => "str",
            JsonValueKind.Number => value.TryGetInt64(out _) ? "int" : "float",
            JsonValueKind.Array => "list",
            JsonValueKind.Object => "dict",
            JsonValueKind.True or JsonValueKind.False => "bool",
            _ => "NoneType",
        };
}

/// <summary>Refusals of the platform in the protocol's words.</summary>
internal sealed class MlflowDialect : RefusalDialect
{
    public static MlflowDialect Instance { get; } = new();

    public override Task WriteAsync(HttpContext context, RefusalKind kind, string sentence)
    {
        var (status, code) = kind switch
        {
            RefusalKind.Unauthenticated => (401, "UNAUTHENTICATED"),
            RefusalKind.Forbidden => (403, "PERMISSION_DENIED"),
            RefusalKind.NotFound => (404, "RESOURCE_DOES_NOT_EXIST"),
            RefusalKind.Conflict => (400, "RESOURCE_ALREADY_EXISTS"),
            RefusalKind.TooMany => (429, "REQUEST_LIMIT_EXCEEDED"),
            RefusalKind.TooLarge => (413, "INVALID_PARAMETER_VALUE"),
            RefusalKind.Unavailable => (503, "TEMPORARILY_UNAVAILABLE"),
            RefusalKind.NotStored => (507, "INTERNAL_ERROR"),
            (RefusalKind)500 => (500, "INTERNAL_ERROR"),
            RefusalKind.Invalid => (400, "INVALID_PARAMETER_VALUE"),
            _ => ((int)kind, "BAD_REQUEST"),
        };
        return MlflowError.WriteAsync(context, status, code, sentence);
    }
}
