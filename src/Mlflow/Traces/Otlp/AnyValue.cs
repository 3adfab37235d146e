using System.Text.Json;
using System.Text.Json.Nodes;

namespace Squero.Mlflow;

/// <summary>A value of an attribute, as OpenTelemetry has them.</summary>
internal abstract record AnyValue
{
    /// <summary>Lists and maps in each other go no deeper: what does is refused.</summary>
    public const int MaxDepth = 32;

    public sealed record None : AnyValue;

    public sealed record Text(string Value) : AnyValue;

    public sealed record Flag(bool Value) : AnyValue;

    public sealed record Whole(long Value) : AnyValue;

    public sealed record Real(double Value) : AnyValue;

    public sealed record Raw(byte[] Value) : AnyValue;

    public sealed record List(IReadOnlyList<AnyValue> Values) : AnyValue;

    public sealed record Map(IReadOnlyList<Attribute> Values) : AnyValue;

    /// <summary>In the JSON of the protocol's own messages: <c>{"int_value": 3}</c>.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        switch (this)
        {
            case Text text:
                writer.WriteString("string_value", text.Value);
                break;
            case Flag flag:
                writer.WriteBoolean("bool_value", flag.Value);
                break;
            case Whole whole:
                writer.WriteNumber("int_value", whole.Value);
                break;
            case Real real:
                WriteReal(writer, real.Value);
                break;
            case Raw raw:
                writer.WriteBase64String("bytes_value", raw.Value);
                break;
            case List list:
                writer.WriteStartObject("array_value");
                ExperimentCalls.WriteArray(writer, "values", list.Values, value => value.Write(writer));
                writer.WriteEndObject();
                break;
            case Map map:
                writer.WriteStartObject("kvlist_value");
                Attribute.WriteAll(writer, "values", map.Values);
                writer.WriteEndObject();
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>As plain JSON: <c>3</c>.</summary>
    public JsonNode? Plain() =>
        this switch
        {
            Text text => JsonValue.Create(text.Value),
            Flag flag => JsonValue.Create(flag.Value),
            Whole whole => JsonValue.Create(whole.Value),
            Real real => double.IsFinite(real.Value) ? JsonValue.Create(real.Value) : JsonValue.Create(Word(real.Value)),
            Raw raw => JsonValue.Create(Convert.ToBase64String(raw.Value)),
            List list => new JsonArray([.. list.Values.Select(value => value.Plain())]),
            Map map => Attribute.Plain(map.Values),
            _ => null,
        };

    private static void WriteReal(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumber("double_value", value);
        }
        else
        {
            writer.WriteString("double_value", Word(value));
        }
    }

    private static string Word(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    /// <summary>A whole number in the text of an attribute's JSON; null when it is none.</summary>
    public long? Number() => this is Whole whole ? whole.Value : this is Real { Value: var real } && Math.Abs(real) < 1e15 ? (long)real : null;

    /// <summary>A text as it is, anything else as JSON.</summary>
    public sealed override string ToString() => this is Text text ? text.Value : Plain() is { } node ? PythonJson.Spaced(node) : "null";
}

/// <summary>A named value of a span, an event or a map.</summary>
internal readonly record struct Attribute(string Key, AnyValue Value)
{
    public static void WriteAll(Utf8JsonWriter writer, string name, IReadOnlyList<Attribute> attributes) =>
        ExperimentCalls.WriteArray(writer, name, attributes, attribute =>
        {
            writer.WriteStartObject();
            writer.WriteString("key", attribute.Key);
            if (attribute.Value is not AnyValue.None)
            {
                writer.WritePropertyName("value");
                attribute.Value.Write(writer);
            }

            writer.WriteEndObject();
        });

    /// <summary>As a JSON object; of names that come twice, the later counts.</summary>
    public static JsonObject Plain(IReadOnlyList<Attribute> attributes)
    {
        var plain = new JsonObject();
        foreach (var attribute in attributes)
        {
            plain[attribute.Key] = attribute.Value.Plain();
        }

        return plain;
    }
}
