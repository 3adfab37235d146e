using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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

    private static readonly Vector256<byte> Quotes = Vector256.Create((byte)'"');
    private static readonly Vector256<byte> Escapes = Vector256.Create((byte)'\\');

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
        var end = EndOfString(start + 1);
        if (end < 0)
        {
            return BreakAtEnd(start);
        }

        At = end;
        return new JsonSlice(start, end);
    }

    /// <summary>
    /// Behind the quote that closes the string, or -1. Looks at 32 bytes at once and takes every escape in them from one
    /// mask: source is full of \n and \", and a search begun anew behind each costs more than the text.
    /// </summary>
    private readonly int EndOfString(int at)
    {
        ref var json = ref MemoryMarshal.GetReference(_json);
        while (at + Vector256<byte>.Count <= _json.Length)
        {
            var block = Vector256.LoadUnsafe(ref json, (nuint)at);
            var marks = (Vector256.Equals(block, Quotes) | Vector256.Equals(block, Escapes)).ExtractMostSignificantBits();
            var next = at + Vector256<byte>.Count;
            while (marks != 0)
            {
                var step = BitOperations.TrailingZeroCount(marks);
                if (Unsafe.Add(ref json, at + step) == '"')
                {
                    return at + step + 1;
                }

                // The escaped sign may be the first of the next block.
                next = Math.Max(next, at + step + 2);
                marks &= step >= 30 ? 0 : uint.MaxValue << (step + 2);
            }

            at = next;
        }

        for (; at < _json.Length && _json[at] != '"'; at++)
        {
            at += _json[at] == '\\' ? 1 : 0;
        }

        return at < _json.Length ? at + 1 : -1;
    }

    private JsonSlice SkipTree()
    {
        var start = At;
        var depth = 0;
        do
        {
            switch (At < _json.Length ? _json[At] : 0)
            {
                case (byte)'"':
                    SkipString();
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    At++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    At++;
                    break;
                case (byte)' ' or (byte)'\n' or (byte)',' or (byte)':':
                    At++;
                    break;
                default:
                    var step = _json[At..].IndexOfAny(Structure);
                    if (step < 0)
                    {
                        return BreakAtEnd(start);
                    }

                    At += step;
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
