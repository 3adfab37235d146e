using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using CsCheck;
using Squero.Ui;

namespace Squero.Tests.Ui;

public sealed partial class MarkdownHtmlTests
{
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "html", "head", "body", "a", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6",
        "hr", "img", "input", "li", "ol", "p", "pre", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    };

    public static TheoryData<string> Attacks =>
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<svg><use xlink:href='data:image/svg+xml;base64,PHN2Zz4='/></svg>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<form action='https://evil.example'><input name=a></form>",
        "<style>body{background:url(https://evil.example)}</style>",
        "<base href='https://evil.example/'>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<object data='data:text/html,<script>alert(1)</script>'></object>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](<java\nscript:alert(1)>)",
        "[x](&#1;javascript:alert(1))",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+)",
        "![\"onerror=alert(1) x=\"](a.png)",
        "![x](a.png \"\\\" onerror=alert(1) \\\"\")",
        "[x](https://a.example \"\\\" onmouseover=alert(1)\")",
        "[x]: javascript:alert(1)\n\n[x]",
        "<javascript:alert(1)>",
        "<data:text/html,<script>alert(1)</script>>",
        "`<script>alert(1)</script>`",
        "```\"><script>alert(1)</script>\nx\n```",
        "```<img/src=x/onerror=alert(1)>\nx\n```",
        "    <script>alert(1)</script>",
        "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
        "$<img src=x onerror=alert(1)>$",
        "$$\n<script>alert(1)</script>\n$$",
        "- [x] <script>alert(1)</script>",
        "text[^1]\n\n[^1]: <script>alert(1)</script>",
        "# <script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<a id=content name=document>clobber</a>",
        "\0<scr\0ipt>alert(1)</scr\0ipt>",
        "<!--><script>alert(1)</script>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?php <script>alert(1)</script> ?>",
        "[a](//evil.example/x) ![b](//evil.example/pixel.png)",
        "![b](/\\evil.example/pixel.png)",
        "![b](\\\\evil.example\\pixel.png)",
        "www.evil.example\" onmouseover=alert(1)",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void No_text_of_a_stranger_becomes_active(string attack) => AssertInert(MarkdownHtml.Render(attack));

    [Theory]
    [MemberData(nameof(Attacks))]
    public void A_rewriter_cannot_be_used_to_slip_through(string attack) =>
        AssertInert(MarkdownHtml.Render(attack, target => "/files/" + Uri.EscapeDataString(target.Address)));

    [Fact]
    public void Any_mixture_of_attacks_stays_inert()
    {
        var attacks = Attacks.Select(row => row.Data).ToList();
        Gen.Int[0, attacks.Count - 1].Select(index => attacks[index]).Array[1, 6].Sample(parts => AssertInert(MarkdownHtml.Render(string.Concat(parts))), iter: 300);
    }

    [Fact]
    public void Relative_addresses_are_rewritten_and_others_left()
    {
        var html = MarkdownHtml.Render(
            "[a](docs/guide.md) ![b](plot.png) [c](https://example.org/) [d](#part) [e](/top)",
            target => (target.IsImage ? "/raw/" : "/blob/") + target.Address);

        Assert.Contains("href=\"/blob/docs/guide.md\"", html, StringComparison.Ordinal);
        Assert.Contains("src=\"/raw/plot.png\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://example.org/\" rel=\"nofollow noopener noreferrer\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"#part\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/top\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_of_another_host_is_only_a_link()
    {
        var html = MarkdownHtml.Render("![pixel](https://evil.example/pixel.png)");

        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("<a href=\"https://evil.example/pixel.png\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_code_tasks_and_formulas_are_drawn()
    {
        var html = MarkdownHtml.Render("| a | b |\n|---|--:|\n| 1 | 2 |\n\n```python\nx = 1\n```\n\n- [x] done\n\n$x^2$\n\n$$\ny\n$$");

        Assert.Contains("<td class=\"end\">2</td>", html, StringComparison.Ordinal);
        Assert.Contains("<code class=\"language-python\">", html, StringComparison.Ordinal);
        Assert.Contains("type=\"checkbox\"", html, StringComparison.Ordinal);
        Assert.Contains("data-math=\"inline\">x^2<", html, StringComparison.Ordinal);
        Assert.Contains("data-math=\"block\">y<", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('>')]
    [InlineData('[')]
    [InlineData('*')]
    [InlineData('(')]
    public void Deep_nesting_does_not_stop_the_page(char letter)
    {
        var html = MarkdownHtml.Render(new string(letter, 20_000) + " x");

        Assert.Contains("x", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_over_the_limit_is_shown_plain() =>
        Assert.StartsWith("<pre>", MarkdownHtml.Render(new string('a', MarkdownHtml.LengthMax + 1)), StringComparison.Ordinal);

    private static void AssertInert(string html)
    {
        var document = new HtmlParser().ParseDocument(html);
        foreach (var element in document.All)
        {
            Assert.True(Harmless.Contains(element.LocalName), $"<{element.LocalName}> in {html}");
            foreach (var attribute in element.Attributes)
                AssertInert(element, attribute, html);
        }
    }

    private static void AssertInert(IElement element, IAttr attribute, string html)
    {
        Assert.False(attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase), html);
        Assert.DoesNotContain(attribute.Name, (string[])["style", "id", "name", "srcset", "srcdoc", "action", "formaction"]);
        if (attribute.Name is not ("href" or "src"))
            return;
        var address = Spaces().Replace(attribute.Value, "").ToLowerInvariant();
        var scheme = Scheme().Match(address);
        Assert.True(!scheme.Success || scheme.Value is "http:" or "https:" or "mailto:", html);
        if (element.LocalName == "img")
            Assert.False(scheme.Success || address.StartsWith("//", StringComparison.Ordinal) || address.Contains('\\', StringComparison.Ordinal), html);
    }

    [GeneratedRegex(@"[\s\0-\x20]+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[a-z][a-z0-9+.-]*:")]
    private static partial Regex Scheme();
}
