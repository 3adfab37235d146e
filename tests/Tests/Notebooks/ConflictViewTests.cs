using System.Text.Json;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

public sealed class ConflictViewTests
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk";
    private static readonly NotebookViewOptions Options = new() { ImageUrl = image => "/pictures/" + image.Sha256 };

    [Fact]
    public void Each_side_is_a_difference_to_the_ancestor_with_its_words_marked()
    {
        var (merge, ours, theirs) = Merge(Code("x", "epochs = 50\nfit()"), Code("x", "epochs = 120\nfit()", "<b>out</b>"), Code("x", "epochs = 200\nfit()"));
        var conflict = Assert.Single(merge.Conflicts);
        var mine = ConflictView.SideHtml(conflict, MergeChoice.Ours, ours, Options);
        Assert.Contains("epochs = <del>50</del>", mine, StringComparison.Ordinal);
        Assert.Contains("epochs = <ins>120</ins>", mine, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;out", mine, StringComparison.Ordinal);
        Assert.Contains("epochs = <ins>200</ins>", ConflictView.SideHtml(conflict, MergeChoice.Theirs, theirs, Options), StringComparison.Ordinal);
        Assert.Contains("epochs = 50", ConflictView.BaseHtml(conflict, ours, Options)!, StringComparison.Ordinal);
        var both = ConflictView.ResultHtml(conflict, MergeChoice.Both, ours, Options);
        Assert.True(both.IndexOf("epochs = 120", StringComparison.Ordinal) < both.IndexOf("epochs = 200", StringComparison.Ordinal));
    }

    [Fact]
    public void A_removed_cell_says_so_and_what_each_choice_makes_of_it()
    {
        var (merge, ours, theirs) = Merge(Code("x", "keep = 1"), null, Code("x", "keep = 2"));
        var conflict = Assert.Single(merge.Conflicts);
        Assert.Contains("The cell is removed here.", ConflictView.SideHtml(conflict, MergeChoice.Ours, ours, Options), StringComparison.Ordinal);
        Assert.Contains("keep = <ins>2</ins>", ConflictView.SideHtml(conflict, MergeChoice.Theirs, theirs, Options), StringComparison.Ordinal);
        Assert.Contains("The cell goes.", ConflictView.ResultHtml(conflict, MergeChoice.Ours, ours, Options), StringComparison.Ordinal);
        Assert.Contains("The cell stays", ConflictView.ResultHtml(conflict, MergeChoice.Theirs, theirs, Options), StringComparison.Ordinal);
        Assert.Contains("The cell stays", ConflictView.ResultHtml(conflict, MergeChoice.Both, ours, Options), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cell_that_both_added_marks_what_the_other_wrote_otherwise()
    {
        var (merge, ours, _) = Merge(null, Code("x", "a = 1\nshared()"), Code("x", "a = 2\nshared()"));
        var conflict = Assert.Single(merge.Conflicts);
        Assert.Null(conflict.Base);
        Assert.Null(ConflictView.BaseHtml(conflict, ours, Options));
        Assert.Contains("a = <ins>1</ins>", ConflictView.SideHtml(conflict, MergeChoice.Ours, ours, Options), StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_and_metadata_show_their_values()
    {
        var (merge, ours, theirs) = Merge(Prose("<i>one", "AAAA"), Prose("<i>two", "BBBB"), Prose("<i>three", "CCCC"));
        Assert.Equal(new[] { MergeConflictKind.Metadata, MergeConflictKind.Attachment }, merge.Conflicts.Select(conflict => conflict.Kind).Order());
        foreach (var conflict in merge.Conflicts)
        {
            var isPicture = conflict.Kind == MergeConflictKind.Attachment;
            Assert.Contains(isPicture ? "<img src=\"/pictures/" : "&lt;i&gt;two", ConflictView.SideHtml(conflict, MergeChoice.Ours, ours, Options), StringComparison.Ordinal);
            Assert.Contains(isPicture ? "<img src=\"/pictures/" : "&lt;i&gt;three", ConflictView.ResultHtml(conflict, MergeChoice.Theirs, theirs, Options), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Metadata_of_the_notebook_shows_its_values()
    {
        var (merge, ours, theirs) = Merge(null, null, null, "Old <i>", "Mine <i>", "Other <i>");
        var conflict = Assert.Single(merge.Conflicts);
        Assert.Equal((-1, "title"), (conflict.Place, conflict.Name));
        Assert.Contains("Mine &lt;i&gt;", ConflictView.SideHtml(conflict, MergeChoice.Ours, ours, Options), StringComparison.Ordinal);
        Assert.Contains("Other &lt;i&gt;", ConflictView.ResultHtml(conflict, MergeChoice.Theirs, theirs, Options), StringComparison.Ordinal);
        Assert.Null(ConflictView.BaseHtml(conflict, ours, Options));
    }

    [Fact]
    public void A_cell_of_another_type_says_which()
    {
        var (merge, ours, theirs) = Merge(new { cell_type = "markdown", id = "x", metadata = new { }, source = "text" }, new { cell_type = "raw", id = "x", metadata = new { }, source = "text" }, Code("x", "text"));
        var conflict = Assert.Single(merge.Conflicts, conflict => conflict.Kind == MergeConflictKind.CellType);
        Assert.Contains("A raw cell here, a markdown cell before.", ConflictView.SideHtml(conflict, MergeChoice.Ours, ours, Options), StringComparison.Ordinal);
        Assert.Contains("It is a code cell.", ConflictView.ResultHtml(conflict, MergeChoice.Theirs, theirs, Options), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_conflict_of_real_merges_is_drawn_and_every_choice_gives_a_notebook()
    {
        Assert.SkipUnless(TestData.Shared("notebooks/triples") is not null, "The real merges are not here.");
        var conflicts = 0;
        foreach (var triple in Directory.EnumerateDirectories(TestData.Shared("notebooks/triples")!))
        {
            byte[] Read(string name) => File.Exists(Path.Combine(triple, name)) ? File.ReadAllBytes(Path.Combine(triple, name)) : [];
            var (ours, theirs) = (Read("ours.ipynb"), Read("theirs.ipynb"));
            var merge = NotebookMerge.Of(Read("base.ipynb"), ours, theirs);
            foreach (var choice in Enum.GetValues<MergeChoice>())
            {
                foreach (var conflict in merge.Conflicts)
                {
                    conflicts++;
                    Assert.Contains("nb-conflict", ConflictView.SideHtml(conflict, choice, Notebook.Parse(choice == MergeChoice.Theirs ? theirs : ours), Options), StringComparison.Ordinal);
                    Assert.Contains("nb-conflict", ConflictView.ResultHtml(conflict, choice, Notebook.Parse(ours), Options), StringComparison.Ordinal);
                }

                var merged = Notebook.Parse(merge.Write(merge.Conflicts.ToDictionary(conflict => conflict.Id, _ => choice)));
                Assert.True(merged.State is NotebookState.Ok or NotebookState.Upgraded || merge.Fallback is not null, $"{triple}: {merged.Reason}");
            }
        }

        Assert.True(conflicts > 0);
    }

    private static (NotebookMerge Merge, Notebook Ours, Notebook Theirs) Merge(
        object? old, object? ours, object? theirs, string oldTitle = "t", string ourTitle = "t", string theirTitle = "t")
    {
        var (mine, others) = (Write(ours, ourTitle), Write(theirs, theirTitle));
        return (NotebookMerge.Of(Write(old, oldTitle), mine, others), Notebook.Parse(mine), Notebook.Parse(others));
    }

    private static byte[] Write(object? cell, string title) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                cells = new[] { Code("first", "import one"), cell, Code("last", "print('end of it')") }.Where(one => one is not null),
                metadata = new { title, language_info = new { name = "python" } },
                nbformat = 4,
                nbformat_minor = 5,
            },
            Plain);

    private static JsonSerializerOptions Plain { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static object Prose(string note, string picture) => new
    {
        cell_type = "markdown",
        id = "p",
        metadata = new { name = note },
        source = "![](attachment:a.png)",
        attachments = new Dictionary<string, object> { ["a.png"] = new Dictionary<string, string> { ["image/png"] = Png + picture } },
    };

    private static object Code(string id, string source, string? output = null) => new
    {
        cell_type = "code",
        execution_count = 1,
        id,
        metadata = new { },
        outputs = output is null ? [] : new object[] { new { output_type = "stream", name = "stdout", text = output } },
        source,
    };
}
