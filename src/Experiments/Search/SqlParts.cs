using System.Globalization;
using System.Text;

namespace Squero.Experiments;

/// <summary>A condition being put together: joins, conditions and their parameters. No text of a caller becomes SQL.</summary>
public sealed class SqlParts
{
    public StringBuilder Joins { get; } = new();

    public List<string> Conditions { get; } = [];

    public List<string> Order { get; } = [];

    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Adds a parameter and returns its name in SQL.</summary>
    public string Bind(object? value)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"v{Values.Count}");
        Values[name] = value;
        return "@" + name;
    }

    /// <summary>A comparison of an SQL expression with the clause's value.</summary>
    public string Compare(string expression, FilterClause clause) =>
        clause.Comparator switch
        {
            Comparator.In => $"{expression} IN {Bind(clause.Texts)}",
            Comparator.NotIn => $"{expression} NOT IN {Bind(clause.Texts)}",
            Comparator.Like => $"{expression} GLOB {Bind(ToGlob(clause.Text))}",
            Comparator.ILike => $"lower({expression}) LIKE lower({Bind(clause.Text)})",
            _ => $"{expression} {Symbol(clause.Comparator)} {Bind(clause.Number ?? (object)clause.Text)}",
        };

    /// <summary>LIKE of SQLite ignores case; GLOB does not, with other signs for the same two wildcards.</summary>
    internal static string ToGlob(string like)
    {
        var glob = new StringBuilder();
        foreach (var sign in like)
        {
            _ = sign switch
            {
                '%' => glob.Append('*'),
                '_' => glob.Append('?'),
                '*' or '?' or '[' => glob.Append('[').Append(sign).Append(']'),
                _ => glob.Append(sign),
            };
        }

        return glob.ToString();
    }

    private static string Symbol(Comparator comparator) =>
        comparator switch
        {
            Comparator.Equal => "=",
            Comparator.NotEqual => "<>",
            Comparator.Greater => ">",
            Comparator.GreaterOrEqual => ">=",
            Comparator.Less => "<",
            _ => "<=",
        };
}
