using System.Text;
using Squero.Kernel;
using Squero.MergeRequests;

namespace Squero.Tests.MergeRequests;

public sealed class SuggestionTextTests
{
    [Fact]
    public void A_comment_is_cut_at_its_suggestions()
    {
        var parts = SuggestionText.Parts("Why not\n```suggestion:-1+2\na = 1\n\nb = 2\n```\nor\n```suggestion\n```\n");

        Assert.Equal(["Why not", "", "or", ""], parts.Select(part => part.Markdown));
        var (first, second) = (parts[1].Suggestion!, parts[3].Suggestion!);
        Assert.Equal((0, 1, 2), (first.Ordinal, first.Above, first.Below));
        Assert.Equal(["a = 1", "", "b = 2"], first.Lines);
        Assert.Equal((1, 0, 0, 0), (second.Ordinal, second.Above, second.Below, second.Lines.Count));
    }

    [Theory]
    [InlineData("```suggestion\nnever closed")]
    [InlineData("````\n```suggestion\nquoted\n```\n````")]
    [InlineData("~~~\n```suggestion\nquoted\n```\n~~~")]
    [InlineData("```suggestion:-101+0\na\n```")]
    [InlineData("```suggestion:-x+0\na\n```")]
    [InlineData("    ```suggestion\n    code\n    ```")]
    public void What_is_quoted_unclosed_or_reaches_too_far_is_plain_text(string text)
    {
        Assert.Empty(SuggestionText.Of(text));
        Assert.Equal(text, Assert.Single(SuggestionText.Parts(text)).Markdown);
    }

    [Theory]
    [InlineData("a = 1")]
    [InlineData("a\nb\n  c")]
    [InlineData("text\n```\ncode\n````")]
    public void What_is_written_reads_back(string lines)
    {
        var block = Assert.Single(SuggestionText.Of(SuggestionText.Write(lines.Split('\n'))));

        Assert.Equal(lines.Split('\n'), block.Lines);
        Assert.Equal((block.Lines.Count - 1, 0), (block.Above, block.Below));
    }

    [Fact]
    public void A_comment_holds_at_most_twenty_suggestions() =>
        Assert.Equal(20, SuggestionText.Of(string.Concat(Enumerable.Repeat("```suggestion\na\n```\n", 30))).Count);

    [Theory]
    [InlineData("a\nb\nc\n", 2, 2, "X", "a\nX\nc\n")]
    [InlineData("a\nb\nc", 3, 3, "X", "a\nb\nX")]
    [InlineData("a\r\nb\r\nc\r\n", 2, 2, "X|Y", "a\r\nX\r\nY\r\nc\r\n")]
    [InlineData("a\r\nb", 2, 2, "X|Y", "a\r\nX\r\nY")]
    [InlineData("a\nb\nc\n", 1, 3, "", "")]
    [InlineData("\uFEFFa\nb\n", 2, 2, "ü", "\uFEFFa\nü\n")]
    public void Lines_of_a_text_file_give_way_and_the_rest_stays(string file, int first, int last, string lines, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(TextFileEdit.Apply(Encoding.UTF8.GetBytes(file), [new TextLines(first, last, lines.Length == 0 ? [] : lines.Split('|'))])));

    [Fact]
    public void Bytes_that_are_no_text_stay_as_they_are() =>
        Assert.Equal([0xFF, 0x0A, (byte)'x', 0x0A, 0xFE], TextFileEdit.Apply([0xFF, 0x0A, (byte)'b', 0x0A, 0xFE], [new TextLines(2, 2, ["x"])]));

    [Fact]
    public void Edits_that_overlap_or_reach_beyond_the_file_are_refused()
    {
        var file = "a\nb\nc\n"u8.ToArray();
        Assert.Throws<Refusal>(() => TextFileEdit.Apply(file, [new TextLines(1, 2, []), new TextLines(2, 3, [])]));
        Assert.Throws<Refusal>(() => TextFileEdit.Apply(file, [new TextLines(3, 4, [])]));
        Assert.Throws<Refusal>(() => TextFileEdit.Apply(file, [new TextLines(0, 1, [])]));
    }

    [Fact]
    public void The_commit_names_who_suggested_and_no_name_forges_a_trailer()
    {
        var words = SuggestionMessage.Write([], "Take it\r\n", [("Ada\nSigned-off-by: x", "a>b@example.org")]);

        Assert.Equal("Take it\n\nCo-authored-by: AdaSigned-off-by: x <ab@example.org>\n", words);
    }
}
