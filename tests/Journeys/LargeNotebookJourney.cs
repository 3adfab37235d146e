using System.Text.Json.Nodes;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>What is large, and what others wrote: it opens, and pieces come as the reader reaches them.</summary>
public sealed class LargeNotebookJourney(ITestOutputHelper log)
{
    private const int Plates = 300;
    private const int PlateBytes = 120_000;
    private const string Changes = ReviewBed.Project + "/-/merge_requests/1/changes";
    private static readonly string[] Real = ["006", "065", "121", "207", "283"];

    [Fact]
    public async Task A_notebook_of_50_MB_with_300_pictures_opens_piece_by_piece()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        bed.Write("atlas.ipynb", Atlas(0));
        await bed.PushAsync("Begin");
        await bed.GitAsync("switch", "-q", "-c", "anew");
        bed.Write("atlas.ipynb", Atlas(1));
        await bed.PushAsync("Draw a third anew", "-o", "merge_request.create");
        await using var visit = await bed.VisitAsync("ben");
        foreach (var path in new[] { $"{ReviewBed.Project}/-/blob/anew/atlas.ipynb", Changes })
        {
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var answer = (await visit.Page.GotoAsync(bed.Url + path, new() { WaitUntil = WaitUntilState.DOMContentLoaded }))!;
            var html = await answer.TextAsync();
            log.WriteLine($"{path}: {html.Length:N0} characters of HTML after {watch.ElapsedMilliseconds} ms");
            Assert.InRange(html.Length, 10_000, 600_000);
            Assert.DoesNotContain("base64", html, StringComparison.Ordinal);
            var cells = visit.Page.Locator("[data-cell]");
            Assert.InRange(await cells.CountAsync(), 20, 400);
            for (var tries = 0; tries < 60 && await cells.CountAsync() < 2 * Plates; tries++)
            {
                await visit.Page.EvaluateAsync("scrollTo(0, document.documentElement.scrollHeight)");
                await Task.Delay(250);
            }

            Assert.Equal(2 * Plates, await cells.CountAsync());
        }

        var picture = await visit.Page.Locator(".nb img").First.GetAttributeAsync("src");
        Assert.Matches("/notebook_images/[0-9a-f]{40}/[0-9a-f]{64}$", picture);
        var headers = (await visit.Page.APIRequest.GetAsync(bed.Url + picture)).Headers;
        Assert.Contains("immutable", headers["cache-control"], StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    [Fact]
    public async Task Notebooks_that_others_wrote_open_in_every_view()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        var pairs = Path.GetFullPath(Path.Combine(SqueroProcess.Root, "..", "shared", "notebooks", "pairs"));
        Assert.SkipUnless(Directory.Exists(pairs), $"There are no notebooks at {pairs}.");
        await using var bed = await ReviewBed.StartAsync();
        await TakeAsync(bed, pairs, "before");
        await bed.PushAsync("Begin");
        await bed.GitAsync("switch", "-q", "-c", "newer");
        await TakeAsync(bed, pairs, "after");
        await bed.PushAsync("Bring them up to date", "-o", "merge_request.create");
        await using var visit = await bed.VisitAsync("ben");
        foreach (var id in Real)
        {
            foreach (var (view, seen) in new[] { ("", ".nb-diff [data-cell]"), ("rich", ".nb-rich [data-cell]"), ("report", ".nb-report [data-cell]"), ("raw", "tr.diff--added") })
            {
                var path = $"{id}.ipynb";
                await visit.GoAsync($"{Changes}?file={path}{(view.Length > 0 ? $"&{view}={path}" : "")}");
                await Expect(visit.Page.Locator(seen + " >> visible=true").First).ToBeVisibleAsync();
            }

            await visit.FitsAsync($"{Changes}?file={id}.ipynb", $"notebook-real-{id}-360");
        }

        await visit.GoAsync(Changes);
        await visit.PictureAsync("notebook-real");
        Assert.Empty(visit.Complaints);
    }

    private static async Task TakeAsync(ReviewBed bed, string pairs, string side)
    {
        foreach (var id in Real)
        {
            bed.Write($"{id}.ipynb", await File.ReadAllTextAsync(Path.Combine(pairs, id, side + ".ipynb")));
        }
    }

    private static string Atlas(int change)
    {
        var cells = new JsonArray();
        for (var plate = 0; plate < Plates; plate++)
        {
            var bytes = new byte[PlateBytes];
            new Random((plate * 7) + (plate % 3 == 0 ? change : 0)).NextBytes(bytes);
            cells.Add(new JsonObject { ["cell_type"] = "markdown", ["id"] = $"m{plate}", ["metadata"] = new JsonObject(), ["source"] = $"## Plate {plate}" });
            cells.Add(new JsonObject
            {
                ["cell_type"] = "code",
                ["id"] = $"c{plate}",
                ["metadata"] = new JsonObject(),
                ["source"] = $"show({plate})",
                ["execution_count"] = plate,
                ["outputs"] = new JsonArray(new JsonObject
                {
                    ["output_type"] = "display_data",
                    ["metadata"] = new JsonObject(),
                    ["data"] = new JsonObject { ["image/png"] = Convert.ToBase64String([0x89, 0x50, 0x4E, 0x47, .. bytes]) },
                }),
            });
        }

        return new JsonObject { ["cells"] = cells, ["metadata"] = new JsonObject(), ["nbformat"] = 4, ["nbformat_minor"] = 5 }.ToJsonString();
    }
}
