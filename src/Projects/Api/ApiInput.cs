using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>
/// The parameters of a REST call, wherever the client put them: JSON body, form body or query string.
/// Form keys like <c>position[new_line]</c> and <c>labels[]</c> are read as maps and lists. Bodies are at most 10 MB.
/// </summary>
public sealed class ApiInput
{
    private const int MaxBody = 10 * 1024 * 1024;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private readonly JsonObject values;

    private ApiInput(JsonObject values) => this.values = values;

    public static async Task<ApiInput> ReadAsync(HttpContext context, CancellationToken cancel)
    {
        var request = context.Request;
        if (request.ContentLength > MaxBody)
        {
            throw TooLarge();
        }

        var values = new JsonObject();
        foreach (var (key, texts) in request.Query)
        {
            foreach (var text in texts)
            {
                Put(values, key, text);
            }
        }

        if (request.HasFormContentType)
        {
            foreach (var (key, texts) in await ReadFormAsync(context, cancel))
            {
                foreach (var text in texts)
                {
                    Put(values, key, text);
                }
            }
        }
        else if (request.ContentLength is not 0 && IsJson(request))
        {
            await MergeJsonAsync(values, request, cancel);
        }

        return new ApiInput(values);
    }

    /// <summary>Null when it is absent or JSON null.</summary>
    public string? Text(string name) =>
        values[name] switch
        {
            JsonValue value => Plain(value, name),
            _ => null,
        };

    public string Required(string name) =>
        Text(name) is { Length: > 0 } text ? text : throw new MissingParameter($"{name} is missing");

    public long? Number(string name) =>
        Text(name) switch
        {
            null or "" => null,
            var text when long.TryParse(text, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new MissingParameter($"{name} is invalid"),
        };

    public bool? Flag(string name) => ReadFlag(Text(name), name);

    /// <summary>A yes or no in the address of a reading call; no when absent. Clients write it in their language's way (<c>True</c>).</summary>
    public static bool Asks(HttpRequest request, string name) => ReadFlag(request.Query[name], name) ?? false;

    private static bool? ReadFlag(string? text, string name) =>
        text?.ToLowerInvariant() switch
        {
            null or "" => null,
            "true" or "1" or "yes" or "on" => true,
            "false" or "0" or "no" or "off" => false,
            _ => throw new MissingParameter($"{name} is invalid"),
        };

    /// <summary>A JSON list, repeated <c>name[]</c> keys, or text separated by commas. Null when absent.</summary>
    public IReadOnlyList<string>? List(string name) =>
        values[name] switch
        {
            JsonArray array => [.. array.Where(item => item is JsonValue).Select(item => Plain(item!, name))],
            JsonValue value => [.. Plain(value, name).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            _ => null,
        };

    public ApiInput? Nested(string name) => values[name] is JsonObject nested ? new ApiInput(nested) : null;

    public IReadOnlyList<ApiInput> Objects(string name) =>
        values[name] is JsonArray array ? [.. array.OfType<JsonObject>().Select(item => new ApiInput(item))] : [];

    /// <summary>Halves of letters and NUL characters are no text: databases and files treat them each in their own way.</summary>
    private static string Plain(JsonNode item, string name)
    {
        try
        {
            var text = item.GetValueKind() == JsonValueKind.String ? item.GetValue<string>() : item.ToJsonString();
            return text.Contains('\0', StringComparison.Ordinal) ? throw new MissingParameter($"{name} is invalid") : text;
        }
        catch (InvalidOperationException)
        {
            throw new MissingParameter($"{name} is invalid");
        }
    }

    private static async Task<IFormCollection> ReadFormAsync(HttpContext context, CancellationToken cancel)
    {
        // Without a length beforehand the server stops reading at the limit.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxBody;
        }

        try
        {
            return await context.Request.ReadFormAsync(cancel);
        }
        catch (InvalidDataException error)
        {
            throw Refusal.Invalid($"The form cannot be read: {error.Message}");
        }
    }

    private static bool IsJson(HttpRequest request) =>
        request.ContentType is { } type && type.Contains("json", StringComparison.OrdinalIgnoreCase);

    private static async Task MergeJsonAsync(JsonObject values, HttpRequest request, CancellationToken cancel)
    {
        using var limited = new MemoryStream();
        await CopyAsync(request.Body, limited, cancel);
        if (limited.Length == 0)
        {
            return;
        }

        limited.Position = 0;
        try
        {
            var body = await JsonNode.ParseAsync(limited, documentOptions: Strict, cancellationToken: cancel);
            foreach (var (key, value) in body as JsonObject ?? throw Refusal.Invalid("The body must be a JSON object."))
            {
                values[key] = value?.DeepClone();
            }
        }
        catch (JsonException error)
        {
            throw Refusal.Invalid($"The body is not valid JSON: {error.Message}");
        }
        catch (InvalidOperationException)
        {
            throw Refusal.Invalid("The body holds text that is not Unicode.");
        }
    }

    private static async Task CopyAsync(Stream body, MemoryStream target, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancel)) > 0)
        {
            if (target.Length + read > MaxBody)
            {
                throw TooLarge();
            }

            target.Write(buffer, 0, read);
        }
    }

    private static Refusal TooLarge() => new(RefusalKind.TooLarge, "The body is larger than 10 MB.");

    private static void Put(JsonObject values, string key, string? text)
    {
        var open = key.IndexOf('[', StringComparison.Ordinal);
        if (open <= 0 || !key.EndsWith(']'))
        {
            values[key] = text;
            return;
        }

        var (name, inner) = (key[..open], key[(open + 1)..^1]);
        if (inner.Length == 0)
        {
            if (values[name] is not JsonArray list)
            {
                values[name] = list = [];
            }

            list.Add(text);
            return;
        }

        if (values[name] is not JsonObject map)
        {
            values[name] = map = [];
        }

        map[inner] = text;
    }
}

/// <summary>A parameter is absent or of the wrong type: answered as 400 <c>{"error": "title is missing"}</c>.</summary>
public sealed class MissingParameter(string sentence) : Exception(sentence);
