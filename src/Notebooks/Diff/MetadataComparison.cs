namespace Squero.Notebooks;

/// <summary>Tells metadata that people set (tags, slides) from what tools write by themselves at every run.</summary>
internal static class MetadataComparison
{
    /// <summary>Keys that tools do not set by themselves.</summary>
    internal static readonly HashSet<string> WrittenByPeople = new(StringComparer.Ordinal)
    {
        "tags", "name", "slideshow", "jupyter", "editable", "deletable", "format", "init_cell", "raw_mimetype", "nbsphinx",
        "hide_input", "hide_output", "solution", "solution2", "nbgrader", "cellView", "papermill_parameters", "dotnet_interactive", "polyglot_notebook", "vscode",
    };

    /// <summary>Nobody writes to it.</summary>
    private static readonly List<string> None = [];

    public static (List<string> Meant, bool Noise) Between(Cell before, Cell after)
    {
        if (JsonMeaning.Same(before.Json, before.MetadataSlice, after.Json, after.MetadataSlice))
        {
            return (None, false);
        }

        var meant = new List<string>();
        var noise = false;
        var old = Members(before);
        var now = Members(after);
        foreach (var key in old.Keys.Union(now.Keys, StringComparer.Ordinal))
        {
            if (JsonMeaning.Same(before.Json, old.GetValueOrDefault(key), after.Json, now.GetValueOrDefault(key)))
            {
                continue;
            }

            if (WrittenByPeople.Contains(key))
            {
                meant.Add(key);
            }
            else
            {
                noise = true;
            }
        }

        return (meant, noise);
    }

    private static Dictionary<string, JsonSlice> Members(Cell cell)
    {
        var members = new Dictionary<string, JsonSlice>(StringComparer.Ordinal);
        if (cell.MetadataSlice.IsPresent)
        {
            var walker = new JsonWalker(cell.Json[..cell.MetadataSlice.End], cell.MetadataSlice.Start);
            walker.Enter((byte)'{');
            while (walker.NextKey(out var key))
            {
                members[JsonText.ReadString(cell.Json, key)] = walker.Value();
            }
        }

        return members;
    }
}
