using System.Globalization;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What a clause of a filter speaks about.</summary>
public enum FilterEntity
{
    Attribute,
    Metric,
    Param,
    Tag,
    Dataset,
    Metadata,
    Span,
    Feedback,
    Expectation,
}

public enum Comparator
{
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Like,
    ILike,
    In,
    NotIn,

    /// <summary>By a regular expression.</summary>
    RLike,
}

/// <summary>One condition. Exactly one of number and texts is given; texts are several only for IN and NOT IN.</summary>
public sealed record FilterClause(FilterEntity Entity, string Key, Comparator Comparator, double? Number, IReadOnlyList<string> Texts)
{
    public string Text => Texts[0];
}

/// <summary>
/// Conditions joined by AND, in the grammar that clients of tracking servers know:
/// <c>metrics.auc &gt; 0.9 and params.`depth` = '6' and status IN ('FINISHED')</c>. Parsing is pure and never asks the database.
/// </summary>
public static class Filter
{
    public const int MaxLength = 100_000;
    public const int MaxClauses = 50;

    /// <summary>Refuses what is not a filter, with a sentence that quotes the part at fault.</summary>
    public static IReadOnlyList<FilterClause> Parse(string? filter, FilterScope scope)
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return [];
        }

        if (filter.Length > MaxLength)
        {
            throw Refusal.Invalid($"Invalid filter: longer than {MaxLength} characters.");
        }

        var clauses = Split(FilterTokens.Cut(filter), filter).Select(tokens => Clause(tokens, scope)).ToList();
        return clauses.Count <= MaxClauses ? clauses : throw Refusal.Invalid($"Invalid filter: more than {MaxClauses} clauses.");
    }

    private static List<List<FilterToken>> Split(IReadOnlyList<FilterToken> tokens, string filter)
    {
        if (tokens.Any(token => token.Kind == TokenKind.Semicolon))
        {
            throw Refusal.Invalid($"Search filter contained multiple expression {Quoted(filter)}. Provide AND-ed expression list.");
        }

        var parts = new List<List<FilterToken>> { new() };
        foreach (var token in tokens)
        {
            if (token.IsWord("and"))
            {
                parts.Add([]);
            }
            else
            {
                parts[^1].Add(token);
            }
        }

        // Nothing beside an AND is no fault: filters that programs put together end with one, and the original reads them.
        var written = parts.Where(part => part.Count > 0).ToList();
        return written.Count > 0 ? written : parts;
    }

    private static FilterClause Clause(List<FilterToken> tokens, FilterScope scope)
    {
        if (tokens.Count < 3 || tokens[0].Kind is not TokenKind.Word || tokens.Any(token => token.Kind is TokenKind.Broken))
        {
            throw Invalid(tokens);
        }

        var (comparator, used) = ComparatorOf(tokens);
        if (comparator == Comparator.RLike && !scope.KnowsPatterns)
        {
            throw Invalid(tokens);
        }

        var target = scope.Resolve(tokens[0].Value);
        var values = tokens.Skip(1 + used).ToList();
        if (values is [{ Kind: TokenKind.Open }, ..])
        {
            return ListClause(tokens, target, comparator, values);
        }

        return values.Count == 1 ? ValueClause(tokens, target, comparator, values[0]) : throw Invalid(tokens);
    }

    private static (Comparator Comparator, int Used) ComparatorOf(List<FilterToken> tokens) =>
        tokens[1] switch
        {
            { Kind: TokenKind.Comparator } token => (Symbol(token.Value), 1),
            var token when token.IsWord("like") => (Comparator.Like, 1),
            var token when token.IsWord("ilike") => (Comparator.ILike, 1),
            var token when token.IsWord("rlike") => (Comparator.RLike, 1),
            var token when token.IsWord("in") => (Comparator.In, 1),
            var token when token.IsWord("not") && tokens.Count > 3 && tokens[2].IsWord("in") => (Comparator.NotIn, 2),
            _ => throw Invalid(tokens),
        };

    private static Comparator Symbol(string symbol) =>
        symbol switch
        {
            "=" => Comparator.Equal,
            "!=" => Comparator.NotEqual,
            ">" => Comparator.Greater,
            ">=" => Comparator.GreaterOrEqual,
            "<" => Comparator.Less,
            "<=" => Comparator.LessOrEqual,
            _ => throw Refusal.Invalid($"Invalid comparator '{symbol}' not one of '{{'=', '!=', '>', '>=', '<', '<='}}'"),
        };

    private static FilterClause ListClause(List<FilterToken> tokens, FilterTarget target, Comparator comparator, List<FilterToken> values)
    {
        var inner = values.Skip(1).SkipLast(1).ToList();
        RefuseList(target, string.Concat(values.Select(token => token.Raw)));
        if (inner.Count == 0)
        {
            throw Refusal.Invalid("While parsing a list in the query, expected a non-empty list of string values, but got empty list");
        }

        var wellFormed = values[^1].Kind == TokenKind.Close && inner.Count % 2 == 1
            && inner.Select((token, index) => token.Kind == (index % 2 == 0 ? TokenKind.Text : TokenKind.Comma)).All(fits => fits);
        if (!wellFormed || comparator is not (Comparator.In or Comparator.NotIn))
        {
            throw Invalid(tokens);
        }

        return new FilterClause(target.Entity, target.Key, comparator, null, [.. inner.Where(token => token.Kind == TokenKind.Text).Select(token => token.Value)]);
    }

    private static void RefuseList(FilterTarget target, string written)
    {
        if (target.AllowsLists)
        {
            return;
        }

        throw target.IsNumeric ? Refusal.Invalid($"Expected numeric value type for {Where(target)}. Found {written}")
            : target.Entity == FilterEntity.Attribute ? Refusal.Invalid("Only the 'run_id' attribute supports comparison with a list of quoted string values.")
            : Refusal.Invalid($"Expected a quoted string value for {target.Word} (e.g. 'my-value'). Got value {written}");
    }

    private static string Where(FilterTarget target) => target.Entity == FilterEntity.Metric ? "metric" : $"numeric attribute: {target.Key}";

    private static FilterClause ValueClause(List<FilterToken> tokens, FilterTarget target, Comparator comparator, FilterToken value)
    {
        if (comparator is Comparator.In or Comparator.NotIn)
        {
            throw Invalid(tokens);
        }

        if (target.IsNumeric)
        {
            return NumberClause(target, comparator, value);
        }

        if (comparator is not (Comparator.Equal or Comparator.NotEqual or Comparator.Like or Comparator.ILike or Comparator.RLike))
        {
            throw Refusal.Invalid($"Invalid comparator '{tokens[1].Value}' not one of '{(target.AllowsLists ? "{'=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN'}" : "{'=', '!=', 'LIKE', 'ILIKE'}")}'");
        }

        return value.Kind switch
        {
            TokenKind.Text => new FilterClause(target.Entity, target.Key, comparator, null, [value.Value]),
            TokenKind.Number when target.Entity == FilterEntity.Attribute => throw Refusal.Invalid($"Expected a quoted string value for attributes. Got value {value.Value}"),
            TokenKind.Number => throw Refusal.Invalid($"Expected a quoted string value for {target.Word} (e.g. 'my-value'). Got value {value.Value}"),
            _ => throw Refusal.Invalid(
                $"{target.Title} value is either not quoted or unidentified quote types used for string value {value.Value}. Use either single or double quotes."),
        };
    }

    private static FilterClause NumberClause(FilterTarget target, Comparator comparator, FilterToken value)
    {
        if (value.Kind != TokenKind.Number || !double.TryParse(value.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            throw Refusal.Invalid($"Expected numeric value type for {Where(target)}. Found {value.Raw}");
        }

        return comparator is Comparator.Like or Comparator.ILike or Comparator.RLike
            ? throw Refusal.Invalid($"Invalid comparator '{comparator.ToString().ToUpperInvariant()}' not one of '{{'>', '>=', '!=', '=', '<', '<='}}'")
            : new FilterClause(target.Entity, target.Key, comparator, number, []);
    }

    private static Refusal Invalid(List<FilterToken> tokens) =>
        Refusal.Invalid($"Invalid clause(s) in filter string: {string.Join(", ", tokens.Select(token => Quoted(token.Raw)))}");

    private static string Quoted(string text) => $"'{text}'";
}
