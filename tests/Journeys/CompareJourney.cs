using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>Somebody compares candidates in every view, and reads curves closely.</summary>
public sealed class CompareJourney
{
    private const string Compare = ReviewBed.Project + "/-/candidates?experiment=1";
    private const int Long = 300_000;

    [Fact]
    public async Task Candidates_are_compared_in_every_view()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        using var log = new TrackedBed(bed);
        await log.CreateExperimentAsync("forests");
        var runs = await log.ForestsAsync("1", 3);
        await log.PutAsync("1", runs[0], "model/model.txt", "one"u8.ToArray());
        await log.PutAsync("1", runs[1], "model/model.txt", "other"u8.ToArray());
        await using var ada = await bed.VisitAsync("ada");

        await SelectAsync(ada);
        await CurvesAsync(ada);
        await ViewsAsync(ada);
        await BrushAsync(ada);
        foreach (var show in new[] { "curves", "scatter", "parallel", "contour", "box", "params", "files" })
        {
            await ada.GoAsync($"{Compare}&show={show}");
            await ada.FairAsync(show);
            await ada.FitsAsync($"{Compare}&show={show}", $"compare-{show}-narrow");
        }

        await ada.LookInTheDarkAsync(Compare + "&show=contour", "compare-contour-dark");
        Assert.Empty(ada.Complaints);
        await using var plain = await bed.VisitAsync("ada", scripts: false);
        await plain.GoAsync(Compare + "&show=box");
        await Expect(plain.Page.Locator(".plot__box")).ToHaveCountAsync(2);
        await plain.GoAsync(Compare);
        await Expect(plain.Page.GetByText("depth 8, rate 0.1", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_long_curve_says_what_it_leaves_out_and_shows_it_when_one_comes_near()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        using var log = new TrackedBed(bed);
        var run = await log.StartAsync("0", "long", 1_700_000_000_000);
        for (var first = 0; first < Long; first += 1000)
        {
            var from = first;
            await log.LogAsync(run, [], Enumerable.Range(from, 1000).Select(step => ("loss", step == 123_457 ? 9.5 : Math.Sin(step / 5000.0), (long)step)));
        }

        await using var ada = await bed.VisitAsync("ada");
        await ada.GoAsync(ReviewBed.Project + "/-/candidates/1");
        var note = ada.Page.Locator("[data-chart-note]").First;
        await Expect(note).ToContainTextAsync("of 300,000 points");
        await ada.PictureAsync("curve-long");
        Assert.Equal(9.5, await PeakAsync(ada, ""));

        // Dragging over a small part asks again, for that part.
        var box = (await ada.Page.Locator(".u-over").First.BoundingBoxAsync())!;
        var asked = ada.Page.WaitForRequestAsync(request => request.Url.Contains("/curves/loss", StringComparison.Ordinal) && request.Url.Contains("from=", StringComparison.Ordinal));
        await ada.Page.Mouse.MoveAsync(box.X + (box.Width * 0.5f), box.Y + 50);
        await ada.Page.Mouse.DownAsync();
        await ada.Page.Mouse.MoveAsync(box.X + (box.Width * 0.5f) + 8, box.Y + 50, new() { Steps = 4 });
        await ada.Page.Mouse.UpAsync();
        await asked;
        await Expect(note).ToContainTextAsync("double-click for all");
        await ada.GoAsync(ReviewBed.Project + "/-/candidates/1");
        var exact = await ada.Page.EvaluateAsync<int[]>(
            "async () => { const answer = await (await fetch(location.pathname + '/curves/loss?from=100000&to=101000')).json(); return [answer.series[0].x.length, answer.series[0].points]; }");
        Assert.Equal([1001, 1001], exact);
        Assert.Empty(ada.Complaints);
    }

    [Fact]
    public async Task A_curve_is_broken_where_there_is_no_number_and_is_zoomed_without_a_mouse()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        using var log = new TrackedBed(bed);
        var run = await log.StartAsync("0", "unstable", 1_700_000_000_000);
        await log.CallAsync("runs/log-batch", new
        {
            run_id = run,
            metrics = Enumerable.Range(0, 101).Select(step => new { key = "loss", value = step is >= 40 and < 60 ? (object)"NaN" : step / 10.0, timestamp = 1_700_000_000_000 + step, step }),
        });
        await using var ada = await bed.VisitAsync("ada");
        await ada.GoAsync(ReviewBed.Project + "/-/candidates/1");
        var note = ada.Page.Locator("[data-chart-note]").First;
        await Expect(note).ToHaveTextAsync("101 of 101 points · 20 NaN or infinite");
        await ada.PictureAsync("curve-broken");
        await ada.Page.GetByRole(AriaRole.Group, new() { NameRegex = new("^loss: plus and minus zoom") }).FocusAsync();
        await ada.Page.Keyboard.PressAsync("+");
        await Expect(note).ToHaveTextAsync("51 of 51 points · 20 NaN or infinite · double-click for all");
        await ada.Page.Keyboard.PressAsync("0");
        await Expect(note).ToHaveTextAsync("101 of 101 points · 20 NaN or infinite");
        await ada.FairAsync("a chart that takes the focus");
        Assert.Empty(ada.Complaints);
    }

    private static Task<double> PeakAsync(BrowserVisit visit, string query) => visit.Page.EvaluateAsync<double>(
        "async query => { const answer = await (await fetch(location.pathname + '/curves/loss' + query)).json(); return Math.max(...answer.series[0].y); }", query);

    private static async Task SelectAsync(BrowserVisit visit)
    {
        await visit.GoAsync(ReviewBed.Project + "/-/experiments/1");
        await visit.Page.GetByLabel("Compare c-1", new() { Exact = true }).CheckAsync();
        await visit.Page.GetByLabel("Compare c-2", new() { Exact = true }).CheckAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Compare selected" }).ClickAsync();
        await Expect(visit.Page.GetByText("2 candidates in 1 group")).ToBeVisibleAsync();
        await visit.GoAsync(ReviewBed.Project + "/-/experiments/1");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Compare all" }).ClickAsync();
        await Expect(visit.Page.GetByText("12 candidates in 4 groups that differ in more than the seed")).ToBeVisibleAsync();
    }

    private static async Task CurvesAsync(BrowserVisit visit)
    {
        await Expect(visit.Page.Locator(".chart canvas")).ToHaveCountAsync(2);
        await Expect(visit.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("depth 8, rate 0.1 \\(n 3\\)") }).First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("[data-chart-note]").First).ToContainTextAsync("400 means of 1,200 points");
        await visit.PictureAsync("compare-curves");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Each candidate" }).ClickAsync();
        await Expect(visit.Page.Locator("[data-chart-note]").First).ToContainTextAsync("1,200 of 1,200 points");
        await visit.Page.GetByLabel("Over", new() { Exact = true }).SelectOptionAsync("metrics.loss");
        await Expect(visit.Page.GetByText("auc over loss")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".chart canvas")).ToHaveCountAsync(1);
        await visit.Page.GetByLabel("Over", new() { Exact = true }).SelectOptionAsync("time");
        await Expect(visit.Page.Locator(".chart canvas")).ToHaveCountAsync(2);
        await visit.PictureAsync("compare-time");
    }

    private static async Task ViewsAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Compare);
        foreach (var (tab, selector, count) in new[] { ("Scatter", ".plot__dot", 12), ("Contour", ".plot__dot", 12), ("Box plots", ".plot__box", 2) })
        {
            await visit.FollowAsync(tab, "Views");
            await Expect(visit.Page.Locator(selector)).ToHaveCountAsync(count);
            await visit.PictureAsync($"compare-{tab.ToLowerInvariant()}");
        }

        await visit.FollowAsync("Params", "Views");
        await Expect(visit.Page.GetByRole(AriaRole.Rowheader)).ToHaveTextAsync(["depth", "rate", "seed"]);
        await Expect(visit.Page.GetByText("1 more param is equal in all of them.")).ToBeVisibleAsync();
        await visit.FollowAsync("Files", "Views");
        await Expect(visit.Page.Locator("tr", new() { HasText = "model/model.txt" })).ToContainTextAsync("kind 2");
    }

    private static async Task BrushAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Compare + "&show=parallel");
        await Expect(visit.Page.Locator("#compared tbody tr:visible")).ToHaveCountAsync(12);
        var axis = visit.Page.GetByRole(AriaRole.Slider, new() { Name = "Limit auc" });
        await axis.FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowUp");
        await Expect(visit.Page.Locator("[data-parallel-note]")).ToContainTextAsync("of 12 within the marks");
        await Expect(visit.Page.Locator("#compared tbody tr:visible")).ToHaveCountAsync(3);
        await visit.PictureAsync("compare-parallel");
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("#compared tbody tr:visible")).ToHaveCountAsync(12);
        var box = (await axis.Locator(".parallel__grip").BoundingBoxAsync())!;
        await visit.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + (box.Height * 0.5f));
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync(box.X + (box.Width / 2), box.Y + box.Height, new() { Steps = 5 });
        await visit.Page.Mouse.UpAsync();
        await Expect(visit.Page.Locator("[data-parallel-note]")).ToContainTextAsync("of 12 within the marks");
    }
}
