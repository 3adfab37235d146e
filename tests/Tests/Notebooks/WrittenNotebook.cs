using System.Globalization;
using System.Text;

namespace Squero.Tests.Notebooks;

/// <summary>A notebook written in one of the styles that tools write; the expected bytes of an edit come from it.</summary>
internal sealed record WrittenNotebook(IReadOnlyList<WrittenCell> Cells)
{
    public string Indent { get; init; } = " ";

    public bool Compact { get; init; }

    public bool SourceAsText { get; init; }

    public bool Ascii { get; init; }

    public bool HtmlSafe { get; init; }

    public bool SourceFirst { get; init; }

    public string NewLine { get; init; } = "\n";

    public string End { get; init; } = "\n";

    public byte[] Bytes()
    {
        var to = new StringBuilder();
        Object(to, "", [("cells", (text, indent) => List(text, indent, [.. Cells.Select(cell => (Part)((t, i) => Cell(t, i, cell)))])), ("metadata", (text, indent) => Object(text, indent,
            [("language_info", (t, i) => Object(t, i, [("name", (u, _) => u.Append(Quote("python")))])), ("note", (t, _) => t.Append(Quote("naïve < café")))])),
            ("nbformat", (text, _) => text.Append('4')), ("nbformat_minor", (text, _) => text.Append('5'))]);
        return Encoding.UTF8.GetBytes(to.Append(End).ToString());
    }

    private delegate void Part(StringBuilder to, string indent);

    private void Cell(StringBuilder to, string indent, WrittenCell cell)
    {
        (string, Part) source = ("source", (text, inner) => Source(text, inner, cell.Source));
        var members = new List<(string, Part)>
        {
            ("cell_type", (text, _) => text.Append(Quote(cell.IsCode ? "code" : "markdown"))),
            ("id", (text, _) => text.Append(Quote(cell.Id))),
            ("metadata", (text, inner) => Object(text, inner, [])),
        };
        if (cell.IsCode)
        {
            members.Insert(1, ("execution_count", (text, _) => text.Append("null")));
            members.Add(("outputs", (text, inner) => List(text, inner, [])));
        }

        members.Insert(SourceFirst ? 0 : members.Count, source);
        Object(to, indent, members);
    }

    private void Source(StringBuilder to, string indent, string source)
    {
        if (SourceAsText)
        {
            to.Append(Quote(source));
            return;
        }

        var lines = source.Split('\n').Select((line, i) => (Line: line, Last: i == source.Count(c => c == '\n'))).Select(line => line.Last ? line.Line : line.Line + "\n");
        List(to, indent, [.. lines.Where(line => line.Length > 0).Select(line => (Part)((text, _) => text.Append(Quote(line))))]);
    }

    private void Object(StringBuilder to, string indent, IReadOnlyList<(string Key, Part Value)> members) =>
        Nested(to, indent, '{', '}', [.. members.Select(member => (Part)((text, inner) => member.Value(text.Append(Quote(member.Key)).Append(": "), inner)))]);

    private void List(StringBuilder to, string indent, IReadOnlyList<Part> items) => Nested(to, indent, '[', ']', items);

    private void Nested(StringBuilder to, string indent, char open, char close, IReadOnlyList<Part> parts)
    {
        to.Append(open);
        for (var i = 0; i < parts.Count; i++)
        {
            to.Append(i == 0 ? "" : Compact ? ", " : ",").Append(Compact ? "" : NewLine + indent + Indent);
            parts[i](to, indent + Indent);
        }

        to.Append(parts.Count == 0 || Compact ? "" : NewLine + indent).Append(close);
    }

    private string Quote(string text)
    {
        var to = new StringBuilder("\"");
        foreach (var c in text)
        {
            to.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                '<' or '>' when HtmlSafe => Code(c),
                < ' ' => Code(c),
                > '~' when Ascii => Code(c),
                _ => c.ToString(),
            });
        }

        return to.Append('"').ToString();
    }

    private static string Code(char c) => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture);
}

internal sealed record WrittenCell(string Id, bool IsCode, string Source);
