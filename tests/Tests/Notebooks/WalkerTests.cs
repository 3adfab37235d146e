using System.Text;
using System.Text.Json;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>Strings are searched in blocks: every end, at every place in a block, behind every run of escapes.</summary>
public sealed class WalkerTests
{
    private static readonly string[] Pieces = ["a", "\\\\", "\\\"", "\\n", "\\u00e9", "é", "                              ", "[", "{", "}"];
    private static readonly Gen<string> AnyInside = Gen.Int[0, Pieces.Length - 1].Array[0, 80].Select(chosen => string.Concat(chosen.Select(which => Pieces[which])));

    [Fact]
    public void A_string_ends_where_JSON_ends_it() => Gen.Select(AnyInside, Gen.Int[0, 40], AnyInside).Sample(
        (inside, before, behind) =>
        {
            var json = Encoding.UTF8.GetBytes($"[{new string(' ', before)}\"{inside}\",\"{behind}\"]");
            var reader = new Utf8JsonReader(json);
            reader.Read();
            reader.Read();
            var walker = new JsonWalker(json, 1);

            Assert.Equal(new JsonSlice((int)reader.TokenStartIndex, (int)reader.BytesConsumed), walker.Value());
            Assert.False(walker.IsBroken);
        },
        iter: 20_000);

    [Fact]
    public void A_string_without_an_end_breaks_the_walk() => Gen.Select(AnyInside, Gen.Bool).Sample(
        (inside, escaped) =>
        {
            var json = Encoding.UTF8.GetBytes($"\"{inside}{(escaped ? "\\" : "")}");
            var walker = new JsonWalker(json, 0);

            Assert.Equal(new JsonSlice(0, json.Length), walker.Value());
            Assert.True(walker.IsBroken);
        },
        iter: 5_000);

    [Fact]
    public void A_tree_ends_at_its_last_bracket() => Gen.Select(AnyInside, AnyInside).Sample(
        (one, other) =>
        {
            var tree = $$"""{"a": ["{{one}}", {"b":{{'\t'}}"{{other}}"}, 1e5, null], "c" : {} }""";
            var json = Encoding.UTF8.GetBytes($"[{tree},[\"{other}\"]]");
            var walker = new JsonWalker(json, 1);

            Assert.Equal(Encoding.UTF8.GetByteCount(tree) + 1, walker.Value().End);
        },
        iter: 5_000);
}
