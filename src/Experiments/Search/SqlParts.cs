using System.Globalization;
using System.Text;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A condition being put together: joins, conditions and their parameters. No text of a caller becomes SQL.</summary>
public sealed class SqlParts(SqlDialect dialect)
{
    public SqlDialect Dialect { get; } = dialect;

    /// <summary>The table that is searched, and what is read before it.</summary>
    public string Source { get; set; } = "";

    /// <summary>
    /// Of which experiments; null when an index leads, whose rows are the experiment's already. Said beside it, PostgreSQL, which knows nothing yet
    /// of what was just logged, looks each candidate up among all of the experiment instead of by its id: seconds instead of milliseconds.
    /// </summary>
    public string? Scope { get; set; }

    public StringBuilder Joins { get; } = new();

    public List<string> Conditions { get; } = [];

    public List<string> Order { get; } = [];

    public Dictionary<string, object?> Values { get; } = new(StringComparer.Ordinal);

    public string From() => $"FROM {Source}{Joins} WHERE {string.Join(" AND ", Scope is null ? Conditions : Conditions.Prepend(Scope))}";

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
            Comparator.Like => Dialect.Like(expression, clause.Text, Bind),
            Comparator.RLike => Dialect.Matches(expression, Bind(SqlPattern.Check(clause.Text))),
            Comparator.ILike => Dialect.ILike(expression, clause.Text, Bind),
            _ => $"{expression} {Symbol(clause.Comparator)} {Bind(clause.Number ?? (object)clause.Text)}",
        };

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
