using CsCheck;
using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Tests.Experiments;

/// <summary>The filter language, without a database.</summary>
public sealed class FilterTests
{
    [Theory]
    [InlineData("metrics.auc > 0.5", "Metric auc Greater 0.5")]
    [InlineData("metrics.`m 2` <= -1e3", "Metric m 2 LessOrEqual -1000")]
    [InlineData("metrics.\"m 2\"=2", "Metric m 2 Equal 2")]
    [InlineData("params.p1='x' and tag.a.b LIKE '%y_'", "Param p1 Equal x; Tag a.b Like %y_")]
    [InlineData("parameter.p iLiKe \"it's\"", "Param p ILike it's")]
    [InlineData("run_id NOT IN ('a', 'b') AND status IN ('x')", "error")]
    [InlineData("attributes.run_id IN ('a','b')", "Attribute run_id In a|b")]
    [InlineData("`Run name` = 'a and b'", "Attribute run_name Equal a and b")]
    [InlineData("datasets.name IN ('x') and dataset.context != 'y'", "Dataset name In x; Dataset context NotEqual y")]
    [InlineData("", "")]
    [InlineData("a.b = 1", "error")]
    [InlineData("metrics.m > '1'", "error")]
    [InlineData("params.p = x", "error")]
    [InlineData("params.p = 1", "error")]
    [InlineData("params.p > 'x'", "error")]
    [InlineData("params.p = 'x' or params.p = 'y'", "error")]
    [InlineData("params.p = 'x'; drop table x", "error")]
    [InlineData("params.p = 'x", "error")]
    [InlineData("and", "error")]
    [InlineData("params.p = 'x' AND ", "Param p Equal x")]
    [InlineData(" and params.p = 'x' AND AND params.q = 'y'", "Param p Equal x; Param q Equal y")]
    [InlineData("run_id IN ()", "error")]
    public void A_filter_is_read_or_refused(string filter, string expected) => Assert.Equal(expected, Read(filter));

    [Theory]
    [InlineData("metrics.`m 2` DESC", "Metric m 2 True")]
    [InlineData("start_time", "Attribute start_time False")]
    [InlineData("created asc", "Attribute start_time False")]
    public void An_order_is_read(string clause, string expected)
    {
        var key = Assert.Single(Ordering.Parse([clause], FilterScope.Candidates));
        Assert.Equal(expected, $"{key.Entity} {key.Key} {key.Descending}");
    }

    [Theory]
    [InlineData("metrics.m SIDEWAYS")]
    [InlineData("metrics.m desc desc")]
    [InlineData("")]
    [InlineData("foo.bar")]
    [InlineData("dataset.name")]
    [InlineData("'text'")]
    public void A_broken_order_is_refused(string clause) => Assert.Throws<Refusal>(() => Ordering.Parse([clause], FilterScope.Candidates));

    [Fact]
    public void Any_text_is_read_or_refused_and_never_becomes_sql()
    {
        string[] pieces = ["metrics", "params", ".", "`", "\"", "'", "a", " and ", "=", "!=", "IN", "(", ")", ",", "1", "-", "e9", ";", "--", "LIKE", " ", "%", "\\", "é", "run_id", "not "];
        Gen.Int[0, pieces.Length - 1].Array[0, 14].Sample(
            indices =>
            {
                var text = string.Concat(indices.Select(index => pieces[index]));
                try
                {
                    var clauses = Filter.Parse(text, FilterScope.Candidates);
                    var parts = CandidateSql.Build(clauses, [], new Dictionary<string, long>(), "", SqlDialect.Sqlite);
                    var sql = parts.Joins + string.Join(' ', parts.Conditions);
                    return !sql.Contains(';', StringComparison.Ordinal) && !sql.Contains("--", StringComparison.Ordinal) && !sql.Contains('é', StringComparison.Ordinal);
                }
                catch (Refusal)
                {
                    return true;
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void Like_becomes_a_pattern_that_minds_case() => Assert.Equal("a*b?c[*][[]", SqliteDialect.ToGlob("a%b_c*["));

    private static string Read(string filter)
    {
        try
        {
            return string.Join("; ", Filter.Parse(filter, FilterScope.Candidates).Select(clause => string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{clause.Entity} {clause.Key} {clause.Comparator} {(clause.Number is { } number ? $"{number}" : string.Join('|', clause.Texts))}")));
        }
        catch (Refusal)
        {
            return "error";
        }
    }
}
