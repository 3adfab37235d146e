using System.Buffers;
using System.Text.Unicode;

namespace Squero.Notebooks;

/// <summary>
/// Whether a file is whole JSON as Python reads it (NaN and Infinity included). What is copied from such a file into
/// another one stays valid; the walker by itself forgives too much to know.
/// </summary>
internal ref struct JsonCheck
{
    private const int MaxDepth = 10_000;
    private static readonly SearchValues<byte> StringStop = SearchValues.Create([.. Enumerable.Range(0, 32).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _json;
    private int _at;

    private JsonCheck(ReadOnlySpan<byte> json) => _json = json;

    public static bool IsWhole(ReadOnlySpan<byte> file)
    {
        var json = file.StartsWith("\uFEFF"u8) ? file[3..] : file;
        return Utf8.IsValid(json) && new JsonCheck(json).Document();
    }

    private bool Document()
    {
        var open = new Stack<bool>();
        while (true)
        {
            Space();
            var began = Value(open);
            if (began is null)
            {
                return false;
            }

            // A bracket was opened: its first member or item comes next.
            if (began == true)
            {
                continue;
            }

            while (open.Count > 0 && Closes(open.Peek()))
            {
                open.Pop();
            }

            if (open.Count == 0)
            {
                Space();
                return _at == _json.Length;
            }

            if (!Take((byte)',') || open.Peek() && !Key())
            {
                return false;
            }
        }
    }

    /// <summary>True when it opened something that is not empty, false when the value is over, null when there is none.</summary>
    private bool? Value(Stack<bool> open)
    {
        if (_at >= _json.Length)
        {
            return null;
        }

        var first = _json[_at];
        if (first is (byte)'{' or (byte)'[')
        {
            _at++;
            var isObject = first == '{';
            if (Closes(isObject))
            {
                return false;
            }

            open.Push(isObject);
            return open.Count > MaxDepth || isObject && !Key() ? null : true;
        }

        return (first == '"' ? Text() : Word() || Number()) ? false : null;
    }

    private bool Key()
    {
        Space();
        return Text() && Take((byte)':');
    }

    private bool Closes(bool isObject) => Take(isObject ? (byte)'}' : (byte)']');

    private bool Take(byte wanted)
    {
        Space();
        if (_at >= _json.Length || _json[_at] != wanted)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool Text()
    {
        if (_at >= _json.Length || _json[_at] != '"')
        {
            return false;
        }

        _at++;
        while (true)
        {
            var step = _json[_at..].IndexOfAny(StringStop);
            if (step < 0)
            {
                return false;
            }

            _at += step + 1;
            switch (_json[_at - 1])
            {
                case (byte)'"':
                    return true;
                case (byte)'\\' when Escape():
                    break;
                default:
                    return false;
            }
        }
    }

    private bool Escape()
    {
        if (_at >= _json.Length)
        {
            return false;
        }

        var letter = _json[_at++];
        if (letter != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(letter);
        }

        for (var i = 0; i < 4; i++)
        {
            if (_at >= _json.Length || !char.IsAsciiHexDigit((char)_json[_at++]))
            {
                return false;
            }
        }

        return true;
    }

    private bool Word() => Is("true"u8) || Is("false"u8) || Is("null"u8) || Is("NaN"u8) || Is("Infinity"u8) || Is("-Infinity"u8);

    private bool Is(ReadOnlySpan<byte> word)
    {
        var there = _json[_at..].StartsWith(word);
        _at += there ? word.Length : 0;
        return there;
    }

    private bool Number()
    {
        _at += _at < _json.Length && _json[_at] == '-' ? 1 : 0;
        var zero = _at < _json.Length && _json[_at] == '0';
        var digits = Digits();
        if (digits == 0 || zero && digits > 1)
        {
            return false;
        }

        if (_at < _json.Length && _json[_at] == '.')
        {
            _at++;
            if (Digits() == 0)
            {
                return false;
            }
        }

        if (_at >= _json.Length || _json[_at] is not ((byte)'e' or (byte)'E'))
        {
            return true;
        }

        _at++;
        _at += _at < _json.Length && _json[_at] is (byte)'+' or (byte)'-' ? 1 : 0;
        return Digits() > 0;
    }

    private int Digits()
    {
        var start = _at;
        while (_at < _json.Length && char.IsAsciiDigit((char)_json[_at]))
        {
            _at++;
        }

        return _at - start;
    }

    private void Space()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _at++;
        }
    }
}
