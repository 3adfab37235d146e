using System.Globalization;
using System.Text;

namespace Squero.Registry;

/// <summary>What the head of an ONNX file says about it.</summary>
public sealed record OnnxSummary(long IrVersion, string Producer, long OpsetVersion, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs)
{
    /// <summary>How often each kind of operation stands in the graph.</summary>
    public IReadOnlyDictionary<string, int> Operations { get; init; } = new Dictionary<string, int>();

    /// <summary>Named weights of the graph.</summary>
    public int Weights { get; init; }

    /// <summary>Kind and shape of inputs and outputs by name, as in <c>float [N, 4]</c>; what says neither is absent.</summary>
    public IReadOnlyDictionary<string, string> Shapes { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Reads an ONNX file's outline without loading it as a model: an ONNX file is a protobuf ModelProto
/// (onnx.proto: ir_version = 1, producer_name = 2, graph = 7, opset_import = 8; GraphProto: node = 1, initializer = 5,
/// input = 11, output = 12; NodeProto: op_type = 4; ValueInfoProto: name = 1, type = 2; TypeProto: tensor_type = 1 with
/// elem_type = 1, shape = 2; TensorShapeProto: dim = 1 with dim_value = 1, dim_param = 2).
/// Nothing in it is executed; a real load happens only in a serving worker.
/// </summary>
public static class OnnxFile
{
    private const long MaxSize = 2L * 1024 * 1024 * 1024 - 1;

    // Nodes and weights of a graph: large models have some ten thousand.
    private const int MaxFields = 1_000_000;

    private const int MaxSizes = 16;

    // The numbers of onnx.proto's TensorProto.DataType.
    private static readonly string[] Elements =
    [
        "", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "double", "uint32", "uint64", "complex64", "complex128", "bfloat16",
    ];

    /// <summary>Null with a sentence for people when the file is not an ONNX model.</summary>
    public static OnnxSummary? Read(Stream file, out string? reason)
    {
        reason = null;
        if (file.Length is 0 or > MaxSize)
        {
            reason = file.Length == 0 ? "the file is empty" : "the file is larger than 2 GB";
            return null;
        }

        try
        {
            var summary = ReadModel(file);
            reason = summary.IrVersion <= 0 ? "it names no ONNX version"
                : summary.Outputs.Count == 0 ? "it holds no graph with an output"
                : null;
            return reason is null ? summary : null;
        }
        catch (InvalidDataException error)
        {
            reason = error.Message;
            return null;
        }
        catch (EndOfStreamException)
        {
            reason = "it is cut off";
            return null;
        }
    }

    private static OnnxSummary ReadModel(Stream file)
    {
        long irVersion = 0, opset = 0;
        var producer = "";
        var graph = new GraphOutline();
        for (var fields = 0; file.Position < file.Length; fields++)
        {
            CheckCount(fields);
            var (field, kind) = ReadTag(file, file.Length);
            switch (field, kind)
            {
                case (1, 0):
                    irVersion = ReadVarint(file, file.Length);
                    break;
                case (2, 2):
                    producer = ReadText(file, file.Length);
                    break;
                case (7, 2):
                    ReadGraph(file, Enter(file, file.Length), graph);
                    break;
                case (8, 2):
                    opset = Math.Max(opset, ReadOpset(file, Enter(file, file.Length)));
                    break;
                default:
                    Skip(file, kind, file.Length);
                    break;
            }
        }

        return new OnnxSummary(irVersion, producer, opset, graph.Inputs, graph.Outputs) { Operations = graph.Operations, Weights = graph.Weights, Shapes = graph.Shapes };
    }

    private static void ReadGraph(Stream file, long end, GraphOutline graph)
    {
        for (var fields = 0; file.Position < end; fields++)
        {
            CheckCount(fields);
            var (field, kind) = ReadTag(file, end);
            if (field is 11 or 12 && kind == 2 && graph.Inputs.Count + graph.Outputs.Count < 1000)
            {
                (field == 11 ? graph.Inputs : graph.Outputs).Add(ReadValue(file, Enter(file, end), graph));
            }
            else if (field == 1 && kind == 2)
            {
                graph.Count(ReadName(file, Enter(file, end), 4));
            }
            else
            {
                graph.Weights += field == 5 ? 1 : 0;
                Skip(file, kind, end);
            }
        }
    }

    private static void CheckCount(int fields)
    {
        if (fields > MaxFields)
        {
            throw new InvalidDataException($"it has more than {MaxFields} parts");
        }
    }

    private static string ReadName(Stream file, long end, long nameField)
    {
        var name = "";
        while (file.Position < end)
        {
            var (field, kind) = ReadTag(file, end);
            if (field == nameField && kind == 2)
            {
                name = ReadText(file, end);
            }
            else
            {
                Skip(file, kind, end);
            }
        }

        return name;
    }

    private static string ReadValue(Stream file, long end, GraphOutline graph)
    {
        var (name, shape) = ("", "");
        while (file.Position < end)
        {
            switch (ReadTag(file, end))
            {
                case (1, 2):
                    name = ReadText(file, end);
                    break;
                case (2, 2):
                    shape = ReadType(file, Enter(file, end));
                    break;
                case var (_, kind):
                    Skip(file, kind, end);
                    break;
            }
        }

        if (shape.Length > 0)
        {
            graph.Shapes[name] = shape;
        }

        return name;
    }

    /// <summary>Reads a tensor's type; sequences, maps and optional values have no shape of their own.</summary>
    private static string ReadType(Stream file, long end)
    {
        var text = "";
        while (file.Position < end)
        {
            var (field, kind) = ReadTag(file, end);
            if (field == 1 && kind == 2)
            {
                text = ReadTensor(file, Enter(file, end));
            }
            else
            {
                Skip(file, kind, end);
            }
        }

        return text;
    }

    private static string ReadTensor(Stream file, long end)
    {
        var (element, sizes) = (0L, (List<string>?)null);
        while (file.Position < end)
        {
            switch (ReadTag(file, end))
            {
                case (1, 0):
                    element = ReadVarint(file, end);
                    break;
                case (2, 2):
                    sizes = ReadShape(file, Enter(file, end));
                    break;
                case var (_, kind):
                    Skip(file, kind, end);
                    break;
            }
        }

        var word = element > 0 && element < Elements.Length ? Elements[element] : $"kind {element}";
        return sizes is null ? word : $"{word} [{string.Join(", ", sizes)}]";
    }

    private static List<string> ReadShape(Stream file, long end)
    {
        var sizes = new List<string>();
        while (file.Position < end)
        {
            var (field, kind) = ReadTag(file, end);
            if (field == 1 && kind == 2 && sizes.Count < MaxSizes)
            {
                sizes.Add(ReadSize(file, Enter(file, end)));
            }
            else
            {
                Skip(file, kind, end);
            }
        }

        return sizes;
    }

    private static string ReadSize(Stream file, long end)
    {
        var size = "?";
        while (file.Position < end)
        {
            switch (ReadTag(file, end))
            {
                case (1, 0):
                    size = ReadVarint(file, end).ToString(CultureInfo.InvariantCulture);
                    break;
                case (2, 2):
                    size = ReadText(file, end);
                    break;
                case var (_, kind):
                    Skip(file, kind, end);
                    break;
            }
        }

        return size;
    }

    private static long ReadOpset(Stream file, long end)
    {
        long version = 0;
        while (file.Position < end)
        {
            var (field, kind) = ReadTag(file, end);
            if (field == 2 && kind == 0)
            {
                version = ReadVarint(file, end);
            }
            else
            {
                Skip(file, kind, end);
            }
        }

        return version;
    }

    private static (long Field, int Kind) ReadTag(Stream file, long end)
    {
        var tag = ReadVarint(file, end);
        return tag >> 3 is > 0 and < 1 << 29 ? (tag >> 3, (int)(tag & 7)) : throw new InvalidDataException("it is not a protobuf message");
    }

    private static long ReadVarint(Stream file, long end)
    {
        long value = 0;
        for (var shift = 0; shift < 64 && file.Position < end; shift += 7)
        {
            var next = file.ReadByte();
            value |= (long)(next & 0x7f) << shift;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }

        throw new InvalidDataException("it ends in the middle of a number");
    }

    /// <summary>Reads a length and returns where the nested message ends.</summary>
    private static long Enter(Stream file, long end)
    {
        var length = ReadVarint(file, end);
        return length >= 0 && length <= end - file.Position
            ? file.Position + length
            : throw new InvalidDataException("it is cut off, or is not a protobuf message");
    }

    private static string ReadText(Stream file, long end)
    {
        var stop = Enter(file, end);
        var bytes = new byte[Math.Min(stop - file.Position, 1000)];
        file.ReadExactly(bytes);
        file.Position = stop;
        return Encoding.UTF8.GetString(bytes);
    }

    private static void Skip(Stream file, int kind, long end)
    {
        if (kind == 0)
        {
            ReadVarint(file, end);
            return;
        }

        var target = kind switch
        {
            1 => file.Position + 8,
            2 => Enter(file, end),
            5 => file.Position + 4,
            _ => throw new InvalidDataException("it is not a protobuf message"),
        };
        file.Position = target <= end ? target : throw new InvalidDataException("it is cut off");
    }

    private sealed class GraphOutline
    {
        private const int MaxKinds = 500;

        public List<string> Inputs { get; } = [];

        public List<string> Outputs { get; } = [];

        public Dictionary<string, int> Operations { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Shapes { get; } = new(StringComparer.Ordinal);

        public int Weights { get; set; }

        public void Count(string operation)
        {
            if (Operations.Count < MaxKinds || Operations.ContainsKey(operation))
            {
                Operations[operation] = Operations.GetValueOrDefault(operation) + 1;
            }
        }
    }
}
