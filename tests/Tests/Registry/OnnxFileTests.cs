using CsCheck;
using Squero.Registry;

namespace Squero.Tests.Registry;

/// <summary>The outline of an ONNX file is read without trusting it: every other file is a reason, never an exception.</summary>
public sealed class OnnxFileTests
{
    private static readonly byte[] Valid = OnnxBytes.Logistic([1, 2], 3);

    [Fact]
    public void The_outline_of_a_model_is_read()
    {
        var summary = Read(Valid, out var reason)!;
        Assert.Null(reason);
        Assert.Equal(8, summary.IrVersion);
        Assert.Equal(13, summary.OpsetVersion);
        Assert.Equal("squero tests", summary.Producer);
        Assert.Equal(["x"], summary.Inputs);
        Assert.Equal(["y"], summary.Outputs);
    }

    [Fact]
    public void Every_truncation_is_a_reason()
    {
        // What may be missing at the end is the list of operator sets, which follows the graph.
        var whole = Valid.Length - OnnxBytes.Field(8, OnnxBytes.Join([OnnxBytes.Words(1, ""), OnnxBytes.Number(2, 13)])).Length;
        for (var length = 0; length < Valid.Length; length++)
        {
            var summary = Read(Valid[..length], out var reason);
            Assert.Equal(summary is null, reason is not null);
            Assert.True(summary is null || length == whole, $"{length} bytes of {Valid.Length} were taken for a model");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK\u0003\u0004 a zip")]
    [InlineData("<!DOCTYPE html><title>404</title>")]
    [InlineData("{\"weights\": [1, 2]}")]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 3\n")]
    public void Other_files_are_told_from_models(string text)
    {
        Assert.Null(Read(System.Text.Encoding.Latin1.GetBytes(text), out var reason));
        Assert.NotEmpty(reason!);
    }

    [Fact]
    public void A_number_without_an_end_is_a_reason()
    {
        Assert.Null(Read([.. Enumerable.Repeat((byte)0xff, 10_000)], out var reason));
        Assert.NotNull(reason);
        Assert.Null(Read([0x08, .. Enumerable.Repeat((byte)0x80, 10_000)], out reason));
        Assert.NotNull(reason);
    }

    [Fact]
    public void A_length_beyond_the_file_is_a_reason()
    {
        Assert.Null(Read([0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3], out var reason));
        Assert.Contains("cut off", reason, StringComparison.Ordinal);
        Assert.Null(Read([0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], out reason));
        Assert.NotNull(reason);
    }

    [Fact]
    public void A_model_without_an_output_or_a_version_is_a_reason()
    {
        Assert.Null(Read(OnnxBytes.Number(1, 8), out var reason));
        Assert.Contains("output", reason, StringComparison.Ordinal);
        Assert.Null(Read(OnnxBytes.Join([OnnxBytes.Number(1, 0), Valid[2..]]), out reason));
        Assert.Contains("version", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_small_parts_are_too_many()
    {
        var parts = new byte[2_200_000];
        for (var at = 0; at < parts.Length; at += 2)
        {
            parts[at] = 0x08;
        }

        Assert.Null(Read(parts, out var reason));
        Assert.Contains("parts", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Noise_is_a_reason()
    {
        var noise = new byte[1_000_000];
        for (var seed = 0; seed < 20; seed++)
        {
            new Random(seed).NextBytes(noise);
            Assert.Equal(Read(noise, out var reason) is null, reason is not null);
        }
    }

    [Fact]
    public void A_model_with_a_changed_byte_never_throws() =>
        Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Byte).Sample((at, value) =>
        {
            var changed = Valid.ToArray();
            changed[at] = value;
            return Read(changed, out var reason) is null == reason is not null;
        });

    [Fact]
    public void Short_noise_never_throws() => Gen.Byte.Array[0, 60].Sample(bytes => Read(bytes, out var reason) is null == reason is not null);

    [Fact]
    public void Inputs_and_outputs_say_their_kind_and_shape()
    {
        var summary = Read(OnnxBytes.Logistic([1, 2, 3], 0), out _)!;
        Assert.Equal("float [N, 3]", summary.Shapes["x"]);
        Assert.Equal("float [N, 1]", summary.Shapes["y"]);
    }

    private static OnnxSummary? Read(byte[] bytes, out string? reason) => OnnxFile.Read(new MemoryStream(bytes), out reason);
}
