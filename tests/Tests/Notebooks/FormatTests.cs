using System.Text;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class FormatTests
{
    [Fact]
    public void A_notebook_of_format_3_is_upgraded()
    {
        var notebook = Parse("""
            {"nbformat":3,"nbformat_minor":0,"metadata":{"name":""},"worksheets":[{"cells":[
              {"cell_type":"heading","level":2,"source":["Results"]},
              {"cell_type":"code","input":["1 + 1"],"language":"python","prompt_number":3,"outputs":[
                {"output_type":"pyout","prompt_number":3,"text":["2"]},
                {"output_type":"display_data","png":"iVBORw0KGgo="},
                {"output_type":"pyerr","ename":"E","evalue":"v","traceback":["a","b"]}]}]}]}
            """);

        Assert.Equal(NotebookState.Upgraded, notebook.State);
        Assert.Equal("## Results", notebook.Cells[0].Source);
        Assert.Equal(3, notebook.Cells[1].ExecutionCount);
        Assert.Equal("2", notebook.Cells[1].Outputs[0].Text());
        Assert.Equal("image/png", notebook.Cells[1].Outputs[1].Picture()!.Mime);
        Assert.Equal("a\nb", notebook.Cells[1].Outputs[2].Text());
    }

    [Fact]
    public void What_is_missing_is_repaired()
    {
        var notebook = Parse("""{"cells":[{"cell_type":"code","source":"x"},{"cell_type":"markdown"}],"nbformat":4}""");

        Assert.Equal(NotebookState.Repaired, notebook.State);
        Assert.Equal(2, notebook.Cells.Count);
        Assert.Empty(notebook.Cells[1].Lines);
    }

    [Fact]
    public void A_byte_order_mark_and_NaN_are_no_obstacle()
    {
        var notebook = Parse("\uFEFF" + """{"cells":[{"cell_type":"code","source":["a\n","b"],"outputs":[{"output_type":"display_data","data":{"application/json":{"x":NaN,"y":[Infinity,-Infinity]}},"metadata":{}}],"execution_count":NaN}],"nbformat":4}""");

        Assert.Equal(NotebookState.Ok, notebook.State);
        Assert.Equal(["a", "b"], notebook.Cells[0].Lines);
        Assert.Single(notebook.Cells[0].Outputs);
    }

    [Fact]
    public void A_file_that_ends_in_the_middle_shows_what_it_has_and_says_so()
    {
        var whole = Made.Bytes(Made.Code("first"), Made.Code("second"), Made.Code("third"));

        var notebook = Notebook.Parse(whole.AsMemory(0, Encoding.UTF8.GetString(whole).IndexOf("third", StringComparison.Ordinal)));

        Assert.Equal(NotebookState.Repaired, notebook.State);
        Assert.Contains("ends in the middle", notebook.Reason, StringComparison.Ordinal);
        Assert.Equal("second", notebook.Cells[1].Source);
    }

    [Fact]
    public void What_follows_the_notebook_in_its_file_is_told()
    {
        var whole = Encoding.UTF8.GetString(Made.Bytes(Made.Code("x")));

        Assert.Equal(NotebookState.Ok, Parse(whole + "\r\n\t \n").State);
        Assert.Equal((NotebookState.Repaired, "The notebook ends before the file does; what follows, from line 3 on, is not shown."), Parse(whole.ReplaceLineEndings("") + "\n\n]}") is var more ? (more.State, more.Reason) : default);
    }

    [Fact]
    public void Conflict_markers_leave_the_first_side()
    {
        var notebook = Parse("{\"cells\":[\n<<<<<<< HEAD\n{\"cell_type\":\"markdown\",\"source\":\"ours\"}\n=======\n{\"cell_type\":\"markdown\",\"source\":\"theirs\"}\n>>>>>>> other\n],\"nbformat\":4}");

        Assert.Equal("ours", Assert.Single(notebook.Cells).Source);
        Assert.Contains("conflict markers", notebook.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[1,2]", "JSON object")]
    [InlineData("print('hi')", "JSON object")]
    [InlineData("{\"name\":\"x\"}", "cells")]
    [InlineData("{\"cells\":{},\"nbformat\":4}", "list")]
    public void What_is_no_notebook_is_unreadable_with_a_reason(string text, string reason)
    {
        var notebook = Parse(text);

        Assert.Equal(NotebookState.Unreadable, notebook.State);
        Assert.Contains(reason, notebook.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Escapes_and_halves_of_surrogate_pairs_are_read()
    {
        var cell = Parse("""{"cells":[{"cell_type":"raw","source":"\u00e9 \ud83d\ude00 \ud83d \" \\ \/"}],"nbformat":4}""").Cells[0];

        Assert.Equal("é 😀 \ud83d \" \\ /", cell.Source);
    }

    [Fact]
    public void Pieces_of_one_stream_are_one_output()
    {
        var cell = Made.Notebook(Made.Code("x", null, Made.Printed("a\n"), Made.Printed("b\n"))).Cells[0];

        Assert.Equal("a\nb\n", Assert.Single(cell.Outputs).Text());
    }

    [Fact]
    public void A_picture_is_found_by_its_hash_alone()
    {
        var bytes = Made.Bytes(Made.Code("plot()", null, Made.Shown("image/png", "aGVsbG8=")));

        var picture = NotebookImages.Find(Notebook.Parse(bytes), "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

        Assert.Equal("image/png", picture!.MediaType);
        Assert.Equal("hello"u8, picture.Bytes);
        Assert.Null(NotebookImages.Find(Notebook.Parse(bytes), new string('0', 64)));
        Assert.Null(NotebookImages.Find(Notebook.Parse(bytes), "../../etc/passwd"));
    }

    private static Notebook Parse(string text) => Notebook.Parse(Encoding.UTF8.GetBytes(text));
}
