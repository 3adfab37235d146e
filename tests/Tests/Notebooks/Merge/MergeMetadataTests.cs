using System.Text;
using System.Text.Json.Nodes;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class MergeMetadataTests
{
    [Fact]
    public void Tags_of_both_sides_are_merged_as_a_set()
    {
        var merge = Merging.Of([Tagged("a", "b")], [Tagged("a", "b", "ours")], [Tagged("b", "theirs")]);

        Assert.True(merge.IsClean);
        Assert.Equal("""["b","ours","theirs"]""", merge.Json()["cells"]![0]!["metadata"]!["tags"]!.ToJsonString());
    }

    [Fact]
    public void Keys_that_tools_write_never_collide()
    {
        var merge = Merging.Of([With("execution", "1")], [With("execution", "2")], [With("execution", "3")]);

        Assert.True(merge.IsClean);
        Assert.Equal("2", (string?)merge.Json()["cells"]![0]!["metadata"]!["execution"]);
    }

    [Fact]
    public void What_people_set_to_two_values_is_asked_and_kept_beside_until_then()
    {
        var merge = Merging.Of([With("slideshow", "slide")], [With("slideshow", "skip")], [With("slideshow", "fragment")]);

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal((MergeConflictKind.Metadata, "slideshow", false), (conflict.Kind, conflict.Name, conflict.AllowsBoth));
        Assert.Equal("Cell 1: ours and theirs set the metadata `slideshow` to different values.", conflict.Sentence);
        var metadata = merge.Json()["cells"]![0]!["metadata"]!;
        Assert.Equal(("skip", "fragment"), ((string?)metadata["slideshow"], (string?)metadata["merge_conflicts"]!["slideshow"]));
        merge.Result();
        var chosen = JsonNode.Parse(merge.Write(new Dictionary<string, MergeChoice> { [conflict.Id] = MergeChoice.Theirs }).Span)!["cells"]![0]!["metadata"]!;
        Assert.Equal("""{"slideshow":"fragment"}""", chosen.ToJsonString());
    }

    [Fact]
    public void The_notebooks_own_metadata_is_merged_key_by_key()
    {
        var merge = NotebookMerge.Of(
            Noted("""{"kernelspec": {"name": "python3"}, "title": "Churn"}"""),
            Noted("""{"kernelspec": {"name": "python3.11"}, "title": "Churn", "toc": {"depth": 2}}"""),
            Noted("""{"kernelspec": {"name": "python3.12"}, "title": "Churn, again", "authors": ["Ada"]}"""));

        Assert.True(merge.IsClean);
        Assert.Equal("""{"authors":["Ada"],"kernelspec":{"name":"python3.11"},"title":"Churn, again","toc":{"depth":2}}""", merge.Json()["metadata"]!.ToJsonString());
    }

    [Fact]
    public void A_title_that_both_changed_is_asked_of_the_notebook()
    {
        var merge = NotebookMerge.Of(Noted("""{"title": "Churn"}"""), Noted("""{"title": "Who leaves"}"""), Noted("""{"title": "Leavers"}"""));

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal((-1, "title", "Notebook: ours and theirs set the metadata `title` to different values."), (conflict.Place, conflict.Name, conflict.Sentence));
        Assert.Equal("Leavers", (string?)JsonNode.Parse(merge.Write(new Dictionary<string, MergeChoice> { [conflict.Id] = MergeChoice.Theirs }).Span)!["metadata"]!["title"]);
        Assert.Equal(("Who leaves", "Leavers"), ((string?)merge.Json()["metadata"]!["title"], (string?)merge.Json()["metadata"]!["merge_conflicts"]!["title"]));
    }

    [Fact]
    public void A_new_type_and_an_edit_go_together()
    {
        var merge = Merging.Of([Made.Code("plot(x)", "a", Made.Printed("1"))], [Made.Code("plot(x, y)", "a", Made.Printed("2"))], [Made.Prose("plot(x)", "a")]);

        Assert.True(merge.IsClean);
        var cell = Assert.Single(merge.Result().Cells);
        Assert.Equal((CellKind.Markdown, "plot(x, y)"), (cell.Kind, cell.Source));
        Assert.False(merge.Json()["cells"]![0]!.AsObject().ContainsKey("outputs"));
    }

    [Fact]
    public void Two_new_types_are_asked()
    {
        var raw = Made.Prose("plot(x)", "a");
        raw["cell_type"] = "raw";

        var merge = Merging.Of([Made.Code("plot(x)", "a")], [Made.Prose("plot(x)", "a")], [raw]);

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal((MergeConflictKind.CellType, "Cell 1: ours made it a markdown cell, theirs a raw cell."), (conflict.Kind, conflict.Sentence));
        Assert.Equal("<<<<<<< ours: a markdown cell\n=======\n>>>>>>> theirs: a raw cell\nplot(x)", merge.Sources()[0]);
        Assert.Equal((CellKind.Raw, "plot(x)"), (merge.Result(MergeChoice.Theirs).Cells[0].Kind, merge.Sources(MergeChoice.Theirs)[0]));
    }

    [Fact]
    public void Pictures_of_both_sides_come_together_and_a_replaced_one_is_asked()
    {
        var merge = Merging.Of([Pasted(("p.png", "QUFB"))], [Pasted(("p.png", "QkJC"), ("q.png", "Q0ND"))], [Pasted(("p.png", "RERE"), ("r.png", "RUVF"))]);

        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal((MergeConflictKind.Attachment, "p.png"), (conflict.Kind, conflict.Name));
        var cell = merge.Result().Cells[0];
        Assert.Equal(["p-2.png", "p.png", "q.png", "r.png"], cell.Attachments.Keys.Order(StringComparer.Ordinal));
        Assert.EndsWith("<<<<<<< ours\n![p.png](attachment:p.png)\n=======\n![p-2.png](attachment:p-2.png)\n>>>>>>> theirs", cell.Source, StringComparison.Ordinal);
        Assert.Equal("RERE", merge.Result(MergeChoice.Theirs).Cells[0].Attachments["p.png"][0].Text());
        Assert.Equal(("QkJC", "RERE"), (merge.Result(MergeChoice.Both).Cells[0].Attachments["p.png"][0].Text(), merge.Result(MergeChoice.Both).Cells[0].Attachments["p-2.png"][0].Text()));
    }

    [Fact]
    public void An_id_that_both_sides_gave_to_unlike_cells_stays_with_ours()
    {
        var old = Made.Prose("# Title", "t");
        var merge = Merging.Of([old], [old, Made.Code("import numpy", "cell-2")], [old, Made.Prose("An epilogue", "cell-2")]);

        Assert.True(merge.IsClean);
        var cells = merge.Result().Cells;
        Assert.Equal(["# Title", "import numpy", "An epilogue"], cells.Select(cell => cell.Source));
        Assert.Equal("cell-2", cells[1].Id);
        Assert.NotEqual("cell-2", cells[2].Id);
    }

    [Fact]
    public void Ids_that_a_newer_format_demands_are_made_the_same_every_time()
    {
        static byte[] Old(params JsonObject[] cells) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Made.Bytes(cells)).Replace("\"nbformat_minor\": 5", "\"nbformat_minor\": 4", StringComparison.Ordinal));
        var merge = NotebookMerge.Of(Old(Made.Code("one(thing)")), Old(Made.Code("one(thing)"), Made.Code("ours(new)")), Made.Bytes(Made.Code("one(thing)", "aa"), Made.Prose("Theirs", "bb")));

        var cells = merge.Result().Cells;
        Assert.Equal(5, (int)merge.Json()["nbformat_minor"]!);
        Assert.Equal(["aa", "bb"], [cells[0].Id!, cells[2].Id!]);
        Assert.Equal(8, cells[1].Id!.Length);
        Assert.Equal(cells[1].Id, merge.Result().Cells[1].Id);
    }

    private static JsonObject Tagged(params string[] tags)
    {
        var cell = Made.Code("x = 1", "a");
        cell["metadata"]!["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]);
        return cell;
    }

    private static JsonObject With(string key, string value)
    {
        var cell = Made.Code("x = 1", "a");
        cell["metadata"]![key] = value;
        return cell;
    }

    private static JsonObject Pasted(params (string Name, string Content)[] pictures)
    {
        var cell = Made.Prose("See ![it](attachment:p.png)", "a");
        cell["attachments"] = new JsonObject([.. pictures.Select(picture => KeyValuePair.Create(picture.Name, (JsonNode?)new JsonObject { ["image/png"] = picture.Content }))]);
        return cell;
    }

    private static byte[] Noted(string metadata) => Encoding.UTF8.GetBytes($$"""{"cells": [], "metadata": {{metadata}}, "nbformat": 4, "nbformat_minor": 5}""");
}
