using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Squero.Journeys.ReviewStage;

namespace Squero.Journeys;

/// <summary>
/// A review by somebody who reads the report and not the code: every kind of thread is begun in the report view and leads back to
/// it, on a large screen, by a finger on a small one, and what is refused is said where it was typed.
/// </summary>
public sealed class ReportReviewJourney
{
    private const string View = Changes + "?report=" + Report;

    [Fact]
    public async Task A_report_is_reviewed_without_leaving_the_report()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        await BeginAsync(bed);
        await using var ben = await bed.VisitAsync("ben");

        await SeeOnlyWhatIsThereAsync(ben);
        await CommentAsync(ben);
        await CommentByKeysAsync(ben);
        await ReadOnEveryScreenAsync(ben);
        await LookAtTheRawLinesAsync(ben);
        Assert.Empty(ben.Complaints);
        await BeRefusedAsync(ben);
        await ApplyTooLateAsync(bed, ben);
        await using var finger = await bed.VisitAsync("ben", telephone: true);
        await CompareByTouchAsync(finger);
        Assert.Empty(finger.Complaints);
    }

    /// <summary>Neither jobs nor models: no tab speaks of them.</summary>
    private static async Task SeeOnlyWhatIsThereAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request);
        await Expect(visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "Merge request", Exact = true }).GetByRole(AriaRole.Link)).ToHaveTextAsync(["Overview", "Changes1", "Commits1"]);
    }

    private static async Task CommentAsync(BrowserVisit visit)
    {
        var page = visit.Page;
        await OpenAsync(visit, async () =>
        {
            var code = page.Locator(".nb-fold-code", new() { HasText = "C=0.5" });
            await code.Locator("summary").ClickAsync();
            return code.Locator(".nb-line.nb-add", new() { HasText = "C=0.5" });
        });
        await SayAsync(visit, "A line", "question");
        await OpenAsync(visit, () => Task.FromResult(page.Locator(".nb-output.nb-changed", new() { HasText = "0.8691" })));
        await SayAsync(visit, "An output", "praise");
        await OpenAsync(visit, () => Task.FromResult(page.Locator(".nb-output", new() { HasText = "(860, 7)" })));
        await SayAsync(visit, "What did not change", "");
        await OpenAsync(visit, () => Task.FromResult(page.Locator(".nb-cell.nb-markdown .nb-body", new() { HasText = "One row per customer" })));
        await SayAsync(visit, "Prose", "teaching");
        await OpenAsync(visit, () => Task.FromResult(page.Locator(".nb-cell.nb-code .nb-body", new() { HasText = "(860, 7)" })));
        await SayAsync(visit, "A cell", "");
        await visit.GoAsync(View);
        await page.Locator(".compare__bar").GetByRole(AriaRole.Button, new() { Name = "Comment" }).First.ClickAsync();
        await DrawAsync(page, page.Locator(".compare__side--new img").First);
        await SayAsync(visit, "A part of a picture", "suggestion");
        await visit.GoAsync(View);
        await page.Locator(".diff-file__head").GetByRole(AriaRole.Link, new() { Name = "Comment" }).ClickAsync();
        await SayAsync(visit, "The notebook", "");
    }

    private static async Task OpenAsync(BrowserVisit visit, Func<Task<ILocator>> find)
    {
        await visit.GoAsync(View);
        var place = (await find()).First;
        await place.HoverAsync();
        await place.Locator("> .nb-comment").ClickAsync();
        await Expect(visit.Page.Locator("[data-open-comment] textarea")).ToBeFocusedAsync();
    }

    private static async Task SayAsync(BrowserVisit visit, string words, string meant)
    {
        await ReviewStage.SayAsync(visit, words, meant);
        await Expect(visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "View of " + Report }).Locator("[aria-current]")).ToHaveTextAsync("Report");
        Assert.Contains("report=", visit.Page.Url, StringComparison.Ordinal);
    }

    private static async Task CommentByKeysAsync(BrowserVisit visit)
    {
        await visit.GoAsync(View);
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("j");
        await visit.Page.Keyboard.PressAsync("c");
        await Expect(visit.Page.Locator("[data-open-comment] textarea")).ToBeFocusedAsync();
        await visit.Page.Keyboard.TypeAsync("By keys alone");
        await visit.Page.Keyboard.PressAsync("Control+Enter");
        await Expect(visit.Page.Locator("[data-thread]", new() { HasText = "By keys alone" })).ToBeVisibleAsync();
        Assert.Contains("report=", visit.Page.Url, StringComparison.Ordinal);
    }

    private static async Task ReadOnEveryScreenAsync(BrowserVisit visit)
    {
        await visit.GoAsync(View);
        await Expect(visit.Page.Locator("[data-thread]")).ToHaveCountAsync(8);
        await Expect(visit.Page.Locator(".region-layer__box")).ToHaveCountAsync(1);
        await visit.PictureAsync("report-review");

        // An outline lies over its picture, to the edges.
        Assert.Equal(0, await visit.Page.Locator(".region-layer").EvaluateAllAsync<int>(
            """
            layers => layers.filter((layer) => {
              const [over, under] = [layer, layer.parentElement.querySelector("img")].map((one) => one.getBoundingClientRect());
              return Math.abs(over.top - under.top) > 1 || Math.abs(over.height - under.height) > 1 || Math.abs(over.width - under.width) > 1;
            }).length
            """));
        await visit.FairAsync("the report with threads");
        await visit.LookInTheDarkAsync(View, "report-review-dark");
        foreach (var width in new[] { 768, 360 })
        {
            await visit.FitsAsync(View, $"report-review-{width}", width);
        }
    }

    /// <summary>A credential of an output is shown to whoever asks for it, and only there.</summary>
    private static async Task LookAtTheRawLinesAsync(BrowserVisit visit)
    {
        await visit.GoAsync($"{Changes}?raw={Report}");
        Assert.DoesNotContain(Secret[8..], await visit.Page.ContentAsync(), StringComparison.Ordinal);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Show it", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator("tr.diff--added", new() { HasText = Secret })).ToHaveCountAsync(1);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Hide it again" }).ClickAsync();
        await Expect(visit.Page.Locator("tr.diff--added", new() { HasText = "ghp_…" })).ToHaveCountAsync(1);
    }

    /// <summary>What a form says is refused is told above its button, and can be mended and sent again.</summary>
    private static async Task BeRefusedAsync(BrowserVisit visit)
    {
        await visit.GoAsync(View);
        var figure = visit.Page.Locator("[data-image-compare]").Last;
        await figure.GetByRole(AriaRole.Button, new() { Name = "Comment" }).ClickAsync();
        await figure.GetByRole(AriaRole.Button, new() { Name = "Draw a region" }).ClickAsync();
        var form = visit.Page.Locator("[data-open-comment] form");
        await form.Locator("textarea").FillAsync("Half a thought");
        await form.Locator("[data-region-number=x]").FillAsync("90");
        await form.GetByRole(AriaRole.Button, new() { Name = "Start a thread" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("A region takes four numbers");
        await Expect(form.Locator("textarea")).ToHaveValueAsync("Half a thought");
        await visit.WindowPictureAsync("report-refused");

        await visit.OfflineAsync(true);
        await form.Locator("[data-region-number=x]").FillAsync("");
        await form.GetByRole(AriaRole.Button, new() { Name = "Start a thread" }).ClickAsync();
        await Expect(form.GetByRole(AriaRole.Alert)).ToContainTextAsync("No answer came");
        await visit.OfflineAsync(false);
        await visit.SendAsync(form.GetByRole(AriaRole.Button, new() { Name = "Start a thread" }));
        await Expect(visit.Page.Locator("[data-thread]", new() { HasText = "Half a thought" })).ToHaveCountAsync(1);
    }

    /// <summary>A suggestion whose branch has moved says so where it stands.</summary>
    private static async Task ApplyTooLateAsync(ReviewBed bed, BrowserVisit visit)
    {
        await OpenAsync(visit, () => Task.FromResult(visit.Page.Locator(".nb-line.nb-add", new() { HasText = "C=0.5" })));
        var form = visit.Page.Locator("[data-open-comment] form");
        await form.GetByText("Suggest a change").ClickAsync();
        await Expect(form.Locator("textarea")).ToHaveValueAsync(new Regex("C=0.5"));
        await form.Locator("textarea").FillAsync((await form.Locator("textarea").InputValueAsync()).Replace("C=0.5", "C=0.4", StringComparison.Ordinal));
        await visit.SendAsync(form.GetByRole(AriaRole.Button, new() { Name = "Start a thread" }));
        bed.Write("more.txt", "more\n");
        await bed.PushAsync("Go on");

        var suggestion = visit.Page.Locator(".suggestion", new() { HasText = "C=0.4" });
        await suggestion.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Expect(suggestion.GetByRole(AriaRole.Alert)).ToContainTextAsync("the branch moved while you looked");
        for (var tries = 0; tries < 60 && await visit.Page.GetByText("Version 2 of 2").CountAsync() == 0; tries++)
        {
            await Task.Delay(250);
            await visit.GoAsync(View);
        }

        await visit.SendAsync(suggestion.GetByRole(AriaRole.Button, new() { Name = "Apply" }));
        await Expect(visit.Page.Locator(".flash")).ToContainTextAsync("Applied a suggestion");
    }

    private static async Task CompareByTouchAsync(BrowserVisit visit)
    {
        await visit.GoAsync(View);
        var figure = visit.Page.Locator("[data-image-compare]").First;
        var stage = figure.Locator(".compare__stage");
        Task<string> ShareAsync() => figure.EvaluateAsync<string>("one => one.style.getPropertyValue('--share')");
        foreach (var mode in new[] { "Swipe", "Onion", "Difference" })
        {
            await figure.GetByRole(AriaRole.Button, new() { Name = mode }).TapAsync();
            await Expect(figure).ToHaveAttributeAsync("data-mode", mode.ToLowerInvariant());
            if (mode == "Swipe")
            {
                await visit.DragAsync(stage, (0.1f, 0.5f), (0.75f, 0.5f));
                Assert.Equal("75%", await ShareAsync());
            }

            if (mode == "Onion")
            {
                await visit.DragAsync(figure.GetByRole(AriaRole.Slider), (0.5f, 0.5f), (0, 0.5f));
                Assert.Equal("0%", await ShareAsync());
            }

            await BrowserVisit.PictureAsync($"report-touch-{mode.ToLowerInvariant()}", figure);
        }

        await figure.GetByRole(AriaRole.Button, new() { Name = "2-up" }).TapAsync();
        await figure.GetByRole(AriaRole.Button, new() { Name = "Comment" }).TapAsync();
        await visit.DragAsync(figure.Locator(".compare__side--new img"), (0.2f, 0.2f), (0.6f, 0.7f));
        await Expect(visit.Page.Locator("[data-region-number=width]")).Not.ToHaveValueAsync("");
        await ReviewStage.SayAsync(visit, "Drawn by a finger", "");
    }
}
