using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>One key of an order; rows that lack it come last in both directions.</summary>
public sealed record OrderKey(FilterEntity Entity, string Key, bool IsNumeric, bool Descending);

/// <summary>Reads orders such as <c>metrics.`val loss` DESC</c>. Pure.</summary>
public static class Ordering
{
    public const int MaxKeys = 20;

    public static IReadOnlyList<OrderKey> Parse(IReadOnlyCollection<string> clauses, FilterScope scope)
    {
        var keys = clauses.Select(clause => Key(clause, scope)).ToList();
        if (keys.Count > MaxKeys || keys.DistinctBy(key => (key.Entity, key.Key)).Count() < keys.Count)
        {
            throw Refusal.Invalid($"`order_by` contains duplicate fields, or more than {MaxKeys}: [{string.Join(", ", clauses.Select(clause => $"'{clause}'"))}]");
        }

        return keys;
    }

    private static OrderKey Key(string clause, FilterScope scope)
    {
        var tokens = FilterTokens.Cut(clause);
        if (tokens.Count is 0 or > 2 || tokens[0].Kind is not TokenKind.Word)
        {
            throw Refusal.Invalid($"Invalid order_by clause '{clause}'. Could not be parsed.");
        }

        var descending = tokens.Count == 2 && tokens[1].IsWord("desc");
        if (tokens.Count == 2 && !descending && !tokens[1].IsWord("asc"))
        {
            throw Refusal.Invalid($"Invalid ordering key in order_by clause '{clause}'.");
        }

        var target = scope.ResolveOrder(tokens[0].Value);
        return new OrderKey(target.Entity, target.Key, target.IsNumeric, descending);
    }
}
