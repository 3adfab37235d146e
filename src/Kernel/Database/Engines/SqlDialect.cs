namespace Squero.Kernel;

/// <summary>The few words that the engines do not share. Pure.</summary>
public abstract class SqlDialect
{
    public static SqlDialect Sqlite { get; } = new SqliteDialect();

    public static SqlDialect Postgres { get; } = new PostgresDialect();

    /// <summary>Whether this is PostgreSQL: for hot paths that speak to the engine itself.</summary>
    public abstract bool IsPostgres { get; }

    /// <summary>Where a text first holds a part, from 1; 0 when it does not. Both are SQL expressions.</summary>
    public abstract string PositionOf(string part, string text);

    /// <summary>
    /// A comparison with a pattern of <c>%</c> and <c>_</c> that minds case. The expression is SQL; the parameter's name is what
    /// <paramref name="bind"/> gives for the pattern in the engine's own signs.
    /// </summary>
    public abstract string Like(string expression, string pattern, Func<string, string> bind);

    /// <summary>The same for a pattern that ignores the case of A to Z.</summary>
    public abstract string ILike(string expression, string pattern, Func<string, string> bind);

    /// <summary>A comparison with a regular expression; both are SQL expressions. The session must <see cref="SqlPattern.Allow"/> it.</summary>
    public abstract string Matches(string expression, string pattern);

    /// <summary>A table of the columns <c>key</c> and <c>value</c> of a JSON object whose values are texts.</summary>
    public abstract string TextEntries(string expression);

    /// <summary>A statement as the engine takes it.</summary>
    internal abstract string Statement(string sql);

    /// <summary>A migration as the engine takes it.</summary>
    internal abstract string Schema(string sql);
}
