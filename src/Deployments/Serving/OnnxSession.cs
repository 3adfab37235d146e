using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Squero.Deployments;

/// <summary>A loaded ONNX model. Lives in a worker process only, never in the server.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions options = new();

    /// <summary>Loaded from bytes, not from a path: a model cannot name other files to read.</summary>
    public OnnxSession(byte[] model)
    {
        using var settings = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            IntraOpNumThreads = Math.Min(Environment.ProcessorCount, 4),
        };
        session = new InferenceSession(model, settings);
    }

    /// <summary>Inputs and outputs in the words of the Open Inference Protocol; -1 is a free dimension.</summary>
    public ModelOutline Outline => new(
        [.. session.InputMetadata.Select(pair => Describe(pair.Key, pair.Value))],
        [.. session.OutputMetadata.Select(pair => Describe(pair.Key, pair.Value))]);

    public byte[] Infer(ReadOnlyMemory<byte> request)
    {
        using var document = Parse(request);
        var (names, values) = TensorReader.Read(document.RootElement, Outline.Inputs);
        var wanted = TensorReader.Outputs(document.RootElement, session.OutputNames);
        try
        {
            using var results = session.Run(options, names, values, wanted);
            return TensorWriter.Write(document.RootElement, wanted, results);
        }
        finally
        {
            foreach (var value in values)
            {
                value.Dispose();
            }
        }
    }

    public void Dispose()
    {
        options.Dispose();
        session.Dispose();
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> request)
    {
        try
        {
            return JsonDocument.Parse(request);
        }
        catch (JsonException error)
        {
            throw new InferenceRefused($"The request is not valid JSON: {error.Message}");
        }
    }

    private static TensorOutline Describe(string name, NodeMetadata node) =>
        node.OnnxValueType == OnnxValueType.ONNX_TYPE_TENSOR
            ? new TensorOutline(name, TensorTypes.WordOf(node.ElementDataType), [.. node.Dimensions.Select(size => (long)size)])
            : new TensorOutline(name, "UNSUPPORTED", []);
}

/// <summary>What a model takes and gives.</summary>
internal sealed record ModelOutline(IReadOnlyList<TensorOutline> Inputs, IReadOnlyList<TensorOutline> Outputs);

internal sealed record TensorOutline(string Name, string Datatype, IReadOnlyList<long> Shape);

/// <summary>The caller's request does not fit the model; the message is for the caller.</summary>
internal sealed class InferenceRefused(string sentence) : Exception(sentence);

/// <summary>ONNX element types and their names in the Open Inference Protocol.</summary>
internal static class TensorTypes
{
    public static string WordOf(TensorElementType type) => type switch
    {
        TensorElementType.Float => "FP32",
        TensorElementType.Double => "FP64",
        TensorElementType.Int64 => "INT64",
        TensorElementType.Int32 => "INT32",
        TensorElementType.Int16 => "INT16",
        TensorElementType.Int8 => "INT8",
        TensorElementType.UInt8 => "UINT8",
        TensorElementType.Bool => "BOOL",
        TensorElementType.String => "BYTES",
        _ => "UNSUPPORTED",
    };
}
