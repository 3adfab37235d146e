using System.Text;
using CsCheck;
using Squero.MergeRequests;
using Squero.Notebooks;

namespace Squero.Tests.MergeRequests;

/// <summary>What git marked, taken apart and put together.</summary>
public sealed class MarkedTextTests
{
    private static readonly Gen<string> Line = Gen.Int[0, 7].Select(index => new[] { "a\n", "b = 1\n", "\n", "é\r\n", "<<<<<< six\n", "<<<<<<<<< nine\n", "======= \u00a0not\n".Replace("=======", "======", StringComparison.Ordinal), "  x\n" }[index]);

    [Fact]
    public void Without_a_choice_it_stays_as_it_was_and_with_one_the_side_stands_in_its_place() =>
        Gen.Select(Line.List[0, 4], Line.List[0, 3], Line.List[0, 3], Line.List[0, 3], Line.List[0, 4], Gen.Int[1, 3]).Sample((head, target, parted, source, tail, count) =>
        {
            string hunk = $"<<<<<<< {new string('a', 40)}\n{string.Concat(target)}||||||| 1234567\n{string.Concat(parted)}=======\n{string.Concat(source)}>>>>>>> {new string('b', 40)}:x.txt\n";
            var marked = string.Concat(head) + string.Concat(Enumerable.Repeat(hunk + string.Concat(tail), count));
            var text = MarkedText.Of(Encoding.UTF8.GetBytes(marked), Encoding.UTF8.GetBytes(string.Concat(target)))!;
            string Write(params (int, MergeChoice)[] choices) => Encoding.UTF8.GetString(text.Write(choices.ToDictionary(pair => pair.Item1, pair => pair.Item2)).Span);
            Assert.Equal(count, text.Hunks.Count);
            Assert.Equal(head.Count + 1, text.Hunks[0].Line);
            Assert.Equal(marked, Write());
            Assert.Equal(marked, Write((7, MergeChoice.Ours)));
            var first = marked.IndexOf(hunk, StringComparison.Ordinal);
            string With(string lines) => marked[..first] + lines + marked[(first + hunk.Length)..];
            Assert.Equal(With(string.Concat(target)), Write((0, MergeChoice.Ours)));
            Assert.Equal(With(string.Concat(source)), Write((0, MergeChoice.Theirs)));
            Assert.Equal(With(string.Concat(target) + string.Concat(source)), Write((0, MergeChoice.Both)));
        });

    [Theory]
    [InlineData("Title\n=======\n")]
    [InlineData("<<<<<<< HEAD\n")]
    [InlineData("a\0b")]
    public void Sides_that_could_be_mistaken_are_left_alone(string side) =>
        Assert.Null(MarkedText.Of(Encoding.UTF8.GetBytes("<<<<<<< a\nx\n||||||| b\n=======\ny\n>>>>>>> c\n"), Encoding.UTF8.GetBytes(side)));

    [Theory]
    [InlineData("")]
    [InlineData("plain\n")]
    [InlineData("<<<<<<< a\nx\n=======\ny\n>>>>>>> c\n")]
    [InlineData("<<<<<<< a\nx\n||||||| b\n=======\ny\n")]
    [InlineData("=======\n")]
    public void What_git_did_not_mark_in_its_way_is_left_alone(string marked) => Assert.Null(MarkedText.Of(Encoding.UTF8.GetBytes(marked)));

    [Fact]
    public void Bytes_of_no_text_are_left_alone() => Gen.Byte.Array[0, 60].Sample(bytes => { _ = MarkedText.Of(bytes, bytes); });
}
