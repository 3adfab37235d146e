namespace Squero.Notebooks;

/// <summary>Where in a file the list of cells stands: nbformat 4 has it at the top, older ones in a worksheet.</summary>
internal static class CellList
{
    /// <summary>How many lists there are; the format demands one.</summary>
    public static int Count(Notebook notebook) => All(notebook).Count;

    public static JsonPart Of(Notebook notebook) => All(notebook) is [var list, ..] ? list : JsonPart.None;

    private static List<JsonPart> All(Notebook notebook)
    {
        var found = new List<JsonPart>();
        foreach (var (name, value) in Whole(notebook).Members())
        {
            if (name == "cells" && value.IsList)
            {
                found.Add(value);
            }
            else if (name == "worksheets")
            {
                found.AddRange(value.Items().SelectMany(sheet => sheet.Members()).Where(member => member is { Name: "cells", Value.IsList: true }).Select(member => member.Value));
            }
        }

        return found;
    }

    /// <summary>The outermost object.</summary>
    public static JsonPart Whole(Notebook notebook)
    {
        var walker = new JsonWalker(notebook.Json, notebook.Json.StartsWith("\uFEFF"u8) ? 3 : 0);
        return notebook.Json.IsEmpty ? JsonPart.None : new JsonPart(notebook.Bytes, walker.Value());
    }
}
