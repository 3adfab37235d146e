using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Squero.Journeys.ReviewStage;

namespace Squero.Journeys;

/// <summary>Every view of a changed notebook, its pictures and charts, and what lies behind an output.</summary>
internal static class NotebookViews
{
    /// <summary>Each view is a link with an address of its own, and fits every screen in light and dark.</summary>
    public static async Task LookAtViewsAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Changes);
        var views = visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "View of " + Report });
        await Expect(views.Locator("[aria-current]")).ToHaveTextAsync("Clean");
        foreach (var (name, seen) in new[]
        {
            ("Rich", ".nb-rich .nb-was"), ("Report", ".nb-report .nb-fold-code"), ("Raw", "tr.diff--added"), ("Clean", ".nb-edited .nb-line.nb-add"),
        })
        {
            await views.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
            await Expect(visit.Page.Locator(seen).First).ToBeVisibleAsync();
            var shared = visit.Page.Url;
            await visit.PictureAsync($"notebook-{name.ToLowerInvariant()}");
            await visit.GoAsync(new Uri(shared).PathAndQuery);
            await Expect(views.Locator("[aria-current]")).ToHaveTextAsync(name);
            await Expect(visit.Page.Locator(seen).First).ToBeVisibleAsync();
            await visit.FitsAsync(new Uri(shared).PathAndQuery, $"notebook-{name.ToLowerInvariant()}-360");
            await visit.FairAsync($"the view {name}");
        }

        await visit.LookInTheDarkAsync($"{Changes}?rich={Report}", "notebook-rich-dark");
        await visit.FairAsync("the rich view in the dark");
        await visit.LookInTheDarkAsync($"{Changes}?report={Report}", "notebook-report-dark");
    }

    /// <summary>The same views on the pages of a commit, a comparison and a file.</summary>
    public static async Task LookElsewhereAsync(ReviewBed bed, BrowserVisit visit)
    {
        var sha = (await bed.GitAsync("rev-parse", "HEAD")).Trim();
        foreach (var page in new[] { $"/-/commit/{sha}", "/-/compare/main...regular" })
        {
            await visit.GoAsync(ReviewBed.Project + page);
            await Expect(visit.Page.Locator(".nb-moved")).ToHaveCountAsync(2);
            foreach (var (name, seen) in new[] { ("Rich", ".nb-rich"), ("Report", ".nb-report"), ("Raw", "tr.diff--added") })
            {
                await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "View of " + Report }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
                await Expect(visit.Page.Locator(seen).First).ToBeVisibleAsync();
            }
        }

        await visit.GoAsync($"{ReviewBed.Project}/-/blob/regular/{Report}");
        foreach (var (name, seen) in new[] { ("Rich", ".nb-fold-form"), ("Source", ".code"), ("Report", ".nb-report .nb-fold-code") })
        {
            await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "View" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
            await Expect(visit.Page.Locator(seen).First).ToBeVisibleAsync();
        }

        await visit.PictureAsync("notebook-file-report");
        await visit.FairAsync("the page of a notebook");
        await visit.PrintAsync("notebook-file-printed");
    }

    public static async Task ReadTheChangeAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Changes);
        var page = visit.Page;
        await Expect(page.Locator(".nb-noise > summary")).ToContainTextAsync("regenerated");
        await page.Locator(".nb-noise > summary").ClickAsync();
        await Expect(page.Locator(".nb-noise-list")).ToContainTextAsync("execution count 11 → 13");
        await Expect(page.Locator(".nb-changed ins", new() { HasText = "8691" })).ToHaveCountAsync(1);
        await Expect(page.Locator(".nb-head", new() { HasText = "moved from 8" })).ToBeVisibleAsync();
        await Expect(page.Locator(".nb-moved .nb-line.nb-add", new() { HasText = "median" })).ToBeVisibleAsync();
        await Expect(page.Locator(".nb-head", new() { HasText = "split, goes on in cell 16" })).ToBeVisibleAsync();
        await Expect(page.Locator(".nb-head", new() { HasText = "split from cell 15" })).ToBeVisibleAsync();
        await Expect(page.Locator(".nb-head", new() { HasText = "merged into cell 17" })).ToBeVisibleAsync();
        await Expect(page.Locator(".nb-differs", new() { HasText = "0.425" })).ToBeVisibleAsync();
        await Expect(page.Locator(".nb-warnings")).ToContainTextAsync("a credential in cell 19");
        await Expect(page.Locator(".nb-warning--grave")).ToContainTextAsync("ghp_… (40 characters)");
        Assert.DoesNotContain(Secret[8..], await page.ContentAsync(), StringComparison.Ordinal);
        await Expect(page.Locator(".strip__line", new() { HasText = "1 warning" })).ToBeVisibleAsync();
        await CompareAsync(page.Locator("[data-image-compare]").First, visit);
    }

    /// <summary>A chart is drawn in a frame without an origin, as large as it is.</summary>
    public static async Task LookAtChartsAsync(BrowserVisit visit)
    {
        await visit.GoAsync($"{Changes}?rich={Report}");
        foreach (var title in new[] { "Vega-Lite chart, output 1 of cell 10", "Plotly chart, output 1 of cell 11" })
        {
            var element = visit.Page.Locator($"iframe[title='{title}']").Last;
            await element.ScrollIntoViewIfNeededAsync();
            var frame = await (await element.ElementHandleAsync()).ContentFrameAsync() ?? throw new InvalidOperationException($"{title} has no frame.");
            await frame.WaitForSelectorAsync("#chart svg");
            Assert.Equal("null", await frame.EvaluateAsync<string>("self.origin"));
            await visit.Page.WaitForFunctionAsync("one => one.clientHeight > 100 && one.clientHeight < 470", await element.ElementHandleAsync());
            await visit.WindowPictureAsync("notebook-" + title.Split(' ')[0].ToLowerInvariant());
        }

        await Expect(visit.Page.Locator(".nb-widget").First).ToContainTextAsync("Months");
    }

    /// <summary>From a table to the cells and the file behind it.</summary>
    public static async Task LookBehindAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Changes);
        var table = visit.Page.Locator(".nb-output.nb-new:has(table)");
        await table.HoverAsync();
        await table.Locator(".nb-origin").ClickAsync();
        var made = visit.Page.Locator("[data-made]");
        await Expect(made).ToContainTextAsync("Made by cell 6, which rests on cell 2 and cell 4.");
        await made.ScrollIntoViewIfNeededAsync();
        await visit.WindowPictureAsync("notebook-made-by");
        await made.GetByRole(AriaRole.Link, new() { Name = "data/customers.csv" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("customers.csv");
    }

    private static async Task CompareAsync(ILocator figure, BrowserVisit visit)
    {
        await figure.ScrollIntoViewIfNeededAsync();
        foreach (var mode in new[] { "Swipe", "Onion", "Difference" })
        {
            await figure.GetByRole(AriaRole.Button, new() { Name = mode }).FocusAsync();
            await visit.Page.Keyboard.PressAsync("Enter");
            if (mode != "Difference")
            {
                await figure.GetByRole(AriaRole.Slider).FocusAsync();
                await visit.Page.Keyboard.PressAsync("End");
                Assert.Equal("100%", await figure.EvaluateAsync<string>("one => one.style.getPropertyValue('--share')"));
            }

            await BrowserVisit.PictureAsync($"notebook-compare-{mode.ToLowerInvariant()}", figure);
        }

        await figure.GetByRole(AriaRole.Button, new() { Name = "2-up" }).ClickAsync();
    }
}
