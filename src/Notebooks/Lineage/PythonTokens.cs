namespace Squero.Notebooks;

internal enum PythonTokenKind
{
    Name,
    Number,
    Text,
    Sign,
}

/// <summary>Depth counts the brackets around it; a text has lost its quotes.</summary>
internal readonly record struct PythonToken(PythonTokenKind Kind, string Text, int Line, int Depth)
{
    public bool Is(string sign) => Kind == PythonTokenKind.Sign && Text == sign;

    public bool IsWord(string word) => Kind == PythonTokenKind.Name && Text == word;

    public bool Opens => Kind == PythonTokenKind.Sign && Text is "(" or "[" or "{";

    public bool Closes => Kind == PythonTokenKind.Sign && Text is ")" or "]" or "}";
}

/// <summary>
/// Cuts one line of Python, continued over brackets, backslashes and long texts, into tokens. Forgives everything: a
/// notebook may hold half a statement.
/// </summary>
internal sealed class PythonTokens
{
    private const int MaxNesting = 8;

    private static readonly string[] Signs = ["**=", "//=", ">>=", "<<=", "...", ":=", "==", "!=", "<=", ">=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "**", "//", ">>", "<<"];

    private readonly string _source;
    private readonly int _nesting;
    private readonly List<PythonToken> _tokens = [];
    private int _line;
    private int _depth;

    private PythonTokens(string source, int line, int nesting)
    {
        _source = source;
        _line = line;
        _nesting = nesting;
    }

    /// <summary>The tokens from a place up to the end of the logical line; the place moves behind it.</summary>
    public static List<PythonToken> OfLine(string source, ref int at, ref int line)
    {
        var tokens = new PythonTokens(source, line, 0);
        at = tokens.Read(at);
        line = tokens._line;
        return tokens._tokens;
    }

    private int Read(int at)
    {
        while (at < _source.Length)
        {
            var c = _source[at];
            if (c == '\n')
            {
                _line++;
                at++;
                if (_depth == 0)
                {
                    return at;
                }
            }
            else if (c == '\\' && at + 1 < _source.Length && _source[at + 1] == '\n')
            {
                _line++;
                at += 2;
            }
            else if (c == '#')
            {
                at = _source.IndexOf('\n', at) is >= 0 and var end ? end : _source.Length;
            }
            else
            {
                at = char.IsWhiteSpace(c) ? at + 1 : Token(at);
            }
        }

        return at;
    }

    private int Token(int at)
    {
        var c = _source[at];
        if (char.IsAsciiDigit(c))
        {
            return While(at, PythonTokenKind.Number, next => char.IsAsciiLetterOrDigit(next) || next is '.' or '_');
        }

        if (c is '"' or '\'')
        {
            return Text(at, "");
        }

        if (char.IsLetter(c) || c == '_')
        {
            var end = at;
            while (end < _source.Length && (char.IsLetterOrDigit(_source[end]) || _source[end] == '_'))
            {
                end++;
            }

            var prefix = end - at <= 2 && end < _source.Length && _source[end] is '"' or '\'' ? _source[at..end].ToLowerInvariant() : null;
            if (prefix is not null && prefix.All("rbfut".Contains))
            {
                return Text(end, prefix);
            }

            Add(PythonTokenKind.Name, _source[at..end]);
            return end;
        }

        var sign = Array.Find(Signs, sign => string.CompareOrdinal(_source, at, sign, 0, sign.Length) == 0) ?? c.ToString();
        Sign(sign);
        return at + sign.Length;
    }

    private void Sign(string sign)
    {
        _depth -= sign is ")" or "]" or "}" && _depth > 0 ? 1 : 0;
        Add(PythonTokenKind.Sign, sign);
        _depth += sign is "(" or "[" or "{" ? 1 : 0;
    }

    private int While(int at, PythonTokenKind kind, Func<char, bool> belongs)
    {
        var end = at;
        while (end < _source.Length && belongs(_source[end]))
        {
            end++;
        }

        Add(kind, _source[at..end]);
        return end;
    }

    private int Text(int at, string prefix)
    {
        var quote = _source[at];
        var isLong = at + 2 < _source.Length && _source[at + 1] == quote && _source[at + 2] == quote;
        var start = at + (isLong ? 3 : 1);
        var end = start;
        while (end < _source.Length && !Ends(end, quote, isLong))
        {
            end += _source[end] == '\\' ? 2 : 1;
        }

        end = Math.Min(end, _source.Length);
        var text = _source[start..end];
        Add(PythonTokenKind.Text, prefix.Contains('r', StringComparison.Ordinal) ? text : Unescaped(text));
        if (prefix.Contains('f', StringComparison.Ordinal) || prefix.Contains('t', StringComparison.Ordinal))
        {
            Fields(text);
        }

        _line += text.Count('\n');
        return Math.Min(_source.Length, end + (isLong ? 3 : end < _source.Length && _source[end] == quote ? 1 : 0));
    }

    private bool Ends(int at, char quote, bool isLong) => isLong
        ? _source[at] == quote && at + 2 < _source.Length && _source[at + 1] == quote && _source[at + 2] == quote
        : _source[at] == quote || _source[at] == '\n';

    private static string Unescaped(string text) => text.Contains('\\', StringComparison.Ordinal) ? text.Replace("\\\\", "\\", StringComparison.Ordinal).Replace("\\'", "'", StringComparison.Ordinal) : text;

    /// <summary>What stands in the braces of a formatted text is code: its tokens follow, in brackets.</summary>
    private void Fields(string text)
    {
        for (var at = 0; at < text.Length && _nesting < MaxNesting; at++)
        {
            if (text[at] != '{')
            {
                continue;
            }

            if (at + 1 < text.Length && text[at + 1] == '{')
            {
                at++;
                continue;
            }

            var end = text.IndexOf('}', at);
            end = end < 0 ? text.Length : end;
            var field = new PythonTokens(text[(at + 1)..end].Replace('\n', ' '), _line, _nesting + 1);
            field.Read(0);
            var stop = field._tokens.FindIndex(token => token.Depth == 0 && (token.Is(":") || token.Is("!") || token.Is("=")));
            Sign("(");
            foreach (var token in stop < 0 ? field._tokens : field._tokens[..stop])
            {
                _tokens.Add(token with { Depth = token.Depth + _depth });
            }

            Sign(")");
            at = end;
        }
    }

    private void Add(PythonTokenKind kind, string text) => _tokens.Add(new PythonToken(kind, text, _line, _depth));
}
