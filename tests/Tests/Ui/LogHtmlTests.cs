using AngleSharp.Html.Parser;
using CsCheck;
using Squero.Ui;

namespace Squero.Tests.Ui;

public sealed class LogHtmlTests
{
    [Theory]
    [InlineData("\u001b[31mbad\u001b[0m end", "<span class=\"ansi-red\">bad</span> end")]
    [InlineData("\u001b[1;32mok", "<span class=\"ansi-bold ansi-green\">ok</span>")]
    [InlineData("10 %\r100 %\r", "100 %")]
    [InlineData("\u001b[2Kx\u001b[", "x")]
    [InlineData("<script>", "&lt;script&gt;")]
    public void Colours_become_classes(string line, string html) =>
        Assert.Contains($"<span class=\"log__text\">{html}</span></div>", LogHtml.Render([line]), StringComparison.Ordinal);

    [Fact]
    public void No_line_breaks_out() =>
        Gen.String[Gen.Char["\u001b[;m0139<>&\"'a \r"], 0, 40].Sample(line =>
        {
            var document = new HtmlParser().ParseDocument(LogHtml.Render([line]));
            Assert.All(document.Body!.QuerySelectorAll("*"), element => Assert.Contains(element.LocalName, (string[])["div", "a", "span"]));
            Assert.Single(document.Body!.Children);
        }, iter: 1000);
}
