using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// Rewrites a notebook of nbformat 2 or 3 in the words of nbformat 4, as Jupyter does when it opens one: sides of a merge
/// must speak of cells and outputs in the same words.
/// </summary>
internal static class FormatUpgrade
{
    private static readonly JsonStyle Compact = new("", "", ":", ",", new JsonEscapes(false, "", false));

    private static readonly Dictionary<string, string> Mimes = new(StringComparer.Ordinal)
    {
        ["text"] = "text/plain",
        ["html"] = "text/html",
        ["svg"] = "image/svg+xml",
        ["png"] = "image/png",
        ["jpeg"] = "image/jpeg",
        ["latex"] = "text/latex",
        ["json"] = "application/json",
        ["javascript"] = "application/javascript",
    };

    /// <summary>Laid out as the file is; null when it is nested too deep.</summary>
    public static byte[]? ToFour(Notebook notebook)
    {
        var whole = new JsonObjectEdit(CellList.Whole(notebook), Compact, "");
        foreach (var gone in new[] { "worksheets", "orig_nbformat", "orig_nbformat_minor" })
        {
            whole.Remove(gone);
        }

        var metadata = new JsonObjectEdit(whole["metadata"], Compact, "");
        metadata.Remove("name");
        metadata.Remove("signature");
        whole.Set("metadata", JsonPart.Of(metadata.ToArray()));
        whole.Set("cells", List(CellList.Of(notebook).Items().ConvertAll(Cell)));
        whole.Set("nbformat", Value("4"));
        whole.Set("nbformat_minor", Value("0"));
        return JsonRestyle.Rewrite(whole.ToArray(), PatchStyle.Of(notebook.Json));
    }

    private static JsonPart Cell(JsonPart cell)
    {
        var edit = new JsonObjectEdit(cell, Compact, "");
        var type = Text(edit["cell_type"]);
        var metadata = new JsonObjectEdit(edit["metadata"], Compact, "");
        if (type == "code")
        {
            Move(edit, "input", "source");
            Move(edit, "prompt_number", "execution_count");
            if (edit.Has("collapsed"))
            {
                metadata.Set("collapsed", edit["collapsed"]);
            }

            edit.Set("outputs", List(edit["outputs"].Items().ConvertAll(Output)));
            edit.Remove("collapsed");
            edit.Remove("language");
        }
        else if (type is "heading" or "html")
        {
            edit.Set("cell_type", Quoted("markdown"));
            if (type == "heading")
            {
                var level = edit["level"] is { IsPresent: true } digits && int.TryParse(digits.Bytes.Span, out var depth) ? Math.Clamp(depth, 1, 6) : 1;
                edit.Set("source", Quoted(new string('#', level) + " " + Text(edit["source"]).Replace('\n', ' ')));
                edit.Remove("level");
            }
        }

        edit.Set("metadata", JsonPart.Of(metadata.ToArray()));
        return JsonPart.Of(edit.ToArray());
    }

    private static JsonPart Output(JsonPart output)
    {
        var edit = new JsonObjectEdit(output, Compact, "");
        switch (Text(edit["output_type"]))
        {
            case "stream":
                Move(edit, "stream", "name");
                edit.Set("name", edit["name"].IsPresent ? edit["name"] : Quoted("stdout"));
                break;
            case "pyerr":
                edit.Set("output_type", Quoted("error"));
                break;
            case "pyout":
                edit.Set("output_type", Quoted("execute_result"));
                Move(edit, "prompt_number", "execution_count");
                edit.Set("execution_count", edit["execution_count"].IsPresent ? edit["execution_count"] : Value("null"));
                Bundle(edit, output);
                break;
            case "display_data":
                Bundle(edit, output);
                break;
        }

        return JsonPart.Of(edit.ToArray());
    }

    /// <summary>The forms of an output stood beside its other members.</summary>
    private static void Bundle(JsonObjectEdit edit, JsonPart output)
    {
        var data = new JsonObjectEdit(JsonPart.None, Compact, "");
        foreach (var (name, value) in output.Members().Where(member => member.Name is not ("output_type" or "execution_count" or "prompt_number" or "metadata")))
        {
            var written = name == "json" && Encoding.UTF8.GetBytes(Text(value)) is var json && JsonCheck.IsWhole(json) ? JsonPart.Of(json) : value;
            data.Set(Mimes.GetValueOrDefault(name, name), written);
            edit.Remove(name);
        }

        edit.Set("data", JsonPart.Of(data.ToArray()));
        edit.Set("metadata", edit["metadata"].IsObject ? edit["metadata"] : Value("{}"));
    }

    private static void Move(JsonObjectEdit edit, string from, string to)
    {
        if (edit[from] is { IsPresent: true } value)
        {
            edit.Remove(from);
            edit.Set(to, value);
        }
    }

    private static string Text(JsonPart value) => JsonText.Read(value.File.Span, value.Where);

    private static JsonPart List(List<JsonPart> items) => JsonPart.Of(ListText.Write(items.ConvertAll(item => item.Bytes), Compact, ""));

    private static JsonPart Quoted(string text) => JsonPart.Of(Compact.Escapes.Quote(text));

    private static JsonPart Value(string json) => JsonPart.Of(Encoding.ASCII.GetBytes(json));
}
