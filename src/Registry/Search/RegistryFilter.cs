using System.Globalization;
using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>
/// Reads the filters of the registry, conditions on attributes and tags joined by AND:
/// <c>name LIKE 'churn%' and tags.`team` != 'growth'</c>. Pure; the same tokens as the filters of candidates.
/// </summary>
internal static class RegistryFilter
{
    private static readonly string[] Joined = ["like", "ilike", "in"];

    public static IReadOnlyList<FilterClause> Parse(string? filter, RegistryScope scope)
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return [];
        }

        if (filter.Length > Filter.MaxLength)
        {
            throw Refusal.Invalid($"Invalid filter: longer than {Filter.MaxLength} characters.");
        }

        var tokens = FilterTokens.Cut(filter);
        if (tokens.Any(token => token.Kind == TokenKind.Semicolon))
        {
            throw Refusal.Invalid($"Search filter contained multiple expression '{filter}'. Provide AND-ed expression list.");
        }

        var clauses = Split(tokens).Select(part => Clause(part, scope)).ToList();
        return clauses.Count <= Filter.MaxClauses ? clauses : throw Refusal.Invalid($"Invalid filter: more than {Filter.MaxClauses} clauses.");
    }

    private static IEnumerable<List<FilterToken>> Split(IReadOnlyList<FilterToken> tokens)
    {
        var part = new List<FilterToken>();
        foreach (var token in tokens)
        {
            if (token.IsWord("and"))
            {
                yield return part;
                part = [];
            }
            else
            {
                part.Add(token);
            }
        }

        yield return part;
    }

    private static FilterClause Clause(List<FilterToken> tokens, RegistryScope scope)
    {
        if (tokens.Count < 3 || tokens[0].Kind != TokenKind.Word || tokens.Any(token => token.Kind == TokenKind.Broken))
        {
            throw Invalid(tokens);
        }

        var negated = tokens[1].IsWord("not") && tokens.Count > 3 && tokens[2].IsWord("in");
        var sign = negated ? "not in" : tokens[1].Value.ToLowerInvariant();
        if (!negated && tokens[1].Kind != TokenKind.Comparator && !Joined.Contains(sign))
        {
            throw Invalid(tokens);
        }

        var (entity, key) = Target(tokens, scope);
        var values = tokens.Skip(negated ? 3 : 2).ToList();
        return values is [{ Kind: TokenKind.Open }, ..] ? ListClause(tokens, scope, entity, key, sign, values)
            : values.Count > 1 ? throw Invalid(tokens)
            : entity == FilterEntity.Attribute && key == scope.Number ? NumberClause(key, sign, values[0])
            : TextClause(entity, key, sign, values[0]);
    }

    private static (FilterEntity Entity, string Key) Target(List<FilterToken> tokens, RegistryScope scope)
    {
        var written = tokens[0].Value;
        var dot = written.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0 && written[0] is not ('`' or '"'))
        {
            var key = Unquote(written[(dot + 1)..]);
            return written[..dot] switch
            {
                "tag" or "tags" => (FilterEntity.Tag, key),
                "attribute" => (FilterEntity.Attribute, Known(key, scope)),
                var other => throw Refusal.Invalid($"Invalid entity type '{other}'. Valid entity types are ('attribute', 'tag', 'tags')"),
            };
        }

        // The original takes this word for one of SQL.
        return written == "version" ? throw Invalid(tokens) : (FilterEntity.Attribute, Known(Unquote(written), scope));
    }

    private static string Known(string key, RegistryScope scope) =>
        scope.Attributes.ContainsKey(key)
            ? key
            : throw Refusal.Invalid($"Invalid attribute key '{key}' specified. Valid keys are '{{{string.Join(", ", scope.Attributes.Keys.Select(name => $"'{name}'"))}}}'");

    private static FilterClause ListClause(List<FilterToken> tokens, RegistryScope scope, FilterEntity entity, string key, string sign, List<FilterToken> values)
    {
        if (entity == FilterEntity.Tag)
        {
            throw Refusal.Invalid($"Expected a quoted string value for tag (e.g. 'my-value'). Got value {string.Concat(values.Select(token => token.Raw))}");
        }

        if (key != scope.List || sign is not ("in" or "not in"))
        {
            throw Refusal.Invalid("Only the 'run_id' attribute supports comparison with a list of quoted string values.");
        }

        var inner = values.Skip(1).SkipLast(1).ToList();
        var wellFormed = values[^1].Kind == TokenKind.Close && inner.Count % 2 == 1
            && inner.Select((token, index) => token.Kind == (index % 2 == 0 ? TokenKind.Text : TokenKind.Comma)).All(fits => fits);
        return wellFormed
            ? new FilterClause(entity, key, sign == "in" ? Comparator.In : Comparator.NotIn, null, [.. inner.Where(token => token.Kind == TokenKind.Text).Select(token => token.Value)])
            : throw Invalid(tokens);
    }

    /// <summary>Numbers may be quoted.</summary>
    private static FilterClause NumberClause(string key, string sign, FilterToken value)
    {
        Comparator comparator = sign switch
        {
            "=" => Comparator.Equal,
            "!=" => Comparator.NotEqual,
            ">" => Comparator.Greater,
            ">=" => Comparator.GreaterOrEqual,
            "<" => Comparator.Less,
            "<=" => Comparator.LessOrEqual,
            _ => throw Refusal.Invalid($"Invalid comparator for attribute: {sign.ToUpperInvariant()}"),
        };
        return double.TryParse(value.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new FilterClause(FilterEntity.Attribute, key, comparator, number, [])
            : throw Refusal.Invalid($"Expected numeric value type for numeric attribute: {key}. Found {value.Raw}");
    }

    private static FilterClause TextClause(FilterEntity entity, string key, string sign, FilterToken value)
    {
        Comparator comparator = sign switch
        {
            "=" => Comparator.Equal,
            "!=" => Comparator.NotEqual,
            "like" => Comparator.Like,
            "ilike" => Comparator.ILike,
            _ => throw Refusal.Invalid($"Invalid comparator for {(entity == FilterEntity.Tag ? "tag" : "attribute")}: {sign.ToUpperInvariant()}"),
        };
        return value.Kind == TokenKind.Text ? new FilterClause(entity, key, comparator, null, [value.Value])
            : throw Refusal.Invalid(entity == FilterEntity.Tag
                ? $"Expected a quoted string value for tag (e.g. 'my-value'). Got value {value.Raw}"
                : $"Expected a quoted string value or a list of quoted string values for attributes. Got value {value.Raw}");
    }

    private static string Unquote(string key) => key.Length >= 2 && key[0] is '`' or '"' && key[^1] == key[0] ? key[1..^1] : key;

    private static Refusal Invalid(List<FilterToken> tokens) =>
        Refusal.Invalid($"Invalid clause(s) in filter string: {string.Join(", ", tokens.Select(token => token.Raw))}");
}
