using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>The notebook that is reviewed, the threads on it, and how one is begun: what the parts of a notebook's review share.</summary>
internal static class ReviewStage
{
    public const string Report = "reports/churn.ipynb";
    public const string Request = ReviewBed.Project + "/-/merge_requests/1";
    public const string Changes = Request + "/changes";
    public const string Secret = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hJ3lO6";

    /// <summary>A thread each: on a line, an output, a part of a picture, a cell, the notebook, a range of lines.</summary>
    public static readonly string[] Words =
    [
        "Why exactly one half?", "Three points more.", "This bar is too wide.", "One idea a cell is easier to run again.", "Name the extract in the title.", "Both shares in one line?",
    ];

    public static string Sample(string name) =>
        File.ReadAllText(System.IO.Path.Combine(SqueroProcess.Root, "tests", "Data", "notebooks", name + ".ipynb")).Replace("TOKEN_OF_SOMEBODY", Secret, StringComparison.Ordinal);

    public static async Task BeginAsync(ReviewBed bed)
    {
        bed.Write("data/customers.csv", "id,months,price,calls,contract,left\n1,3,20,4,monthly,1\n");
        bed.Write(Report, Sample("churn/1"));
        await bed.PushAsync("Begin the report");
        await bed.GitAsync("switch", "-q", "-c", "regular");
        bed.Write(Report, Sample("churn/2"));
        await bed.PushAsync("Regularise the churn model", "-o", "merge_request.create");
    }

    public static async Task OpenFormAsync(BrowserVisit visit, ILocator place)
    {
        await visit.GoAsync(Changes);
        await place.First.HoverAsync();
        await place.First.Locator("> .nb-comment").ClickAsync();
        await Expect(visit.Page.Locator("[data-open-comment] textarea")).ToBeFocusedAsync();
    }

    public static async Task SayAsync(BrowserVisit visit, string words, string meant)
    {
        var form = visit.Page.Locator("[data-open-comment] form");
        await form.Locator("textarea").FillAsync(words);
        await form.Locator("select[name=meant]").SelectOptionAsync(meant);
        await form.GetByRole(AriaRole.Button, new() { Name = "Start a thread" }).ClickAsync();
        await Expect(visit.Page.Locator(".thread", new() { HasText = words })).ToBeVisibleAsync();
    }

    public static async Task DrawAsync(IPage page, ILocator image)
    {
        await image.ScrollIntoViewIfNeededAsync();
        var box = (await image.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 60, box.Y + 60);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 200, box.Y + 160, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page.Locator("[data-region-number=width]")).Not.ToHaveValueAsync("");
    }

    /// <summary>Each thread once, and seen without opening anything.</summary>
    public static async Task AllAreThereAsync(BrowserVisit visit, string path)
    {
        await visit.GoAsync(path);
        foreach (var words in Words)
        {
            await Expect(visit.Page.Locator("[data-thread]", new() { HasText = words })).ToHaveCountAsync(1);
            await Expect(visit.Page.Locator("[data-thread]", new() { HasText = words })).ToBeVisibleAsync();
        }
    }
}
