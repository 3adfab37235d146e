namespace Squero.Pipelines;

internal enum TokenKind
{
    Variable,
    Text,
    Pattern,
    Null,
    Open,
    Close,
    Equal,
    NotEqual,
    Matches,
    MatchesNot,
    And,
    Or,
    Not,
}

/// <param name="Text">Name of a variable, content of a text, or a pattern with its slashes and flags.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position);

/// <summary>Cuts a condition into tokens.</summary>
internal static class ExpressionTokens
{
    public const int MaxTokens = 100;
    public const int MaxLength = 10_000;

    public static IReadOnlyList<Token>? Read(string text, out string problem)
    {
        if (text.Length > MaxLength)
        {
            problem = $"it has more than {MaxLength} characters";
            return null;
        }

        var tokens = new List<Token>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            if (Next(text, at, out problem) is not { } found)
            {
                return null;
            }

            tokens.Add(found.Token);
            at = found.End;
            if (tokens.Count > MaxTokens)
            {
                problem = $"it has more than {MaxTokens} parts";
                return null;
            }
        }

        problem = tokens.Count == 0 ? "it is empty" : "";
        return tokens.Count == 0 ? null : tokens;
    }

    private static (Token Token, int End)? Next(string text, int at, out string problem)
    {
        problem = "";
        if (Operator(text, at) is { } op)
        {
            return (new Token(op.Kind, op.Text, at), at + op.Text.Length);
        }

        switch (text[at])
        {
            case '$' when NameEnd(text, at + 1) is var end && end > at + 1:
                return (new Token(TokenKind.Variable, text[(at + 1)..end], at), end);
            case '$':
                problem = $"the $ at position {at + 1} is not followed by a name (write $NAME, without braces)";
                return null;
            case '"' or '\'':
                return Quoted(text, at, out problem);
            case '/':
                return Pattern(text, at, out problem);
        }

        if (string.CompareOrdinal(text, at, "null", 0, 4) == 0 && NameEnd(text, at) == at + 4)
        {
            return (new Token(TokenKind.Null, "null", at), at + 4);
        }

        problem = $"`{text[at..NameOrSymbolEnd(text, at)]}` at position {at + 1} is not understood";
        return null;
    }

    private static (TokenKind Kind, string Text)? Operator(string text, int at)
    {
        var two = at + 1 < text.Length ? text.AsSpan(at, 2) : default;
        return two switch
        {
            "==" => (TokenKind.Equal, "=="),
            "!=" => (TokenKind.NotEqual, "!="),
            "=~" => (TokenKind.Matches, "=~"),
            "!~" => (TokenKind.MatchesNot, "!~"),
            "&&" => (TokenKind.And, "&&"),
            "||" => (TokenKind.Or, "||"),
            _ => text[at] switch
            {
                '(' => (TokenKind.Open, "("),
                ')' => (TokenKind.Close, ")"),
                '!' => (TokenKind.Not, "!"),
                _ => null,
            },
        };
    }

    private static (Token Token, int End)? Quoted(string text, int at, out string problem)
    {
        var end = text.IndexOf(text[at], at + 1);
        problem = end < 0 ? $"the text that begins at position {at + 1} has no closing quote" : "";
        return end < 0 ? null : (new Token(TokenKind.Text, text[(at + 1)..end], at), end + 1);
    }

    private static (Token Token, int End)? Pattern(string text, int at, out string problem)
    {
        var end = at + 1;
        while (end < text.Length && text[end] != '/')
        {
            end += text[end] == '\\' ? 2 : 1;
        }

        if (end >= text.Length)
        {
            problem = $"the pattern that begins at position {at + 1} has no closing slash";
            return null;
        }

        end++;
        while (end < text.Length && char.IsAsciiLetter(text[end]))
        {
            end++;
        }

        problem = "";
        return (new Token(TokenKind.Pattern, text[at..end], at), end);
    }

    private static int NameEnd(string text, int at)
    {
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return at;
    }

    private static int NameOrSymbolEnd(string text, int at) => Math.Max(at + 1, Math.Min(NameEnd(text, at), at + 40));
}
