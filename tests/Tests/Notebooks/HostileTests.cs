using System.Text.RegularExpressions;
using Squero.Notebooks;

namespace Squero.Tests.Notebooks;

/// <summary>Nothing that a notebook contains may become markup that acts, names itself or calls out.</summary>
public sealed partial class HostileTests
{
    private static readonly string[] Payloads =
    [
        "<script>alert(1)</script>",
        "<ScRiPt src=https://evil.example/x.js></sCrIpT>",
        "<scr<script>ipt>alert(1)</script>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><use xlink:href=https://evil.example/#x></svg>",
        "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<img src=x onerror=alert(1)>",
        "<img/src='https://evil.example/pixel.gif'/onerror=alert(1)//",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<a id=nb name=cookie>x</a><form id=body><input name=firstChild></form>",
        "<form action=https://evil.example><button formaction=javascript:alert(1)>go</button></form>",
        "<style>@import 'https://evil.example/x.css'; td{background:url(https://evil.example)}</style>",
        "<table style='background:url(https://evil.example)' background=https://evil.example><tr><td onclick=alert(1) id=x>1</td></tr></table>",
        "<table><tr><td colspan='2\" onmouseover=\"alert(1)'>1</td></tr></table>",
        "</div></div></section></details><script>alert(1)</script>",
        "<base href=https://evil.example><meta http-equiv=refresh content='0;url=https://evil.example'><link rel=stylesheet href=https://evil.example>",
        "<object data=data:text/html,x></object><embed src=x><applet code=x>",
        "<template><script>alert(1)</script></template><noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
        "<!--><img src=x onerror=alert(1)>-->",
        "<![CDATA[<script>alert(1)</script>]]>",
        "<?xml version=1?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;&#60;img src=x onerror=alert(1)&#62;",
        "<p\u0000onclick=alert(1)>x</p><\u0000script>alert(1)</script>",
        "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html;base64,PHN2Zz4=) [v](vbscript:x) [w](java\tscript:alert(1))",
        "![x](https://evil.example/pixel.gif) ![y](javascript:alert(1)) ![z](attachment:none) ![q](//evil.example/p.gif) ![r](\\\\evil.example/p.gif)",
        "<javascript:alert(1)> <https://ok.example>",
        "[x]: javascript:alert(1)\n[x]",
        "$\\href{javascript:alert(1)}{x}$ $$<img src=x onerror=alert(1)>$$ $\"><script>alert(1)</script>$",
        "{#id .class onclick=alert(1)}\n# head {onclick=alert(1)}",
        "\u001b[31m<img src=x onerror=alert(1)>\u001b[0m\u001b]8;;javascript:alert(1)\u0007x",
        "'\"><img src=x onerror=alert(1)>",
    ];

    public static TheoryData<string> Hostile => [.. Payloads];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Nothing_of_a_payload_becomes_active_markup(string payload)
    {
        foreach (var html in Everywhere(payload))
        {
            foreach (Match tag in Tag().Matches(html))
            {
                CheckTag(tag.Value, payload);
            }

            Assert.DoesNotContain("<", Tag().Replace(html, ""), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void No_payload_closes_an_element_of_the_page(string payload)
    {
        foreach (var html in Everywhere(payload))
        {
            var open = new Stack<string>();
            foreach (Match tag in Tag().Matches(html))
            {
                var name = tag.Groups["name"].Value;
                if (name is "br" or "hr" or "img" or "input")
                {
                    continue;
                }

                if (tag.Value.StartsWith("</", StringComparison.Ordinal))
                {
                    Assert.Equal(open.Pop(), name);
                }
                else
                {
                    open.Push(name);
                }
            }

            Assert.Empty(open);
        }
    }

    [Fact]
    public void A_table_keeps_its_cells_and_loses_everything_else()
    {
        var html = NotebookView.NotebookHtml(
            Made.Notebook(Made.Code("df", null, Made.Shown("text/html", "<div><style scoped>.x{}</style><table border=1 class=dataframe><thead><tr style='text-align: right;'><th></th><th>a&amp;b</th></tr></thead><tbody><tr><th>0</th><td colspan=2>1 &lt; 2</td></tr></tbody></table></div>"))),
            Made.Options());

        Assert.Contains("<table><thead><tr><th></th><th>a&amp;b</th></tr></thead><tbody><tr><th>0</th><td colspan=\"2\">1 &lt; 2</td></tr></tbody></table>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_are_links_and_never_inline()
    {
        var notebook = Made.Notebook(Made.Code("plot()", null, Made.Shown("image/png", "aGVsbG8="), Made.Shown("image/svg+xml", "<svg onload=alert(1)></svg>")));

        var html = NotebookView.NotebookHtml(notebook, Made.Options());

        Assert.Contains("<img src=\"/pictures/2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("base64", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_direction_override_in_code_is_made_visible() =>
        Assert.Contains("⟦U+202E⟧", NotebookView.NotebookHtml(Made.Notebook(Made.Code("if admin:\u202E # safe")), Made.Options()), StringComparison.Ordinal);

    private static IEnumerable<string> Everywhere(string payload)
    {
        var plain = Made.Notebook(Made.Code("x = 1", "aa", Made.Printed("1")), Made.Prose("words", "bb"));
        var hostile = Made.Notebook(
            Made.Prose(payload, "bb"),
            Made.Code(payload, "aa", Made.Printed(payload), Made.Shown("text/html", payload), Made.Shown("text/html", "<table><tr><td>" + payload), Made.Shown("text/markdown", payload), Made.Shown("text/latex", payload), Made.Shown("text/plain", payload), Made.Shown(payload, payload)),
            Made.Prose("# " + payload + "\n\n> " + payload + "\n\n| a | b |\n|---|---|\n| " + payload + " | x |"));
        yield return NotebookView.NotebookHtml(hostile, Made.Options());
        yield return NotebookView.DiffHtml(Made.Diff(plain, hostile), Made.Options());
        yield return NotebookView.DiffHtml(Made.Diff(hostile, plain), Made.Options());
        yield return NotebookView.DiffHtml(Made.Diff(hostile, hostile), Made.Options());
    }

    private static void CheckTag(string tag, string payload)
    {
        var name = Tag().Match(tag).Groups["name"].Value;
        Assert.DoesNotMatch("^(script|style|svg|math|iframe|object|embed|form|button|base|meta|link|template|textarea|noscript|foreignobject|use)$", name);
        foreach (Match attribute in Attribute().Matches(tag[(tag.IndexOf(name, StringComparison.Ordinal) + name.Length)..]))
        {
            var key = attribute.Groups["key"].Value;
            var value = attribute.Groups["value"].Value;
            Assert.True(key is "class" or "href" or "src" or "alt" or "rel" or "role" or "title" or "loading" or "decoding" or "colspan" or "rowspan" or "scope" or "open" or "start" or "type" or "disabled" or "checked" || key.StartsWith("data-", StringComparison.Ordinal) || key.StartsWith("aria-", StringComparison.Ordinal) || key == "style" && value.StartsWith("text-align", StringComparison.Ordinal), $"{key} of {tag} from {payload}");
            Assert.False(key == "src" && !value.StartsWith("/pictures/", StringComparison.Ordinal), $"{tag} from {payload}");
            Assert.False(key == "href" && !value.StartsWith("http", StringComparison.Ordinal), $"{tag} from {payload}");
        }
    }

    [GeneratedRegex("""</?(?<name>[a-zA-Z][a-zA-Z0-9:]*)(?:\s+[^\s=>"]+(?:="[^"]*")?)*\s*/?>""")]
    private static partial Regex Tag();

    [GeneratedRegex("""\s(?<key>[^\s=>"/]+)(?:="(?<value>[^"]*)")?""")]
    private static partial Regex Attribute();
}
