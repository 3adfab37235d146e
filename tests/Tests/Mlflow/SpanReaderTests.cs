using System.Text.Json.Nodes;
using CsCheck;
using Squero.Mlflow;

namespace Squero.Tests.Mlflow;

/// <summary>The parser of spans, given real requests and broken ones.</summary>
public sealed class SpanReaderTests
{
    private static readonly byte[][] Recorded =
    [
        .. File.ReadLines(TestData.Path("mlflow/10_traces.jsonl")).Select(line => JsonNode.Parse(line)!["request"]!)
            .Where(request => (string)request["path"]! == "/v1/traces" && request["body"] is JsonObject && request["headers"]!["content-encoding"] is null)
            .Select(request => Convert.FromBase64String((string)request["body"]!["base64"]!)).Where(body => body.Length > 10),
    ];

    [Fact]
    public void Recorded_requests_hold_spans_with_names_and_times()
    {
        Assert.NotEmpty(Recorded);
        Assert.All(Recorded, body => Assert.All(SpanReader.Read(body), span => Assert.True(span.Name.Length > 0 && span.EndedNs >= span.StartedNs && span.TraceId.Length == 16)));
    }

    [Fact]
    public void A_broken_request_is_refused_or_read_and_nothing_else_happens() =>
        Gen.Select(Gen.Int[0, Recorded.Length - 1], Gen.Int[0, 4000].Array[0, 8], Gen.Byte.Array[0, 8], Gen.Int[0, 4000]).Sample((index, places, bytes, length) =>
        {
            var body = Recorded[index];
            var broken = body.Take(Math.Max(1, length % (body.Length + 1))).ToArray();
            foreach (var (place, value) in places.Zip(bytes))
            {
                broken[place % broken.Length] = value;
            }

            try
            {
                foreach (var span in SpanReader.Read(broken))
                {
                    Assert.True(SpanJson.ToKept(span).Body.Length > 0);
                }
            }
            catch (FormatException)
            {
                // That is how it refuses.
            }
        });

    [Fact]
    public void Values_nested_without_end_are_refused_before_the_stack_is_full()
    {
        // A list in a list in a list …: each level is the one inside it with two headers before it.
        byte[] value = [0x18, 0x01];
        for (var depth = 0; depth < 2000; depth++)
        {
            value = Field(5, Field(1, value));
        }

        var request = Field(1, Field(2, Field(2, Field(9, Field(2, value)))));
        Assert.Contains("deep", Assert.Throws<FormatException>(() => SpanReader.Read(request)).Message, StringComparison.Ordinal);
    }

    private static byte[] Field(int number, byte[] content)
    {
        var field = new List<byte> { (byte)((number << 3) | 2) };
        for (var length = (uint)content.Length; ; length >>= 7)
        {
            if (length < 0x80)
            {
                field.Add((byte)length);
                break;
            }

            field.Add((byte)(length | 0x80));
        }

        return [.. field, .. content];
    }
}
