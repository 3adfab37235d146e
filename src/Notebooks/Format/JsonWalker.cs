using System.Buffers;

namespace Squero.Notebooks;

/// <summary>
/// Walks JSON in place, value by value, and forgives what people's notebooks contain: missing or doubled commas,
/// NaN literals, an end in the middle. It jumps over strings and subtrees with vector searches, because most of a
/// notebook is base64 that nobody has to look at, and it never recurses, so that depth costs nothing.
/// </summary>
internal ref struct JsonWalker(ReadOnlySpan<byte> json, int start)
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"[]{}"u8);
    private static readonly SearchValues<byte> ScalarEnd = SearchValues.Create(",]} \t\r\n:\""u8);

    private readonly ReadOnlySpan<byte> _json = json;

    /// <summary>Where the walk stands.</summary>
    public int At { get; private set; } = start;

    /// <summary>Where the JSON stopped making sense, or -1.</summary>
    public int BrokenAt { get; private set; } = -1;

    public readonly bool IsBroken => BrokenAt >= 0;

    public bool IsAt(byte first)
    {
        SkipSpace();
        return At < _json.Length && _json[At] == first;
    }

    /// <summary>Steps into the object or array that begins with this bracket.</summary>
    public bool Enter(byte bracket)
    {
        if (!IsAt(bracket))
        {
            return false;
        }

        At++;
        return true;
    }

    /// <summary>The next key of the object stepped into; the walk then stands before its value.</summary>
    public bool NextKey(out JsonSlice key)
    {
        key = default;
        SkipSeparators();
        if (At >= _json.Length)
        {
            return Break();
        }

        if (_json[At] == '}')
        {
            At++;
            return false;
        }

        if (_json[At] != '"')
        {
            return Break();
        }

        key = SkipString();
        if (!IsAt((byte)':'))
        {
            return Break();
        }

        At++;
        return !IsBroken;
    }

    /// <summary>Whether the array stepped into has one more item; the walk then stands before it.</summary>
    public bool NextItem()
    {
        SkipSeparators();
        if (At >= _json.Length)
        {
            return Break();
        }

        if (_json[At] != ']')
        {
            return true;
        }

        At++;
        return false;
    }

    /// <summary>Steps over one value of any kind.</summary>
    public JsonSlice Value()
    {
        SkipSpace();
        if (At >= _json.Length)
        {
            Break();
            return new JsonSlice(_json.Length, _json.Length);
        }

        return _json[At] switch
        {
            (byte)'"' => SkipString(),
            (byte)'{' or (byte)'[' => SkipTree(),
            _ => SkipScalar(),
        };
    }

    private JsonSlice SkipString()
    {
        var start = At;
        var at = At + 1;
        while (true)
        {
            var step = _json[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0 || at + step + 1 >= _json.Length && _json[at + step] == '\\')
            {
                return BreakAtEnd(start);
            }

            at += step;
            if (_json[at] == '"')
            {
                At = at + 1;
                return new JsonSlice(start, At);
            }

            at += 2;
        }
    }

    private JsonSlice SkipTree()
    {
        var start = At;
        var depth = 0;
        do
        {
            var step = _json[At..].IndexOfAny(Structure);
            if (step < 0)
            {
                return BreakAtEnd(start);
            }

            At += step;
            switch (_json[At])
            {
                case (byte)'"':
                    SkipString();
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    At++;
                    break;
                default:
                    depth--;
                    At++;
                    break;
            }
        }
        while (depth > 0 && !IsBroken);
        return new JsonSlice(start, At);
    }

    private JsonSlice SkipScalar()
    {
        var start = At;
        var first = _json[At];
        var plausible = first is >= (byte)'0' and <= (byte)'9' or (byte)'-' or (byte)'+' or (byte)'.'
            or >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z';
        if (!plausible)
        {
            Break();
            return new JsonSlice(start, start);
        }

        var step = _json[At..].IndexOfAny(ScalarEnd);
        At = step < 0 ? _json.Length : At + step;
        return new JsonSlice(start, At);
    }

    private void SkipSpace()
    {
        while (At < _json.Length && _json[At] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            At++;
        }
    }

    private void SkipSeparators()
    {
        while (At < _json.Length && _json[At] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' or (byte)',')
        {
            At++;
        }
    }

    private JsonSlice BreakAtEnd(int start)
    {
        At = _json.Length;
        Break();
        return new JsonSlice(start, _json.Length);
    }

    // Everything after the break is unknown: standing at the end makes every loop over keys and items stop.
    private bool Break()
    {
        if (BrokenAt < 0)
        {
            BrokenAt = Math.Min(At, _json.Length);
        }

        At = _json.Length;
        return false;
    }
}
