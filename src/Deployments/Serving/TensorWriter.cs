using System.Buffers;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Squero.Deployments;

/// <summary>Writes the results as the list <c>outputs</c> of an Open Inference Protocol answer. NaN and infinities become texts: JSON has no numbers for them.</summary>
internal static class TensorWriter
{
    public static byte[] Write(JsonElement request, IReadOnlyCollection<string> names, IReadOnlyCollection<OrtValue> results)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (request.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String)
            {
                json.WriteString("id", id.GetString());
            }

            json.WriteStartArray("outputs");
            foreach (var (name, value) in names.Zip(results))
            {
                WriteTensor(json, name, value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteTensor(Utf8JsonWriter json, string name, OrtValue value)
    {
        if (!value.IsTensor)
        {
            throw new InferenceRefused($"The output `{name}` is not a tensor (a map or a list). Export the model without it, or ask for the other outputs.");
        }

        var info = value.GetTensorTypeAndShape();
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteString("datatype", TensorTypes.WordOf(info.ElementDataType));
        json.WriteStartArray("shape");
        foreach (var size in info.Shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data");
        WriteData(json, name, value, info.ElementDataType);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, string name, OrtValue value, TensorElementType type)
    {
        switch (type)
        {
            case TensorElementType.Float:
                foreach (var item in value.GetTensorDataAsSpan<float>())
                {
                    if (float.IsFinite(item))
                    {
                        json.WriteNumberValue(item);
                    }
                    else
                    {
                        json.WriteStringValue(Word(item));
                    }
                }

                break;
            case TensorElementType.Double:
                foreach (var item in value.GetTensorDataAsSpan<double>())
                {
                    if (double.IsFinite(item))
                    {
                        json.WriteNumberValue(item);
                    }
                    else
                    {
                        json.WriteStringValue(Word(item));
                    }
                }

                break;
            case TensorElementType.Int64:
                Each(value.GetTensorDataAsSpan<long>(), json.WriteNumberValue);
                break;
            case TensorElementType.Int32:
                Each(value.GetTensorDataAsSpan<int>(), json.WriteNumberValue);
                break;
            case TensorElementType.Int16:
                Each(value.GetTensorDataAsSpan<short>(), item => json.WriteNumberValue(item));
                break;
            case TensorElementType.Int8:
                Each(value.GetTensorDataAsSpan<sbyte>(), item => json.WriteNumberValue(item));
                break;
            case TensorElementType.UInt8:
                Each(value.GetTensorDataAsSpan<byte>(), item => json.WriteNumberValue(item));
                break;
            case TensorElementType.Bool:
                Each(value.GetTensorDataAsSpan<bool>(), json.WriteBooleanValue);
                break;
            case TensorElementType.String:
                Each<string>(value.GetStringTensorAsArray(), json.WriteStringValue);
                break;
            default:
                throw new InferenceRefused($"The output `{name}` is of a type that cannot be sent ({type}).");
        }
    }

    private static void Each<T>(ReadOnlySpan<T> items, Action<T> write)
    {
        foreach (var item in items)
        {
            write(item);
        }
    }

    private static string Word(double item) => double.IsNaN(item) ? "NaN" : item > 0 ? "Infinity" : "-Infinity";
}
