using System.Numerics;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Squero.Deployments;

/// <summary>Reads the tensors of an Open Inference Protocol request and checks them against what the model takes.</summary>
internal static class TensorReader
{
    private const long MaxElements = 16 * 1024 * 1024;

    public static (IReadOnlyCollection<string> Names, IReadOnlyCollection<OrtValue> Values) Read(JsonElement request, IReadOnlyList<TensorOutline> expected)
    {
        if (request.ValueKind != JsonValueKind.Object || !request.TryGetProperty("inputs", out var inputs) || inputs.ValueKind != JsonValueKind.Array)
        {
            throw new InferenceRefused("The request needs a list `inputs`.");
        }

        var names = new List<string>();
        var values = new List<OrtValue>();
        try
        {
            foreach (var input in inputs.EnumerateArray())
            {
                var wanted = Expected(Text(input, "name"), names, expected);
                values.Add(ReadTensor(input, wanted));
                names.Add(wanted.Name);
            }

            var missing = expected.FirstOrDefault(tensor => !names.Contains(tensor.Name));
            return missing is null ? (names, values) : throw new InferenceRefused($"The input `{missing.Name}` is missing.");
        }
        catch
        {
            // They hold memory that the garbage collector does not know.
            values.ForEach(value => value.Dispose());
            throw;
        }
    }

    private static TensorOutline Expected(string name, List<string> given, IReadOnlyList<TensorOutline> expected)
    {
        if (given.Contains(name))
        {
            throw new InferenceRefused($"The input `{name}` is given twice.");
        }

        return expected.FirstOrDefault(tensor => tensor.Name == name)
            ?? throw new InferenceRefused($"The model has no input `{name}`; it takes {string.Join(", ", expected.Select(tensor => tensor.Name))}.");
    }

    /// <summary>The outputs the caller asks for; all when it names none.</summary>
    public static IReadOnlyCollection<string> Outputs(JsonElement request, IReadOnlyList<string> offered)
    {
        if (!request.TryGetProperty("outputs", out var outputs) || outputs.ValueKind != JsonValueKind.Array || outputs.GetArrayLength() == 0)
        {
            return offered;
        }

        var names = outputs.EnumerateArray().Select(output => Text(output, "name")).Distinct(StringComparer.Ordinal).ToList();
        var unknown = names.Find(name => !offered.Contains(name));
        return unknown is null ? names : throw new InferenceRefused($"The model has no output `{unknown}`; it gives {string.Join(", ", offered)}.");
    }

    private static OrtValue ReadTensor(JsonElement input, TensorOutline wanted)
    {
        var datatype = Text(input, "datatype");
        if (datatype != wanted.Datatype)
        {
            throw new InferenceRefused($"The input `{wanted.Name}` is {wanted.Datatype}, not {datatype}.");
        }

        var shape = Shape(input, wanted);
        var size = shape.Aggregate(1.0, (product, length) => product * length);
        if (size > MaxElements)
        {
            throw new InferenceRefused($"The input `{wanted.Name}` has {size:0} elements; at most {MaxElements} are taken.");
        }

        var count = (long)size;

        if (!input.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array)
        {
            throw new InferenceRefused($"The input `{wanted.Name}` needs a list `data`; binary data is not taken.");
        }

        if (data.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Array) && !Nests(data, shape))
        {
            throw new InferenceRefused($"The nested data of input `{wanted.Name}` are not lists of the shape [{string.Join(",", shape)}].");
        }

        // As long as the data are, not as long as the shape says they are.
        var flat = new List<JsonElement>();
        Flatten(data, flat, count, 0);
        if (flat.Count != count)
        {
            throw new InferenceRefused($"The input `{wanted.Name}` of shape [{string.Join(",", shape)}] needs {count} values, but has {flat.Count}.");
        }

        try
        {
            return Create(datatype, flat, shape);
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or OverflowException)
        {
            throw new InferenceRefused($"The data of input `{wanted.Name}` are not all of the type {datatype}.");
        }
    }

    private static long[] Shape(JsonElement input, TensorOutline wanted)
    {
        if (!input.TryGetProperty("shape", out var given) || given.ValueKind != JsonValueKind.Array || given.GetArrayLength() > 16)
        {
            throw new InferenceRefused($"The input `{wanted.Name}` needs a `shape`.");
        }

        var shape = given.EnumerateArray()
            .Select(size => size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out var number) && number is >= 0 and <= int.MaxValue
                ? number
                : throw new InferenceRefused($"The shape of input `{wanted.Name}` must be whole numbers."))
            .ToArray();
        var fits = shape.Length == wanted.Shape.Count && shape.Zip(wanted.Shape).All(pair => pair.Second < 0 || pair.First == pair.Second);
        return fits
            ? shape
            : throw new InferenceRefused($"The input `{wanted.Name}` has shape [{string.Join(",", shape)}]; the model takes [{string.Join(",", wanted.Shape)}], where -1 is any number.");
    }

    /// <summary>Whether lists in lists have the lengths of the shape, with the values in the innermost ones.</summary>
    private static bool Nests(JsonElement list, ReadOnlySpan<long> shape)
    {
        if (list.GetArrayLength() != shape[0])
        {
            return false;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array ? shape.Length == 1 || !Nests(item, shape[1..]) : shape.Length > 1)
            {
                return false;
            }
        }

        return true;
    }

    private static void Flatten(JsonElement list, List<JsonElement> flat, long limit, int depth)
    {
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.Array && depth < 16)
            {
                Flatten(item, flat, limit, depth + 1);
            }
            else if (flat.Count <= limit)
            {
                flat.Add(item);
            }
        }
    }

    private static OrtValue Create(string datatype, List<JsonElement> flat, long[] shape) => datatype switch
    {
        "FP32" => Value(flat, shape, item => Finite(item.GetSingle())),
        "FP64" => Value(flat, shape, item => Finite(item.GetDouble())),
        "INT64" => Value(flat, shape, item => item.GetInt64()),
        "INT32" => Value(flat, shape, item => item.GetInt32()),
        "INT16" => Value(flat, shape, item => item.GetInt16()),
        "INT8" => Value(flat, shape, item => item.GetSByte()),
        "UINT8" => Value(flat, shape, item => item.GetByte()),
        "BOOL" => Value(flat, shape, item => item.GetBoolean()),
        "BYTES" => OrtValue.CreateFromStringTensor(new DenseTensor<string>(
            flat.ConvertAll(item => item.GetString()!).ToArray(), [.. shape.Select(size => (int)size)])),
        _ => throw new InferenceRefused($"Inputs of the type {datatype} are not taken."),
    };

    /// <summary>A number too large for its type would become infinite without a word.</summary>
    private static T Finite<T>(T number)
        where T : INumberBase<T> => T.IsFinite(number) ? number : throw new OverflowException();

    private static OrtValue Value<T>(List<JsonElement> flat, long[] shape, Converter<JsonElement, T> read)
        where T : unmanaged => OrtValue.CreateTensorValueFromMemory(flat.ConvertAll(read).ToArray(), shape);

    private static string Text(JsonElement item, string name)
    {
        try
        {
            if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String)
            {
                return value.GetString()!;
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a letter is no text.
        }

        throw new InferenceRefused($"Every input and output needs a text `{name}`.");
    }
}
