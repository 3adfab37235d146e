using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

/// <summary>A source written as a list, mostly of one text a line. Items that no change touches keep their bytes.</summary>
internal readonly ref struct SourceList
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly JsonSlice _value;
    private readonly JsonStyle _style;
    private readonly List<Item> _items = [];
    private readonly byte[] _open;
    private readonly byte[] _between;
    private readonly byte[] _close;

    public SourceList(ReadOnlySpan<byte> json, JsonSlice value, JsonStyle style)
    {
        _json = json;
        _value = value;
        _style = style;
        var walker = new JsonWalker(json[..value.End], value.Start);
        walker.Enter((byte)'[');
        var end = 0;
        while (walker.NextItem())
        {
            var where = walker.Value();
            var text = JsonText.ReadString(json, where);
            _items.Add(new Item(where, end, text));
            end += text.Length;
        }

        var indent = JsonStyle.IndentAt(json, value.Start);
        _open = Encoding.ASCII.GetBytes(style.Break(indent + style.Indent));
        _close = Encoding.ASCII.GetBytes(style.Break(indent));
        _between = [.. Encoding.ASCII.GetBytes(style.Comma), .. _open];
        if (_items.Count > 0)
        {
            _open = json[(value.Start + 1).._items[0].Where.Start].ToArray();
            _close = json[_items[^1].Where.End..(value.End - 1)].ToArray();
            _between = _items.Count > 1 ? json[_items[0].Where.End.._items[1].Where.Start].ToArray()
                : _open.Length > 0 ? [(byte)',', .. _open] : _between;
        }
    }

    public byte[] Rewrite(IReadOnlyList<TextSpan> spans)
    {
        var written = new List<Written>();
        var next = 0;
        for (var i = 0; i < spans.Count;)
        {
            var (from, to) = Touched(spans[i], next);
            var last = i + 1;
            while (last < spans.Count && Touched(spans[last], next) is var other && other.From < to)
            {
                to = Math.Max(to, other.To);
                last++;
            }

            Keep(next, from, written);
            Write(from, to, spans.Skip(i).Take(last - i), written);
            (next, i) = (to, last);
        }

        Keep(next, _items.Count, written);
        return Join(written);
    }

    /// <summary>The items that a change lies in; none when it puts whole lines between two of them.</summary>
    private (int From, int To) Touched(TextSpan span, int least)
    {
        var from = least;
        while (from < _items.Count && _items[from].End <= span.Start)
        {
            from++;
        }

        var atLineStart = from == 0 || _items[from - 1].Text.EndsWith('\n');
        if (from == _items.Count)
        {
            return atLineStart ? (from, from) : (from - 1, from);
        }

        if (span.Start == span.End && span.Start == _items[from].Start && span.Text.EndsWith('\n') && atLineStart)
        {
            return (from, from);
        }

        var to = from + 1;
        while (to < _items.Count && _items[to].Start < span.End)
        {
            to++;
        }

        // The last replaced line was empty: its line feed is an item of its own.
        var open = span.Text.Length > 0 && !span.Text.EndsWith('\n') && to < _items.Count && _items[to].Start == span.End;
        return (from, open ? to + 1 : to);
    }

    private void Keep(int from, int to, List<Written> written)
    {
        for (var i = from; i < to; i++)
        {
            written.Add(new Written(_json[_items[i].Where.Start.._items[i].Where.End].ToArray(), i));
        }
    }

    private void Write(int from, int to, IEnumerable<TextSpan> spans, List<Written> written)
    {
        if (to == from + 1 && _items[from] is { HasLines: true } whole)
        {
            var inside = spans.Select(span => new TextSpan(span.Start - whole.Start, span.End - whole.Start, span.Text)).ToList();
            written.Add(new Written(SourceWriter.InString(_json, whole.Where, inside, _style), -1));
            return;
        }

        var old = string.Concat(_items.Skip(from).Take(to - from).Select(item => item.Text));
        var shift = from < to ? _items[from].Start : spans.First().Start;
        var text = SourceWriter.Replace(old, spans, shift);
        for (var at = 0; at < text.Length;)
        {
            var line = text.IndexOf('\n', at);
            var end = line < 0 ? text.Length : line + 1;
            written.Add(new Written(_style.Escapes.Quote(text.AsSpan(at, end - at)), -1));
            at = end;
        }
    }

    private byte[] Join(List<Written> written)
    {
        if (written.Count == 0)
        {
            return "[]"u8.ToArray();
        }

        var to = new ArrayBufferWriter<byte>(_value.Length + 64);
        to.Write("["u8);
        to.Write(_open);
        for (var i = 0; i < written.Count; i++)
        {
            if (i > 0)
            {
                var (one, other) = (written[i - 1].Item, written[i].Item);
                to.Write(one >= 0 && other == one + 1 ? _json[_items[one].Where.End.._items[other].Where.Start] : _between);
            }

            to.Write(written[i].Bytes);
        }

        to.Write(_close);
        to.Write("]"u8);
        return to.WrittenSpan.ToArray();
    }

    private readonly record struct Item(JsonSlice Where, int Start, string Text)
    {
        public int End => Start + Text.Length;

        public bool HasLines => Text.IndexOf('\n') is >= 0 and var at && at < Text.Length - 1;
    }

    private readonly record struct Written(byte[] Bytes, int Item);
}
