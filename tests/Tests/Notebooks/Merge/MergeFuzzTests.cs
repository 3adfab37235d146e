using System.Text;
using CsCheck;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>Files of any state: a valid notebook comes out, or a sentence why there is none.</summary>
public sealed class MergeFuzzTests
{
    private static readonly byte[] Old = Made.Bytes(Made.Prose("# Title", "aa"), Made.Code("x = 1\nprint(x)", "bb", Made.Printed("1\n")), Made.Code("y = 2", "cc"));
    private static readonly byte[] Ours = Made.Bytes(Made.Prose("# Title", "aa"), Made.Code("x = 2\nprint(x)", "bb", Made.Printed("2\n")), Made.Code("y = 2", "cc"), Made.Code("z = 3", "dd"));
    private static readonly byte[] Theirs = Made.Bytes(Made.Prose("# Title!", "aa"), Made.Code("x = 1\nprint(x, x)", "bb", Made.Printed("1 1\n")));

    private static readonly string[] Pieces =
    [
        "{", "}", "[", "]", "\"", "\\", ":", ",", "\"cells\"", "\"source\"", "\"outputs\"", "\"metadata\"", "\"id\":\"aa\"", "1", "null", "NaN", "\n", "\"cell_type\":\"code\"", "{\"cell_type\":\"markdown\",\"source\":\"x\"}", "\\u12",
    ];

    [Fact]
    public void Random_bytes_on_any_side_never_throw() => Gen.Byte.Array[0, 300].Sample(Survives);

    [Fact]
    public void Random_JSON_pieces_on_any_side_never_throw() =>
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 40].Sample(pieces => Survives(Encoding.UTF8.GetBytes("{\"nbformat\":4,\"nbformat_minor\":5,\"cells\":[" + string.Concat(pieces))));

    [Fact]
    public void A_side_cut_anywhere_never_throws()
    {
        for (var length = 0; length <= Theirs.Length; length++)
        {
            Survives(Theirs.AsSpan(0, length).ToArray());
        }
    }

    [Fact]
    public void A_side_with_a_byte_changed_never_throws() => Gen.Select(Gen.Int[0, Theirs.Length - 1], Gen.Byte).Sample((at, value) =>
    {
        var changed = Theirs.ToArray();
        changed[at] = value;
        Survives(changed);
    });

    [Theory]
    [InlineData("", "cannot be merged cell by cell. The file is empty.")]
    [InlineData("hello", "is not a notebook")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": "x" """, "ends in the middle")]
    [InlineData("""{"cells": [1, {"cell_type": "markdown", "source": "x", "metadata": {}}], "nbformat": 4}""", "left out")]
    [InlineData("""{"cells": [], "nbformat": 5, "nbformat_minor": 0, "metadata": {}}""", "nbformat 4 in ours and 5 in theirs")]
    [InlineData("""{"cells": [], "cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}""", "not one list of cells but 2")]
    [InlineData("""{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}}""", "ends before the file does")]
    public void What_cannot_be_merged_is_told_and_ours_stays(string theirs, string words)
    {
        var merge = NotebookMerge.Of(Old, Ours, Encoding.UTF8.GetBytes(theirs));

        Assert.False(merge.IsClean);
        Assert.Contains(words, merge.Fallback, StringComparison.Ordinal);
        Assert.True(merge.Write().Span.SequenceEqual(Ours));
    }

    [Fact]
    public void A_base_that_cannot_be_read_counts_as_none()
    {
        var merge = NotebookMerge.Of("<<<<<<< nonsense"u8.ToArray(), Ours, Theirs);

        Assert.Null(merge.Fallback);
        Assert.Null(MergeCheck.Objection(merge.Write()));
        Assert.All(merge.Conflicts, conflict => Assert.Null(conflict.Base));
    }

    [Theory]
    [InlineData("""{"cells": [{"cell_type": "code", "source": "x"}], "nbformat": 4, "nbformat_minor": 5}""")]
    [InlineData("""{"cells": [{"source": ["x\n", "y"]}, {}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": "x",, "metadata": {} "outputs": []},], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}""")]
    [InlineData("""{"cells": [{"cell_type": "code", "source": "x", "metadata": {"v": NaN}, "outputs": [], "execution_count": null, "id": "aa"}, {"cell_type": "markdown", "source": "y", "metadata": {}, "id": "aa"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}""")]
    public void What_Jupyter_opens_though_it_lacks_something_comes_out_complete(string file)
    {
        var odd = Encoding.UTF8.GetBytes(file);
        foreach (var merge in new[] { NotebookMerge.Of(Old, odd, Theirs), NotebookMerge.Of(Old, Ours, odd), NotebookMerge.Of(odd, Ours, Theirs) })
        {
            Assert.Null(merge.Fallback);
            Assert.Null(MergeCheck.Objection(merge.Write()));
        }
    }

    [Fact]
    public void Notebooks_of_an_older_format_stay_in_it()
    {
        static byte[] Third(string code, string heading) => Encoding.UTF8.GetBytes($$"""
            {"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [
             {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["{{heading}}"]},
             {"cell_type": "code", "collapsed": false, "input": ["{{code}}"], "language": "python", "metadata": {}, "outputs": [], "prompt_number": 1}
            ], "metadata": {} } ] }
            """);
        var merge = NotebookMerge.Of(Third("x = 1", "Title"), Third("x = 2", "Title"), Third("x = 1", "Heading"));

        Assert.True(merge.IsClean);
        Assert.Equal(Encoding.UTF8.GetString(Third("x = 2", "Heading")), merge.Text());
        var conflicted = NotebookMerge.Of(Third("x = 1", "Title"), Third("x = 2", "One"), Third("x = 3", "Other"));
        Assert.Equal(2, conflicted.Conflicts.Count);
        Assert.Contains("## One", Notebook.Parse(conflicted.Write()).Cells[0].Source, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_side_that_a_newer_Jupyter_saved_merges_with_one_of_the_older_format(bool oursIsNew)
    {
        static byte[] Third(string code) => Encoding.UTF8.GetBytes($$"""
            {"metadata": {"name": "old"}, "nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": [
             {"cell_type": "heading", "level": 2, "metadata": {}, "source": ["Title"]},
             {"cell_type": "code", "collapsed": false, "input": ["{{code}}\n", "show(x)"], "language": "python", "metadata": {}, "prompt_number": 1, "outputs": [
              {"output_type": "pyout", "prompt_number": 1, "text": ["1"], "metadata": {} }, {"output_type": "stream", "stream": "stderr", "text": ["w"]}, {"output_type": "pyerr", "ename": "E", "evalue": "v", "traceback": []}]}
            ], "metadata": {} } ] }

            """);
        var young = Encoding.UTF8.GetBytes("""
            {"cells": [
             {"cell_type": "markdown", "metadata": {}, "source": ["## Title"]},
             {"cell_type": "code", "execution_count": 1, "metadata": {"collapsed": false}, "outputs": [
              {"data": {"text/plain": ["1"]}, "execution_count": 1, "metadata": {}, "output_type": "execute_result"}, {"name": "stderr", "output_type": "stream", "text": ["w"]}, {"ename": "E", "evalue": "v", "output_type": "error", "traceback": []}],
              "source": ["x = 1\n", "show(x)"]},
             {"cell_type": "markdown", "metadata": {}, "source": ["The end"]}
            ], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}

            """);

        var merge = oursIsNew ? NotebookMerge.Of(Third("x = 1"), young, Third("x = 2")) : NotebookMerge.Of(Third("x = 1"), Third("x = 2"), young);

        Assert.True(merge.IsClean);
        Assert.Equal(["## Title", "x = 2\nshow(x)", "The end"], merge.Sources());
        var json = merge.Json();
        Assert.Equal((4, 2), ((int)json["nbformat"]!, (int)json["nbformat_minor"]!));
        Assert.Equal(["execute_result", "stream", "error"], json["cells"]![1]!["outputs"]!.AsArray().Select(output => (string?)output!["output_type"]));
        Assert.Equal("1", (string?)json["cells"]![1]!["outputs"]![0]!["data"]!["text/plain"]![0]);
        Assert.DoesNotContain("worksheets", merge.Text(), StringComparison.Ordinal);
        Assert.EndsWith("}\n", merge.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_size_cost_no_more_than_reading()
    {
        var deep = new string('[', 5_000) + new string(']', 5_000);
        var nested = Encoding.UTF8.GetBytes("{\"nbformat\":4,\"nbformat_minor\":2,\"metadata\":{\"deep\":" + deep + "},\"cells\":[{\"cell_type\":\"raw\",\"metadata\":{\"deep\":" + deep + "},\"source\":\"x\"}]}");
        Survives(nested);
        Survives(Encoding.UTF8.GetBytes(new string('[', 200_000)));
        var cells = Enumerable.Range(0, 3_000).Select(i => Made.Code($"value_{i} = load({i})", $"id{i}")).ToArray();
        var big = NotebookMerge.Of(Made.Bytes(cells), Made.Bytes([.. cells.Reverse()]), Made.Bytes([.. cells.Where((_, i) => i % 3 > 0)]));
        Assert.Equal(2_000, Notebook.Parse(big.Write()).Cells.Count);
        var old = Enumerable.Range(0, 20_000).Select(i => $"line {i} of a long text").ToList();
        string Edited(string word) => string.Join('\n', old.Select((line, i) => i % 10 == 0 ? $"{word} {i}" : line));
        Assert.Equal(2_000, Merging.Of([Made.Code(string.Join('\n', old), "a")], [Made.Code(Edited("ours"), "a")], [Made.Code(Edited("theirs"), "a")]).Conflicts.DistinctBy(conflict => conflict.Id).Count());
        var lines = string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $"line {i % 97}"));
        Assert.Single(Merging.Of([Made.Code(lines, "a")], [Made.Code(lines.Replace("line 5", "ours 5", StringComparison.Ordinal), "a")], [Made.Code(lines.Replace("line 3", "theirs 3", StringComparison.Ordinal), "a")]).Result().Cells);
    }

    private static void Survives(byte[] odd)
    {
        foreach (var merge in new[] { NotebookMerge.Of(Old, Ours, odd), NotebookMerge.Of(Old, odd, Theirs), NotebookMerge.Of(odd, Ours, Theirs) })
        {
            var written = merge.Write();
            Assert.True(merge.Fallback is not null || MergeCheck.Objection(written) is null, MergeCheck.Objection(written) + Encoding.UTF8.GetString(odd));
        }
    }
}
