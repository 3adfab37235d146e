using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Squero.Journeys.ReviewStage;

namespace Squero.Journeys;

/// <summary>Threads on every kind of place, by mouse, by keys and without scripts.</summary>
internal static class NotebookThreads
{
    public static async Task CommentAsync(BrowserVisit visit)
    {
        var page = visit.Page;
        await OpenFormAsync(visit, page.Locator(".nb-line.nb-add", new() { HasText = "C=0.5" }));
        await page.Locator("[data-open-comment] input[name=blocking]").CheckAsync();
        await SayAsync(visit, Words[0], "question");
        await OpenFormAsync(visit, page.Locator(".nb-output.nb-changed", new() { HasText = "0.8691" }));
        await SayAsync(visit, Words[1], "praise");
        await visit.GoAsync(Changes);
        await page.Locator(".compare__bar").GetByRole(AriaRole.Button, new() { Name = "Comment" }).First.ClickAsync();
        await DrawAsync(page, page.Locator(".compare__side--new img").First);
        await SayAsync(visit, Words[2], "suggestion");
        await OpenFormAsync(visit, page.Locator("[data-cell]", new() { HasText = "split from" }).Locator(".nb-head"));
        await SayAsync(visit, Words[3], "teaching");
        await visit.GoAsync(Changes);
        await page.Locator(".diff-file__head").GetByRole(AriaRole.Link, new() { Name = "Comment" }).ClickAsync();
        await SayAsync(visit, Words[4], "");
        await OpenFormAsync(visit, page.Locator(".nb-line.nb-add", new() { HasText = "young_share = " }));
        await page.Locator("[data-open-comment] select[name=line]").SelectOptionAsync("1");
        await SayAsync(visit, Words[5], "question");
        await Expect(page.Locator(".region-layer__box").First).ToBeVisibleAsync();
        await Expect(page.Locator(".thread--blocking", new() { HasText = Words[0] })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Merge", Exact = true })).ToBeDisabledAsync();
        await Expect(page.Locator(".tree__note")).ToContainTextAsync("4 open");
        await visit.PictureAsync("notebook-threads");
        foreach (var view in new[] { "", $"?rich={Report}", $"?inline={Report}", $"?report={Report}", $"?raw={Report}" })
        {
            await AllAreThereAsync(visit, Changes + view);
        }

        await visit.PictureAsync("notebook-threads-raw");
        await visit.FitsAsync(Changes, "notebook-threads-360");
        await visit.FairAsync("threads");
    }

    public static async Task WalkByKeysAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Changes);
        var at = visit.Page.Locator(".is-at");
        async Task PressAsync(string key, string attribute)
        {
            await visit.Page.Keyboard.PressAsync(key);
            await Expect(visit.Page.Locator($".is-at[{attribute}]")).ToHaveCountAsync(1);
        }

        await PressAsync("j", "data-cell");
        var first = await at.GetAttributeAsync("id");
        await PressAsync("j", "data-cell");
        Assert.NotEqual(first, await at.GetAttributeAsync("id"));
        await PressAsync("k", "data-cell");
        Assert.Equal(first, await at.GetAttributeAsync("id"));
        await visit.Page.Keyboard.PressAsync("c");
        await Expect(visit.Page.Locator("[data-open-comment] textarea")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
        await Expect(visit.Page.Locator("[data-open-comment]")).ToHaveCountAsync(0);
        await Expect(at).ToBeFocusedAsync();
        await PressAsync("n", "data-thread");
        await PressAsync("n", "data-thread");
        await PressAsync("p", "data-thread");
        await PressAsync("]", "data-file");
        await PressAsync("[", "data-file");
        await visit.Page.Keyboard.PressAsync("?");
        await Expect(visit.Page.Locator("[data-keyboard-help]")).ToBeVisibleAsync();
        await visit.Page.Keyboard.PressAsync("Escape");
    }

    public static async Task LookWithoutScriptsAsync(ReviewBed bed)
    {
        await using var plain = await bed.VisitAsync("ben", scripts: false);
        foreach (var view in new[] { "", $"?rich={Report}", $"?report={Report}", $"?raw={Report}" })
        {
            await AllAreThereAsync(plain, Changes + view);
        }

        await plain.GoAsync(Changes);
        await Expect(plain.Page.Locator(".nb-compare img")).ToHaveCountAsync(4);
        await plain.PictureAsync("notebook-without-scripts");
        var picture = plain.Page.Locator(".compare__side--new").First;
        await picture.HoverAsync();
        await picture.Locator("> .nb-comment").ClickAsync();
        await Expect(plain.Page.Locator("[data-region-number=x]")).ToBeVisibleAsync();
        await plain.GoAsync(Changes);
        await picture.HoverAsync();
        await picture.Locator("> .nb-origin").ClickAsync();
        await Expect(plain.Page.Locator("[data-made]")).ToContainTextAsync("Made by cell 5");
        Assert.Empty(plain.Complaints);
    }
}
