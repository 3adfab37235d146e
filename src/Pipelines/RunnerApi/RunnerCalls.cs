using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>What all calls of runners share: strict bodies of a limited size, tokens wherever a runner puts them, plain answers.</summary>
internal static class RunnerCalls
{
    private const int BodyBytesMax = 1024 * 1024;

    public static async Task<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, CancellationToken cancel)
        where T : class, new()
    {
        if (context.Request.ContentLength is 0)
        {
            return new T();
        }

        var buffer = new MemoryStream();
        await using (buffer)
        {
            await CopyAsync(context.Request.Body, buffer, BodyBytesMax, cancel);
            if (buffer.Length == 0)
            {
                return new T();
            }

            try
            {
                return JsonSerializer.Deserialize(buffer.GetBuffer().AsSpan(0, (int)buffer.Length), type) ?? new T();
            }
            catch (JsonException error)
            {
                throw Refusal.Invalid($"The body is not what the runner protocol asks for: {error.Message}");
            }
        }
    }

    public static async Task CopyAsync(Stream from, MemoryStream to, int limit, CancellationToken cancel)
    {
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await from.ReadAsync(chunk, cancel)) > 0)
        {
            if (to.Length + read > limit)
            {
                throw new Refusal(RefusalKind.TooLarge, $"The body is larger than {limit} bytes.");
            }

            to.Write(chunk, 0, read);
        }
    }

    /// <summary>Body first, then query, then header; refused as 403 when there is none.</summary>
    public static string TokenOf(HttpContext context, string? inBody, string header) =>
        inBody is { Length: > 0 } ? inBody
        : context.Request.Query["token"].ToString() is { Length: > 0 } query ? query
        : context.Request.Headers[header].ToString() is { Length: > 0 } given ? given
        : throw Forbidden();

    public static Refusal Forbidden() => Refusal.Forbidden("403 Forbidden");

    public static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";

    /// <summary>Exactly application/json, written by the protocol's own rules.</summary>
    public static IResult Json<T>(T value, JsonTypeInfo<T> type, int status) =>
        Results.Text(JsonSerializer.SerializeToUtf8Bytes(value, type), "application/json", status);
}
