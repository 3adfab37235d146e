using CsCheck;
using Squero.Experiments;

namespace Squero.Tests.Experiments;

public sealed class CsvRowsTests
{
    [Theory]
    [InlineData("a,b\n1,2\n", "a|b/1|2")]
    [InlineData("a,b\r\n1,\"x, \"\"y\"\"\"", "a|b/1|x, \"y\"")]
    [InlineData("\"two\nlines\",2", "two\nlines|2")]
    [InlineData("", "")]
    public void Rows_are_read(string text, string expected) =>
        Assert.Equal(expected, string.Join('/', CsvRows.Read(text, ',', 10, 10).Select(row => string.Join('|', row))));

    [Fact]
    public void Any_text_gives_rows_within_the_limits() =>
        Gen.String["a,\"\n\r;"].Sample(text => CsvRows.Read(text, ',', 5, 3) is { Count: <= 5 } rows && rows.All(row => row.Count <= 3));
}
