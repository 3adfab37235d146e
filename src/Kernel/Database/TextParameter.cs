using System.Data;
using Dapper;

namespace Squero.Kernel;

/// <summary>Refuses a text with a NUL character, which PostgreSQL does not keep and SQLite would: the same answer on both.</summary>
internal sealed class TextParameter : SqlMapper.ITypeHandler
{
    private const string Sentence = "A text holds a NUL character, which cannot be kept.";

    /// <summary>Once, before the first statement.</summary>
    public static void Register()
    {
        SqlMapper.RemoveTypeMap(typeof(string));
        SqlMapper.AddTypeHandler(typeof(string), new TextParameter());
    }

    public static string? Checked(string? text) =>
        text is not null && text.Contains('\0', StringComparison.Ordinal) ? throw Refusal.Invalid(Sentence) : text;

    public void SetValue(IDbDataParameter parameter, object value)
    {
        // Named, since a null does not say of what.
        parameter.DbType = DbType.String;
        parameter.Value = (object?)Checked(value as string) ?? DBNull.Value;
    }

    public object? Parse(Type destinationType, object value) => value as string;
}
