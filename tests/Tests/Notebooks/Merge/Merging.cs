using System.Text;
using System.Text.Json.Nodes;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>Merges of small notebooks, and what tests ask of them.</summary>
internal static class Merging
{
    public static NotebookMerge Of(JsonObject[] old, JsonObject[] ours, JsonObject[] theirs) => NotebookMerge.Of(Made.Bytes(old), Made.Bytes(ours), Made.Bytes(theirs));

    /// <summary>The result, which must be valid whatever was merged.</summary>
    public static Notebook Result(this NotebookMerge merge, MergeChoice? choice = null) => Result(merge, merge.Conflicts.ToDictionary(conflict => conflict.Id, _ => choice ?? MergeChoice.Ours), choice is null);

    public static string[] Sources(this NotebookMerge merge, MergeChoice? choice = null) => [.. merge.Result(choice).Cells.Select(cell => cell.Source)];

    public static JsonNode Json(this NotebookMerge merge) => JsonNode.Parse(merge.Write().Span)!;

    public static string Text(this NotebookMerge merge) => Encoding.UTF8.GetString(merge.Write().Span);

    private static Notebook Result(NotebookMerge merge, Dictionary<string, MergeChoice> choices, bool unsettled)
    {
        Assert.Null(merge.Fallback);
        Assert.Equal(merge.Conflicts.Count, choices.Count);
        var written = merge.Write(unsettled ? null : choices);
        Assert.Null(MergeCheck.Objection(written));
        return Notebook.Parse(written);
    }
}
