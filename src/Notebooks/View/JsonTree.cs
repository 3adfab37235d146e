using System.Text;

namespace Squero.Notebooks;

/// <summary>JSON as a tree that folds, and as lines that can be compared. Forgives what the reader of notebooks forgives.</summary>
internal sealed class JsonTree(ViewPart part)
{
    private const int MaxNodes = 3_000;
    private const int MaxDepth = 40;
    private const int MaxText = 2_000;
    private const int OpenDepth = 1;
    private int _nodes;

    public void Write(MimeValue value)
    {
        _nodes = 0;
        part.To.Raw("<ul class=\"nb-tree\">"u8);
        Node(value.Json, value.Value, null, 0);
        part.To.Raw("</ul>"u8);
        if (_nodes > MaxNodes)
        {
            part.Label($"Only the first {ViewPart.Count(MaxNodes, "value")} are shown");
        }
    }

    /// <summary>One member or item a line, indented: what a line diff compares.</summary>
    public static string[] Lines(MimeValue value)
    {
        var lines = new List<string>();
        Indent(value.Json, value.Value, "", 0, lines);
        return [.. lines];
    }

    private void Node(ReadOnlySpan<byte> json, JsonSlice value, string? key, int depth)
    {
        if (++_nodes > MaxNodes)
        {
            return;
        }

        part.To.Raw("<li>"u8);
        var isTree = value.IsPresent && json[value.Start] is (byte)'{' or (byte)'[';
        if (!isTree || depth >= MaxDepth)
        {
            Key(key);
            Scalar(json, value);
        }
        else
        {
            Branch(json, value, key, depth);
        }

        part.To.Raw("</li>"u8);
    }

    private void Branch(ReadOnlySpan<byte> json, JsonSlice value, string? key, int depth)
    {
        var isObject = json[value.Start] == '{';
        var count = Count(json, value);
        part.To.Raw(depth < OpenDepth ? "<details open><summary>"u8 : "<details><summary>"u8);
        Key(key);
        part.Words(isObject ? $"{{ {ViewPart.Count(count, "key")} }}" : $"[ {ViewPart.Count(count, "item")} ]");
        part.To.Raw("</summary><ul>"u8);
        var walker = new JsonWalker(json[..value.End], value.Start);
        walker.Enter(json[value.Start]);
        if (isObject)
        {
            while (_nodes <= MaxNodes && walker.NextKey(out var name))
            {
                Node(json, walker.Value(), JsonText.ReadString(json, name), depth + 1);
            }
        }
        else
        {
            while (_nodes <= MaxNodes && walker.NextItem())
            {
                Node(json, walker.Value(), null, depth + 1);
            }
        }

        part.To.Raw("</ul></details>"u8);
    }

    private void Key(string? key)
    {
        if (key is not null)
        {
            part.To.Raw("<span class=\"nb-key\">"u8);
            part.Words(key);
            part.To.Raw("</span> "u8);
        }
    }

    private void Scalar(ReadOnlySpan<byte> json, JsonSlice value)
    {
        var isText = value.IsPresent && json[value.Start] == '"';
        var text = isText ? JsonText.ReadString(json, value) : Encoding.UTF8.GetString(value.Of(json)[..Math.Min(value.Length, MaxText)]);
        part.To.Raw(isText ? "<span class=\"nb-string\">"u8 : "<span class=\"nb-scalar\">"u8);
        part.Words(text.Length > MaxText ? text[..MaxText] + "…" : text);
        part.To.Raw("</span>"u8);
    }

    private static int Count(ReadOnlySpan<byte> json, JsonSlice value)
    {
        var count = 0;
        var walker = new JsonWalker(json[..value.End], value.Start);
        if (walker.Enter((byte)'{'))
        {
            for (; walker.NextKey(out _); count++)
            {
                walker.Value();
            }
        }
        else if (walker.Enter((byte)'['))
        {
            for (; walker.NextItem(); count++)
            {
                walker.Value();
            }
        }

        return count;
    }

    private static void Indent(ReadOnlySpan<byte> json, JsonSlice value, string before, int depth, List<string> to)
    {
        if (to.Count > MaxNodes)
        {
            return;
        }

        var indent = new string(' ', depth * 2);
        var first = value.IsPresent ? json[value.Start] : (byte)' ';
        if (first is not ((byte)'{' or (byte)'[') || depth >= MaxDepth)
        {
            to.Add(indent + before + Encoding.UTF8.GetString(value.Of(json)));
            return;
        }

        to.Add(indent + before + (char)first);
        var walker = new JsonWalker(json[..value.End], value.Start);
        walker.Enter(first);
        while (to.Count <= MaxNodes && first == '{' && walker.NextKey(out var key))
        {
            Indent(json, walker.Value(), JsonText.ReadString(json, key) + ": ", depth + 1, to);
        }

        while (to.Count <= MaxNodes && first == '[' && walker.NextItem())
        {
            Indent(json, walker.Value(), "", depth + 1, to);
        }

        to.Add(indent + (first == '{' ? '}' : ']'));
    }
}
