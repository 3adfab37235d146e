using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Squero.Journeys.ReviewStage;

namespace Squero.Journeys;

/// <summary>Suggestions on lines of a notebook, and what becomes of them.</summary>
internal static class NotebookSuggestions
{
    public static async Task SuggestAsync(BrowserVisit visit)
    {
        foreach (var (line, from, to) in new[] { ("C=0.5", "C=0.5", "C=0.4"), ("above $0.85$", "0.85", "0.84"), ("customers[\"tenure\"].median", "median()", "max()") })
        {
            await OpenFormAsync(visit, visit.Page.Locator(".nb-line.nb-add", new() { HasText = line }));
            var form = visit.Page.Locator("[data-open-comment] form");
            await form.GetByText("Suggest a change").ClickAsync();
            await Expect(form.Locator("textarea")).ToHaveValueAsync(new Regex("^```suggestion:-0\\+0\n"));
            var text = await form.Locator("textarea").InputValueAsync();
            await form.Locator("textarea").FillAsync(text.Replace(from, to, StringComparison.Ordinal));
            await form.GetByRole(AriaRole.Button, new() { Name = "Start a thread" }).ClickAsync();
            await Expect(visit.Page.Locator(".suggestion .diff--added", new() { HasText = to })).ToBeVisibleAsync();
        }
    }

    /// <summary>One alone, then two in a batch; each commit differs in those lines alone.</summary>
    public static async Task ApplyAsync(ReviewBed bed, BrowserVisit visit)
    {
        await visit.GoAsync(Changes);
        await visit.PictureAsync("notebook-suggestions");
        await visit.SendAsync(visit.Page.Locator(".suggestion", new() { HasText = "max()" }).GetByRole(AriaRole.Button, new() { Name = "Apply" }));
        await Expect(visit.Page.Locator(".flash")).ToContainTextAsync("Applied a suggestion");
        await bed.GitAsync("pull", "-q", "origin", "regular");
        Assert.Matches(@"^1\t1\t", await bed.GitAsync("diff", "--numstat", "HEAD~1", "HEAD"));
        Assert.Contains("+    \"customers[\\\"tenure\\\"].max()\"", await bed.GitAsync("diff", "-U0", "HEAD~1", "HEAD"), StringComparison.Ordinal);

        await visit.GoAsync(Changes);
        foreach (var word in new[] { "C=0.4", "0.84" })
        {
            await visit.Page.Locator(".suggestion", new() { HasText = word }).GetByLabel("Collect").CheckAsync();
        }

        await visit.SendAsync(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Apply the collected ones in one commit" }));
        await Expect(visit.Page.Locator(".flash")).ToContainTextAsync("Applied 2 suggestions");
        await bed.GitAsync("pull", "-q", "origin", "regular");
        Assert.Matches(@"^2\t2\t", await bed.GitAsync("diff", "--numstat", "HEAD~1", "HEAD"));
        await visit.GoAsync(Changes);
        await Expect(visit.Page.GetByText("applied")).ToHaveCountAsync(3);
        await visit.PictureAsync("notebook-suggestions-applied");
    }
}
