using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Sets and removes members of one JSON object; the bytes of the others, and the layout, stay.</summary>
internal sealed class JsonObjectEdit
{
    private readonly JsonPart _owner;
    private readonly JsonStyle _style;
    private readonly List<Member> _members = [];
    private readonly bool _sorted;
    private readonly byte[] _open;
    private readonly byte[] _between;
    private readonly byte[] _close;

    /// <param name="owner">What is no object counts as an empty one.</param>
    /// <param name="style">The layout where the object gives no example.</param>
    /// <param name="indent">The indentation of the line on which an empty object stands.</param>
    public JsonObjectEdit(JsonPart owner, JsonStyle style, string? indent = null)
    {
        _owner = owner;
        _style = style;
        var json = owner.File.Span;
        if (owner.IsObject)
        {
            var walker = new JsonWalker(json[..owner.Where.End], owner.Where.Start);
            walker.Enter((byte)'{');
            while (walker.NextKey(out var key))
            {
                _members.Add(new Member(JsonText.ReadString(json, key), key, walker.Value(), _members.Count));
            }
        }

        indent ??= owner.IsPresent ? JsonStyle.IndentAt(json, owner.Where.Start) : "";
        _open = Encoding.ASCII.GetBytes(style.Break(indent + style.Indent));
        _close = Encoding.ASCII.GetBytes(style.Break(indent));
        _between = [.. Encoding.ASCII.GetBytes(style.Comma), .. _open];
        _sorted = _members.Count < 2 || _members.Zip(_members.Skip(1)).All(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0);
        if (_members.Count > 0)
        {
            _open = json[(owner.Where.Start + 1).._members[0].Key.Start].ToArray();
            _close = json[_members[^1].Value.End..(owner.Where.End - 1)].ToArray();
            _between = _members.Count > 1 ? json[_members[0].Value.End.._members[1].Key.Start].ToArray()
                : _style.IsIndented ? [(byte)',', .. _open] : _between;
        }
    }

    public bool IsChanged { get; private set; }

    public bool Has(string name) => _members.Exists(member => member.Name == name);

    public JsonPart this[string name] => _members.FindLast(member => member.Name == name) is { } found
        ? found.With ?? new JsonPart(_owner.File, found.Value)
        : JsonPart.None;

    public void Set(string name, JsonPart value)
    {
        IsChanged = true;
        var at = _members.FindLastIndex(member => member.Name == name);
        if (at >= 0)
        {
            _members[at] = _members[at] with { With = value };
            return;
        }

        var place = _sorted ? _members.FindIndex(member => string.CompareOrdinal(member.Name, name) > 0) : -1;
        _members.Insert(place < 0 ? _members.Count : place, new Member(name, default, default, -1) { With = value });
    }

    public void Remove(string name) => IsChanged |= _members.RemoveAll(member => member.Name == name) > 0;

    public byte[] ToArray()
    {
        if (_members.Count == 0)
        {
            return "{}"u8.ToArray();
        }

        var json = _owner.File.Span;
        var to = new ArrayBufferWriter<byte>(_owner.Where.Length + 64);
        to.Write("{"u8);
        to.Write(_open);
        for (var i = 0; i < _members.Count; i++)
        {
            var member = _members[i];
            if (i > 0)
            {
                var before = _members[i - 1];
                to.Write(member.Seat > 0 && before.Seat == member.Seat - 1 ? json[before.Value.End..member.Key.Start] : _between);
            }

            if (member.Seat >= 0)
            {
                to.Write(json[member.Key.Start..member.Value.Start]);
            }
            else
            {
                to.Write(_style.Escapes.Quote(member.Name));
                to.Write(Encoding.ASCII.GetBytes(_style.Colon));
            }

            to.Write(member.With is { } value ? value.Bytes.Span : member.Value.Of(json));
        }

        to.Write(_close);
        to.Write("}"u8);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>Seat is its place in the file, -1 of a new one.</summary>
    private sealed record Member(string Name, JsonSlice Key, JsonSlice Value, int Seat)
    {
        public JsonPart? With { get; init; }
    }
}
