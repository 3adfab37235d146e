using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>
/// The fields of a request: of the query string, or of a JSON object. Unknown ones are ignored, integers may be written as
/// text, a value of the wrong type is refused in the protocol's words.
/// </summary>
internal sealed class Fields
{
    private readonly IQueryCollection? query;
    private readonly JsonElement body;
    private readonly string path;

    private Fields(IQueryCollection? query, JsonElement body, string path = "") => (this.query, this.body, this.path) = (query, body, path);

    public static async Task<Fields> ReadAsync(HttpContext context, CancellationToken cancel)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return new Fields(request.Query, default);
        }

        if (HttpMethods.IsDelete(request.Method) && context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody != true)
        {
            return new Fields(null, default);
        }

        CheckContentType(request);
        return new Fields(null, Parse(await ReadBodyAsync(request, cancel)));
    }

    /// <summary>Refuses a body that is not declared as JSON.</summary>
    public static void CheckContentType(HttpRequest request)
    {
        var type = request.ContentType;
        if (string.IsNullOrEmpty(type))
        {
            throw MlflowError.Invalid("Bad Request. Content-Type header is missing.");
        }

        if (!type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase))
        {
            throw MlflowError.Invalid("Bad Request. Content-Type must be one of ['application/json'].");
        }
    }

    /// <summary>The run is named by either of two fields.</summary>
    public string RunId => Text("run_id") is { Length: > 0 } id ? id : Text("run_uuid") is { Length: > 0 } old ? old : throw MlflowError.Missing("run_id");

    public bool Has(string name) => query is null ? TryGet(name, out _) : query.ContainsKey(name);

    /// <summary>Null when absent.</summary>
    public string? Text(string name)
    {
        if (query is not null)
        {
            return query.TryGetValue(name, out var values) ? Clean(values[^1] ?? "") : null;
        }

        return !TryGet(name, out var value) ? null
            : value.ValueKind == JsonValueKind.String ? Clean(value.GetString()!) : throw MlflowError.WrongType(path + name, value);
    }

    /// <summary>Absent and empty are the same fault.</summary>
    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw MlflowError.Missing(path + name);

    /// <summary>A text that may also come as a number.</summary>
    public string? Id(string name) =>
        query is null && TryGet(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(name);

    public string RequiredId(string name) => Id(name) is { Length: > 0 } text ? text : throw MlflowError.Missing(path + name);

    public long? Long(string name)
    {
        if (query is not null)
        {
            return Text(name) is not { } text ? null
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
                : throw MlflowError.WrongType(name, JsonSerializer.SerializeToElement(text));
        }

        return !TryGet(name, out var value) ? null : JsonNumber.Integer(value) ?? throw MlflowError.WrongType(path + name, value);
    }

    /// <summary>False when absent.</summary>
    public bool Flag(string name)
    {
        if (query is not null)
        {
            return Text(name) is { } text && (bool.TryParse(text, out var flag) ? flag : throw MlflowError.WrongType(name, JsonSerializer.SerializeToElement(text)));
        }

        return TryGet(name, out var value) && value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw MlflowError.WrongType(path + name, value),
        };
    }

    /// <summary>A list of texts; a single text counts as a list of one.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (query is not null)
        {
            return [.. query[name].Select(value => Clean(value ?? ""))];
        }

        if (!TryGet(name, out var list))
        {
            return [];
        }

        return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(value => TextOf(name, value))] : [TextOf(name, list)];
    }

    /// <summary>A list of objects.</summary>
    public IReadOnlyList<Fields> Objects(string name)
    {
        if (query is not null || !TryGet(name, out var list))
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.EnumerateArray().Any(entry => entry.ValueKind != JsonValueKind.Object))
        {
            throw MlflowError.WrongType(path + name, list);
        }

        return [.. list.EnumerateArray().Select((entry, index) => new Fields(null, entry, string.Create(CultureInfo.InvariantCulture, $"{path}{name}[{index}].")))];
    }

    public Fields? Object(string name) =>
        TryGet(name, out var value) ? value.ValueKind == JsonValueKind.Object ? new Fields(null, value, $"{path}{name}.") : throw MlflowError.WrongType(path + name, value) : null;

    /// <summary>Whatever JSON it is; null when absent or null.</summary>
    public JsonElement? Json(string name) => TryGet(name, out var value) ? value : null;

    /// <summary>An object of texts.</summary>
    public IReadOnlyList<NamedText> Map(string name)
    {
        if (!TryGet(name, out var map))
        {
            return [];
        }

        return map.ValueKind == JsonValueKind.Object
            ? [.. map.EnumerateObject().Select(entry => new NamedText(Clean(entry.Name), TextOf(name, entry.Value)))]
            : throw MlflowError.WrongType(path + name, map);
    }

    /// <summary>A member of an enum by name or number; null when absent or unknown.</summary>
    public T? Word<T>(string name, Func<string, T?> parse)
        where T : struct => Id(name) is { } word ? parse(word) : null;

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancel)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancel);
            if (read.IsCompleted)
            {
                // Copied and given back at once: a reader left in mid-read costs the connection and a line in the log.
                var body = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>What is no JSON object counts as an empty one; a text that holds JSON is read once more (very old clients).</summary>
    private static JsonElement Parse(byte[] content)
    {
        JsonTexts.Check(content);
        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.String)
            {
                JsonTexts.Check(root.GetString()!);
                using var inner = JsonDocument.Parse(root.GetString()!);
                return inner.RootElement.ValueKind == JsonValueKind.Object ? inner.RootElement.Clone() : default;
            }

            return root.ValueKind == JsonValueKind.Object ? root.Clone() : default;
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        return body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
    }

    private string TextOf(string name, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => Clean(value.GetString()!),
            JsonValueKind.Number => value.GetRawText(),
            _ => throw MlflowError.WrongType(path + name, value),
        };

    private static string Clean(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw MlflowError.Invalid("A text must not contain NUL characters.") : text;
}
