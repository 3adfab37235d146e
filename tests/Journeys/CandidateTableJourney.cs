using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>Somebody looks for the best of many candidates: filter, order, columns, a view for the others, an export.</summary>
public sealed class CandidateTableJourney
{
    private const string Table = ReviewBed.Project + "/-/experiments/1";
    private const string Hostile = "<img src=x onerror=\"document.title='owned'\"> שלום 🚣 " + "a-very-long-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on";

    [Fact]
    public async Task The_best_of_many_are_found_and_shown_to_others()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        using var log = new TrackedBed(bed);
        await FillAsync(log);
        await using var ada = await bed.VisitAsync("ada");
        await using var ben = await bed.VisitAsync("ben");

        await LookForExperimentAsync(ada);
        await FilterAsync(ada);
        await ChooseColumnsAsync(ada);
        await WalkAsync(ada);
        var view = await SaveViewAsync(ada);
        await OpenViewAsync(ben, view);
        await ExportAsync(ada);
        await HearOfNewOnesAsync(ada, log);
        await ada.GoAsync(Table);
        await ada.FairAsync("the table of candidates");
        await ada.LookInTheDarkAsync(Table + "?find=grad", "candidates-dark");
        await ada.FitsAsync(Table, "candidates-narrow");
        await ada.FitsAsync(Table + "?find=grad", "candidates-columns-narrow");
        Assert.DoesNotContain("owned", await ada.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Empty(ada.Complaints.Concat(ben.Complaints));
        await ReadWithoutScriptsAsync(bed);
    }

    private static async Task FillAsync(TrackedBed log)
    {
        await log.CreateExperimentAsync("forests");
        await log.CreateExperimentAsync(Hostile);
        await log.ForestsAsync("1", 15);
        var wide = await log.StartAsync("1", Hostile, 1_700_001_000_000);
        await log.LogAsync(wide, [("depth", "4"), ("note", Hostile)], Enumerable.Range(0, 900).Select(index => ($"layer {index}/grad", index / 7.0, 0L)));
    }

    private static async Task LookForExperimentAsync(BrowserVisit visit)
    {
        const string list = ReviewBed.Project + "/-/experiments";
        await visit.GoAsync(list);
        await Expect(visit.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(4);
        await visit.PictureAsync("experiments");
        await visit.FairAsync("the list of experiments");
        await visit.Page.GetByLabel("Search experiments").FillAsync("FOREST");
        await visit.Page.GetByLabel("Search experiments").PressAsync("Enter");
        await Expect(visit.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Deleted" }).ClickAsync();
        await Expect(visit.Page.GetByText("No experiment of that name")).ToBeVisibleAsync();
        await visit.LookInTheDarkAsync(list, "experiments-dark");
        await visit.FitsAsync(list, "experiments-narrow");
        await visit.GoAsync(list);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "forests", Exact = true }).ClickAsync();
        await Expect(visit.Page.GetByText("61 candidates")).ToBeVisibleAsync();
    }

    private static async Task FilterAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Table);
        await Expect(visit.Page.GetByText("61 candidates")).ToBeVisibleAsync();
        await visit.PictureAsync("candidates");
        var field = visit.Page.GetByLabel("Filter candidates");
        await field.PressSequentiallyAsync("metrics.au");
        await Expect(visit.Page.GetByRole(AriaRole.Option, new() { Name = "metrics.auc" })).ToBeVisibleAsync();
        await field.PressAsync("ArrowDown");
        await field.PressAsync("Enter");
        await Expect(field).ToHaveValueAsync("metrics.auc ");
        await field.PressSequentiallyAsync("~ 0.8");
        await field.PressAsync("Enter");
        await Expect(visit.Page.Locator("#filter-fault")).ToContainTextAsync("Invalid clause");
        await visit.PictureAsync("candidates-fault");
        await field.FillAsync("metrics.auc > 0.8 and params.depth = '8'");
        await field.PressAsync("Enter");
        await Expect(visit.Page.GetByText("30 candidates match")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "auc", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("th[aria-sort=descending]")).ToContainTextAsync("auc");
        await Expect(visit.Page.GetByText("30 candidates match")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("14");
    }

    private static async Task ChooseColumnsAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Table);
        await visit.Page.Locator("#columns > summary").ClickAsync();
        await visit.Page.GetByLabel("Search columns").FillAsync("layer 77 grad");
        await visit.Page.GetByLabel("layer 777/grad").CheckAsync();
        await Expect(visit.Page.Locator("[data-columns-shown]").GetByLabel("layer 777/grad")).ToBeCheckedAsync();
        await visit.PictureAsync("candidates-columns");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show these columns" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Columnheader, new() { Name = "layer 777/grad" })).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("111");
        Assert.DoesNotContain("find=", visit.Page.Url, StringComparison.Ordinal);
    }

    private static async Task WalkAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Table + "?sort=metrics.auc%20ASC");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "After →" }).ClickAsync();
        await Expect(visit.Page.GetByText("51–61 of 61")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "After →" })).ToHaveCountAsync(0);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "← Before" }).ClickAsync();
        await Expect(visit.Page.GetByText("1–50 of 61")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "← Before" })).ToHaveCountAsync(0);
    }

    private static async Task<string> SaveViewAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Table + "?filter=params.depth%20%3D%20%278%27&sort=metrics.auc%20DESC&column=metrics.auc");
        await visit.Page.GetByText("Views", new() { Exact = true }).ClickAsync();
        await visit.Page.GetByLabel("Save what is shown as").FillAsync("Deep ones <b>");
        await visit.Page.GetByLabel("For all who see this project").CheckAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save the view" }).ClickAsync();
        await Expect(visit.Page.GetByText("the view Deep ones <b>, for all")).ToBeVisibleAsync();
        return new Uri(visit.Page.Url).PathAndQuery;
    }

    private static async Task OpenViewAsync(BrowserVisit visit, string view)
    {
        await visit.GoAsync(view);
        await Expect(visit.Page.GetByText("30 candidates match")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("th[aria-sort=descending]")).ToContainTextAsync("auc");
    }

    private static async Task ExportAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Table);
        await visit.Page.GetByText("Export", new() { Exact = true }).ClickAsync();
        var download = await visit.Page.RunAndWaitForDownloadAsync(() => visit.Page.GetByRole(AriaRole.Link, new() { Name = "CSV", Exact = true }).ClickAsync());
        Assert.Equal("forests.csv", download.SuggestedFilename);
        Assert.Equal(62, (await File.ReadAllLinesAsync((await download.PathAsync())!)).Length);
    }

    /// <summary>A table that is being looked at tells what it does not show, and stays as it is until one asks.</summary>
    private static async Task HearOfNewOnesAsync(BrowserVisit visit, TrackedBed log)
    {
        var run = await log.StartAsync("1", "still running", 1_700_002_000_000);
        await visit.GoAsync(Table);
        await log.FinishAsync(run);
        await log.StartAsync("1", "just begun", 1_700_003_000_000);
        var news = visit.Page.GetByText("1 new candidate, and 1 of those shown has ended.");
        await Expect(news).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await visit.PictureAsync("candidates-news");
        await Expect(visit.Page.GetByText("just begun")).ToHaveCountAsync(0);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Renew the table" }).ClickAsync();
        await Expect(visit.Page.GetByText("just begun")).ToBeVisibleAsync();
        await Expect(news).ToHaveCountAsync(0);
    }

    private static async Task ReadWithoutScriptsAsync(ReviewBed bed)
    {
        await using var visit = await bed.VisitAsync("ben", scripts: false);
        await visit.GoAsync(Table);
        await visit.Page.Locator("#columns > summary").ClickAsync();
        await visit.Page.GetByLabel("Search columns").FillAsync("layer 12/");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Search", Exact = true }).ClickAsync();
        await visit.Page.GetByLabel("layer 12/grad").CheckAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show these columns" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Columnheader, new() { Name = "layer 12/grad" })).ToBeVisibleAsync();
    }
}
