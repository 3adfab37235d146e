using System.Text;

namespace Squero.Kernel;

internal sealed class SqliteDialect : SqlDialect
{
    public override bool IsPostgres => false;

    public override string PositionOf(string part, string text) => $"instr({text}, {part})";

    /// <summary>LIKE of SQLite ignores case; GLOB does not, with other signs for the same two wildcards.</summary>
    public override string Like(string expression, string pattern, Func<string, string> bind) => $"{expression} GLOB {bind(ToGlob(pattern))}";

    public override string ILike(string expression, string pattern, Func<string, string> bind) => $"lower({expression}) LIKE lower({bind(pattern)})";

    public override string Matches(string expression, string pattern) => $"{expression} REGEXP {pattern}";

    public override string TextEntries(string expression) => $"json_each({expression})";

    internal override string Statement(string sql) => sql;

    internal override string Schema(string sql) => sql;

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
}
