namespace Squero.Notebooks;

/// <summary>A widget as its notebook saved it: the names, descriptions and values of its parts as text. Nothing of it is alive.</summary>
internal sealed class WidgetView(ViewPart part)
{
    public const string Mime = "application/vnd.jupyter.widget-view+json";
    private const int MaxParts = 200;
    private const int MaxDepth = 12;
    private const int MaxText = 400;

    /// <summary>What a part may say, in the order in which it is read.</summary>
    private static readonly string[] Told = ["description", "value", "placeholder", "_options_labels", "index", "min", "max", "title", "titles", "label"];

    private int _parts;

    public void Write(MimeValue view, CellOutput output, NotebookSide side)
    {
        var notebook = part.NotebookOf(side);
        var id = Text(view.Json, view.Value, "model_id");
        if (id is null || !notebook.Widgets.ContainsKey(id))
        {
            part.Label("A widget whose state was not saved");
            if (output.Find("text/plain")?.Text() is { Length: > 0 } text)
            {
                part.Paragraph("nb-text", Credentials.Mask(text));
            }

            return;
        }

        part.Label("A widget as it was saved, not alive");
        _parts = 0;
        part.To.Raw("<ul class=\"nb-tree nb-widget\">"u8);
        Model(notebook, id, 0);
        part.To.Raw("</ul>"u8);
    }

    private void Model(Notebook notebook, string id, int depth)
    {
        if (depth > MaxDepth || ++_parts > MaxParts || !notebook.Widgets.TryGetValue(id, out var model))
        {
            return;
        }

        var json = notebook.Json;
        var state = Member(json, model, "state");
        part.To.Raw("<li><span class=\"nb-key\">"u8);
        part.Words((Text(json, model, "model_name") ?? "Widget").Replace("Model", "", StringComparison.Ordinal));
        part.To.Raw("</span> "u8);
        part.Words(Credentials.Mask(Say(json, state)));
        var children = Children(json, state);
        if (children.Count > 0)
        {
            part.To.Raw("<ul>"u8);
            children.ForEach(child => Model(notebook, child, depth + 1));
            part.To.Raw("</ul>"u8);
        }

        part.To.Raw("</li>"u8);
    }

    private static string Say(ReadOnlySpan<byte> json, JsonSlice state)
    {
        var words = new List<string>();
        foreach (var name in Told)
        {
            if (Member(json, state, name) is { IsPresent: true } value && JsonText.Read(json, value) is { Length: > 0 } text && !text.StartsWith("IPY_MODEL_", StringComparison.Ordinal))
            {
                var short_ = text.Length > MaxText ? text[..MaxText] + "…" : text;
                words.Add(name is "description" or "value" ? short_ : $"{name.TrimStart('_').Replace('_', ' ')} {short_}");
            }
        }

        return string.Join(" · ", words);
    }

    private static List<string> Children(ReadOnlySpan<byte> json, JsonSlice state)
    {
        var ids = new List<string>();
        var list = Member(json, state, "children");
        var walker = new JsonWalker(json[..Math.Max(list.End, 0)], list.Start);
        if (list.IsPresent && walker.Enter((byte)'['))
        {
            while (walker.NextItem() && ids.Count < MaxParts)
            {
                var text = JsonText.Read(json, walker.Value());
                if (text.StartsWith("IPY_MODEL_", StringComparison.Ordinal))
                {
                    ids.Add(text["IPY_MODEL_".Length..]);
                }
            }
        }

        return ids;
    }

    private static string? Text(ReadOnlySpan<byte> json, JsonSlice owner, string name) =>
        Member(json, owner, name) is { IsPresent: true } value ? JsonText.Read(json, value) : null;

    private static JsonSlice Member(ReadOnlySpan<byte> json, JsonSlice owner, string name) => JsonMember.Find(json, owner, name);
}
