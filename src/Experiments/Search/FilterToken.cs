namespace Squero.Experiments;

/// <summary>What a piece of a filter is.</summary>
public enum TokenKind
{
    Word,
    Number,
    Text,
    Comparator,
    Comma,
    Open,
    Close,
    Semicolon,
    Broken,
}

/// <summary>A piece of a filter. <see cref="Value"/> of a word keeps its quotes; of a text they are gone.</summary>
public readonly record struct FilterToken(TokenKind Kind, string Value, string Raw)
{
    public bool IsWord(string word) => Kind == TokenKind.Word && string.Equals(Value, word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Cuts a filter into tokens. An identifier is one word with its quoted parts, so <c>metrics.`m 2`</c> and
/// <c>metrics."m 2"</c> are words; a quoted piece that begins a token is a text.
/// </summary>
public static class FilterTokens
{
    public static IReadOnlyList<FilterToken> Cut(string filter)
    {
        var tokens = new List<FilterToken>();
        for (var at = 0; at < filter.Length;)
        {
            if (char.IsWhiteSpace(filter[at]))
            {
                at++;
                continue;
            }

            var token = Next(filter, at);
            tokens.Add(token);
            at += token.Raw.Length;
        }

        return tokens;
    }

    private static FilterToken Next(string filter, int at) =>
        filter[at] switch
        {
            ',' => new FilterToken(TokenKind.Comma, ",", ","),
            '(' => new FilterToken(TokenKind.Open, "(", "("),
            ')' => new FilterToken(TokenKind.Close, ")", ")"),
            ';' => new FilterToken(TokenKind.Semicolon, ";", ";"),
            '=' or '!' or '<' or '>' => Comparator(filter, at),
            '\'' or '"' => Text(filter, at),
            _ => Word(filter, at),
        };

    private static FilterToken Comparator(string filter, int at)
    {
        var two = at + 1 < filter.Length ? filter.Substring(at, 2) : "";
        var found = two is "!=" or ">=" or "<=" or "==" ? two : filter[at] == '!' ? null : filter.Substring(at, 1);
        return found is null ? new FilterToken(TokenKind.Broken, "!", "!") : new FilterToken(TokenKind.Comparator, found, found);
    }

    private static FilterToken Text(string filter, int at)
    {
        var end = filter.IndexOf(filter[at], at + 1);
        return end < 0
            ? new FilterToken(TokenKind.Broken, filter[at..], filter[at..])
            : new FilterToken(TokenKind.Text, filter[(at + 1)..end], filter[at..(end + 1)]);
    }

    private static FilterToken Word(string filter, int at)
    {
        var end = at;
        while (end < filter.Length && !char.IsWhiteSpace(filter[end]) && !"=!<>,();'".Contains(filter[end], StringComparison.Ordinal))
        {
            if (filter[end] is '`' or '"')
            {
                var close = filter.IndexOf(filter[end], end + 1);
                if (close < 0)
                {
                    return new FilterToken(TokenKind.Broken, filter[at..], filter[at..]);
                }

                end = close;
            }

            end++;
        }

        var raw = filter[at..end];
        return IsNumber(raw) ? new FilterToken(TokenKind.Number, raw, raw) : new FilterToken(TokenKind.Word, raw, raw);
    }

    private static bool IsNumber(string raw) =>
        (char.IsAsciiDigit(raw[0]) || raw[0] is '-' or '+' or '.')
        && double.TryParse(raw, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _);
}
