using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Squero.Deployments;

namespace Squero.Tests.Deployments;

/// <summary>A model is a stranger's: it may say that its weights lie in another file, and gets none.</summary>
public sealed class ModelReachTests : IAsyncLifetime
{
    private readonly string secret = Path.Combine(Path.GetTempPath(), "squero-secret-" + Path.GetRandomFileName());
    private TestServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        await File.WriteAllTextAsync(secret, "S3CRETDATA");
    }

    public ValueTask DisposeAsync()
    {
        File.Delete(secret);
        return server.DisposeAsync();
    }

    [Fact]
    public async Task A_model_reads_no_file_of_the_server()
    {
        var name = Path.GetFileName(secret);
        var key = Directory.GetFiles(server.DataFolder).Select(Path.GetFileName).First();
        foreach (var location in new[] { name, $"../{name}", secret, $"/proc/self/cwd/../{name}", $"../{key}", $"../../{name}" })
        {
            var failure = await Assert.ThrowsAsync<WorkerFailed>(async () =>
            {
                using var model = new MemoryStream(ModelWithWeightsIn(location, 10));
                await using var worker = await WorkerProcess.StartAsync(
                    server.Services.GetRequiredService<WorkerProgram>(), model, TestContext.Current.CancellationToken);
            });
            Assert.Contains("cannot load the model", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_model_that_holds_its_weights_loads()
    {
        using var model = new MemoryStream(Model(Number(1, 1), Number(2, 2), Field(8, Text("w")), Field(9, [7])));
        await using var worker = await WorkerProcess.StartAsync(
            server.Services.GetRequiredService<WorkerProgram>(), model, TestContext.Current.CancellationToken);
        Assert.Equal("y", Assert.Single(worker.Outline.Outputs).Name);
    }

    [Fact]
    public async Task A_worker_is_told_to_report_to_nobody_in_the_word_that_its_library_knows()
    {
        using var model = new MemoryStream(Model(Number(1, 1), Number(2, 2), Field(8, Text("w")), Field(9, [7])));
        await using var worker = await WorkerProcess.StartAsync(
            server.Services.GetRequiredService<WorkerProgram>(), model, TestContext.Current.CancellationToken);
        var environment = (await File.ReadAllTextAsync($"/proc/{worker.ProcessId}/environ", TestContext.Current.CancellationToken)).Split('\0');
        Assert.Contains("ORT_DISABLE_TELEMETRY=1", environment);

        // A library that is updated and renames its switch would report again.
        var library = File.ReadLines($"/proc/{worker.ProcessId}/maps").First(line => line.EndsWith("libonnxruntime.so", StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(library[library.IndexOf('/', StringComparison.Ordinal)..], TestContext.Current.CancellationToken);
        Assert.True(bytes.AsSpan().IndexOf("ORT_DISABLE_TELEMETRY\0"u8) > 0);
    }

    private static byte[] ModelWithWeightsIn(string location, int length) => Model(
        Number(1, length),
        Number(2, 2),
        Field(8, Text("w")),
        Field(13, [.. Field(1, Text("location")), .. Field(2, Text(location))]),
        Field(13, [.. Field(1, Text("length")), .. Field(2, Text(length.ToString(System.Globalization.CultureInfo.InvariantCulture)))]),
        Number(14, 1));

    // onnx.proto by hand: a graph that answers with one tensor of bytes, which no input changes.
    private static byte[] Model(params byte[][] tensor)
    {
        var node = Field(1, [.. Field(1, Text("w")), .. Field(2, Text("y")), .. Field(4, Text("Identity"))]);
        var type = Field(2, Field(1, [.. Number(1, 2), .. Field(2, Field(1, Field(2, Text("n"))))]));
        var graph = Field(7, [.. node, .. Field(2, Text("g")), .. Field(5, [.. tensor.SelectMany(part => part)]), .. Field(12, [.. Field(1, Text("y")), .. type])]);
        return [.. Number(1, 8), .. graph, .. Field(8, [.. Field(1, []), .. Number(2, 13)])];
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Field(int field, byte[] body) => [.. Varint((field << 3) | 2), .. Varint(body.Length), .. body];

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }

        yield return (byte)value;
    }
}
