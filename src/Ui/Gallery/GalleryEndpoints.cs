using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Squero.Ui;

/// <summary>The gallery: every component in every state, for those who build pages and for the browser tests.</summary>
internal static class GalleryEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.AllowAnonymous();
        group.MapGet("", IResult (bool? empty) => new RazorComponentResult<GalleryPage>());
        group.MapGet("/error", IResult () => new RazorComponentResult<ErrorPage>(new
        {
            Status = 409,
            Title = "This cannot be saved now",
            Sentence = "The page was changed by somebody else at 14:03 while you were writing.",
            Kept = "Your text is still in the form on the page before.",
            Next = "Go back, read the change, and save again.",
        }));
        group.MapGet("/series", Series);
        group.MapGet("/log", () => Results.Text(Log, "text/plain; charset=utf-8"));
        group.MapGet("/fragment", (HttpContext http) => Results.Text(
            "<p data-final>Fetched once, and final: <strong>all is done</strong>.</p>", "text/html; charset=utf-8"));
        group.MapGet("/plot-{name}.svg", (string name) => Results.Text(Plot(name == "after"), "image/svg+xml"));
    }

    private static readonly string Log = string.Join('\n',
    [
        "2026-03-12T14:03:01.120000Z 00O Running on \u001b[36mworkshop-2\u001b[0m",
        "2026-03-12T14:03:02.220000Z 00O section_start:1773324182:get_sources\r\u001b[0KGetting the sources",
        "2026-03-12T14:03:02.320000Z 00O Checking out \u001b[33m8f14e45f\u001b[0m as detached HEAD",
        "2026-03-12T14:03:03.320000Z 00O section_end:1773324189:get_sources\r\u001b[0K",
        "2026-03-12T14:03:09.120000Z 00O section_start:1773324189:step_script\r\u001b[0KRunning the script",
        "2026-03-12T14:03:09.220000Z 00O \u001b[32;1m$ python train.py --seed 3\u001b[0m",
        "2026-03-12T14:03:12.220000Z 00O epoch 1  loss 0.6931  auc \u001b[1m0.712\u001b[0m",
        "2026-03-12T14:03:15.220000Z 00O epoch 2  loss 0.4102  auc \u001b[1m0.844\u001b[0m",
        "2026-03-12T14:03:16.220000Z 00O \u001b[33mwarning: 3 of 4,000 rows have no label and are left out\u001b[0m",
        "2026-03-12T14:03:18.220000Z 00O downloading  10 %\rdownloading 100 %",
        "2026-03-12T14:03:19.220000Z 00O \u001b[31mTraceback (most recent call last): <script>alert(1)</script>\u001b[0m",
        "2026-03-12T14:03:20.220000Z 00O section_end:1773324200:step_script\r\u001b[0K",
        "2026-03-12T14:03:20.320000Z 00O \u001b[32mDone\u001b[0m",
        "",
    ]);

    /// <summary>Four curves, thinned to 500 points of 75,000 unless a narrower range is asked for.</summary>
    private static IResult Series(double? from, double? to)
    {
        const int All = 75_000;
        var (low, high) = (Math.Clamp(from ?? 0, 0, All), Math.Clamp(to ?? All, 0, All));
        var step = Math.Max(1, (high - low) / 500);
        var xs = new List<double>();
        for (var x = Math.Floor(low); x <= high; x += step)
            xs.Add(Math.Round(x));
        var series = Enumerable.Range(1, 4).Select(seed => new
        {
            name = $"seed {seed}",
            x = xs,
            y = xs.Select(x => (double?)Curve(x, seed)).ToList(),
            min = seed == 1 ? xs.Select(x => Curve(x, seed) - 0.02).ToList() : null,
            max = seed == 1 ? xs.Select(x => Curve(x, seed) + 0.02).ToList() : null,
            points = All,
        });
        return Results.Json(new { x = "step", series });
    }

    private static double Curve(double x, int seed) =>
        0.95 - (0.5 / (1 + (x / (3000 + (seed * 900))))) + (0.006 * Math.Sin((x / 700) + seed)) - (seed * 0.008);

    private static string Plot(bool after)
    {
        var svg = new StringBuilder("<svg xmlns='http://www.w3.org/2000/svg' width='480' height='300' viewBox='0 0 480 300'><rect width='480' height='300' fill='white'/><path d='M40 20v250h420' stroke='black' fill='none'/>");
        for (var bar = 0; bar < 12; bar++)
        {
            var height = 30 + (170 * Math.Abs(Math.Sin((bar * 0.5) + (after ? 0.35 : 0))));
            svg.Append(CultureInfo.InvariantCulture, $"<rect x='{52 + (bar * 33)}' y='{270 - height:0}' width='26' height='{height:0}' fill='{(after ? "steelblue" : "slategray")}'/>");
        }
        return svg.Append("</svg>").ToString();
    }
}
