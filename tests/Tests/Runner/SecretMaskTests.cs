using System.Buffers;
using System.Text;
using CsCheck;
using Squero.Runner;

namespace Squero.Tests.Runner;

public sealed class SecretMaskTests
{
    [Fact]
    public void However_a_text_is_cut_the_same_comes_out_and_no_secret_in_it() =>
        Gen.Select(Gen.String[Gen.Char["ab"], 0, 6].Array[0, 12], Gen.String[Gen.Char["ab"], 2, 5].Array[1, 3]).Sample((pieces, secrets) =>
        {
            var whole = Mask(secrets, [string.Concat(pieces)]);
            var cut = Mask(secrets, pieces);
            return whole == cut && !secrets.Any(secret => cut.Replace("[MASKED]", "|", StringComparison.Ordinal).Contains(secret, StringComparison.Ordinal));
        });

    [Fact]
    public void A_text_without_secrets_stays_as_it_is() =>
        Gen.String.Array[0, 5].Sample(pieces => Mask(["\u0001never\u0001"], pieces) == Mask([], pieces));

    [Fact]
    public void The_longest_of_several_secrets_wins() => Assert.Equal("[MASKED] [MASKED]", Mask(["abc", "abcdef"], ["abc", "def abc"]));

    [Fact]
    public void What_follows_a_token_prefix_is_hidden_across_pieces()
    {
        var mask = new SecretMask([], ["glpat-"]);
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in new[] { "x glp", "at-abc", "def", "_9 y" })
        {
            mask.Append(Encoding.UTF8.GetBytes(piece), output);
        }

        mask.Complete(output);
        Assert.Equal("x glpat-[MASKED] y", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    private static string Mask(IEnumerable<string> secrets, IEnumerable<string> pieces)
    {
        var mask = new SecretMask(secrets, []);
        var output = new ArrayBufferWriter<byte>();
        foreach (var piece in pieces)
        {
            mask.Append(Encoding.UTF8.GetBytes(piece), output);
        }

        mask.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
