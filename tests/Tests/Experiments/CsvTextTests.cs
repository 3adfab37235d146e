using System.Text;
using CsCheck;
using Squero.Experiments;

namespace Squero.Tests.Experiments;

public sealed class CsvTextTests
{
    [Theory]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+cmd|' /C calc'!A0", "\"'+cmd|' /C calc'!A0\"")]
    [InlineData("@SUM(A1)", "\"'@SUM(A1)\"")]
    [InlineData("-2+3", "\"'-2+3\"")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData(" \u200b=1", "\"' \u200b=1\"")]
    [InlineData("＝1+1", "\"'＝1+1\"")]
    [InlineData("%0a=1", "\"'%0a=1\"")]
    public void What_a_spreadsheet_would_run_is_text(string value, string expected) => Assert.Equal(expected, Written(value));

    [Theory]
    [InlineData("-0.5")]
    [InlineData("+1e-4")]
    [InlineData("adam")]
    [InlineData("a=b")]
    public void Numbers_and_plain_words_stay_as_they_are(string value) => Assert.Equal(value, Written(value));

    [Fact]
    public void Every_text_comes_back_and_none_is_a_formula() =>
        Gen.String[Gen.Char["=+-@,;\"'\r\n\t ab1.０é|%"], 1, 12].Sample(text =>
        {
            var line = "x," + Written(text) + ",y\n";
            var row = Assert.Single(CsvRows.Read(line.Replace("\r", "\u0001", StringComparison.Ordinal), ',', 10, 10));
            Assert.Equal(3, row.Count);
            var back = row[1].Replace("\u0001", "\r", StringComparison.Ordinal);
            Assert.True(back == text || back == "'" + text, $"{text} became {back}");
            Assert.False(CsvText.IsFormula(back) && back.Length > 0, $"{back} still begins as a formula");
        }, iter: 20_000);

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    [InlineData(0.1, "0.1")]
    public void Numbers_are_written_whole(double value, string expected)
    {
        var to = new StringBuilder();
        CsvText.Append(to, value);
        Assert.Equal(expected, to.ToString());
    }

    private static string Written(string value)
    {
        var to = new StringBuilder();
        CsvText.Append(to, value);
        return to.ToString();
    }
}
