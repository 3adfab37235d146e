using System.Text;

namespace Squero.Tests.Registry;

/// <summary>Writes tiny ONNX models. An ONNX file is one protobuf message; the numbers are those of onnx.proto.</summary>
internal static class OnnxBytes
{
    private const int Float = 1;

    /// <summary>y = sigmoid(x·w + b): input <c>x</c> [N, k], output <c>y</c> [N, 1].</summary>
    public static byte[] Logistic(float[] weights, float bias) => Model(
        [Node("Gemm", ["x", "w", "b"], "score"), Node("Sigmoid", ["score"], "y")],
        [Tensor("w", [weights.Length, 1], weights), Tensor("b", [1], [bias])],
        weights.Length);

    /// <summary>A proper file that no runtime can load: its only operator does not exist.</summary>
    public static byte[] Unloadable() => Model([Node("NoSuchOperator", ["x"], "y")], [], 2);

    /// <summary>A model whose weights lie in another file of the machine it is loaded on.</summary>
    public static byte[] NamingAnotherFile(string path) => Model(
        [Node("Gemm", ["x", "w"], "y")],
        [Join([Number(1, 1), Number(1, 1), Number(2, Float), Words(8, "w"), Field(13, Join([Words(1, "location"), Words(2, path)])), Number(14, 1)])],
        1);

    public static byte[] Model(byte[][] nodes, byte[][] tensors, int width) => Join(
    [
        Number(1, 8),
        Words(2, "squero tests"),
        Field(7, Join([.. nodes.Select(node => Field(1, node)), Words(2, "graph"), .. tensors.Select(tensor => Field(5, tensor)), Field(11, Matrix("x", width)), Field(12, Matrix("y", 1))])),
        Field(8, Join([Words(1, ""), Number(2, 13)])),
    ]);

    public static byte[] Number(int field, long value) => Join([Varint((ulong)(field << 3)), Varint((ulong)value)]);

    public static byte[] Field(int field, byte[] value) => Join([Varint((ulong)((field << 3) | 2)), Varint((ulong)value.Length), value]);

    public static byte[] Words(int field, string text) => Field(field, Encoding.UTF8.GetBytes(text));

    public static byte[] Join(byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Node(string operation, string[] inputs, string output) =>
        Join([.. inputs.Select(name => Words(1, name)), Words(2, output), Words(3, output), Words(4, operation)]);

    private static byte[] Tensor(string name, int[] shape, float[] values) =>
        Join([.. shape.Select(size => Number(1, size)), Number(2, Float), Words(8, name), Field(9, [.. values.SelectMany(BitConverter.GetBytes)])]);

    /// <summary>A value of float [N, width]; N is any number.</summary>
    private static byte[] Matrix(string name, int width) => Join(
    [
        Words(1, name),
        Field(2, Field(1, Join([Number(1, Float), Field(2, Join([Field(1, Words(2, "N")), Field(1, Number(1, width))]))]))),
    ]);

    private static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value > 0x7f; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }
}
