using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Squero.Journeys.ReviewStage;

namespace Squero.Journeys;

/// <summary>What is pushed after the threads were begun.</summary>
internal static class LaterPushes
{
    /// <summary>A re-run with new ids, a new name, a forced push without a cell, the file gone and back.</summary>
    public static async Task PushOnAsync(ReviewBed bed, BrowserVisit visit)
    {
        bed.Write(Report, Sample("churn/3"));
        await bed.PushAsync("Run it again");
        await VersionAsync(visit, 4);
        await Expect(visit.Page.Locator("[data-thread]", new() { HasText = Words[0] })).Not.ToContainTextAsync("outdated");
        await Expect(visit.Page.Locator(".nb-lines [data-thread]", new() { HasText = Words[0] })).ToHaveCountAsync(1);

        await bed.GitAsync("mv", Report, "reports/leaving.ipynb");
        await bed.PushAsync("Call it by what it says");
        await VersionAsync(visit, 5);
        await Expect(visit.Page.Locator(".diff-file__head")).ToContainTextAsync("leaving.ipynb");
        await Expect(visit.Page.Locator(".nb-lines [data-thread]", new() { HasText = Words[0] })).ToHaveCountAsync(1);

        bed.Write("reports/leaving.ipynb", Sample("churn/4"));
        await bed.GitAsync("add", "-A");
        await bed.GitAsync("commit", "-q", "--amend", "-m", "Call it by what it says, with less");
        await bed.GitAsync("push", "-q", "--force", "origin", "HEAD");
        await VersionAsync(visit, 6);
        await Expect(visit.Page.Locator("[data-thread]", new() { HasText = Words[0] })).ToContainTextAsync("outdated");
        await Expect(visit.Page.Locator("[data-thread]", new() { HasText = Words[0] })).ToContainTextAsync("max_iter=2000, C=0.5");
        await visit.PictureAsync("notebook-outdated");

        await bed.GitAsync("rm", "-q", "reports/leaving.ipynb");
        bed.Write("reports/other.txt", "else\n");
        await bed.PushAsync("Take it away");
        await VersionAsync(visit, 7);
        await visit.PictureAsync("notebook-shelf");
        await bed.GitAsync("reset", "-q", "--hard", "HEAD~1");
        await bed.GitAsync("push", "-q", "--force", "origin", "HEAD");
        await VersionAsync(visit, 8);
        foreach (var version in Enumerable.Range(1, 8))
        {
            await AllAreThereAsync(visit, $"{Changes}?version={version}");
        }
    }

    private static async Task VersionAsync(BrowserVisit visit, int number)
    {
        for (var tries = 0; tries < 60; tries++)
        {
            await visit.GoAsync(Changes);
            if (await visit.Page.GetByText($"version {number} ·").Or(visit.Page.GetByText($"Version {number} of {number}")).CountAsync() > 0)
            {
                break;
            }

            await Task.Delay(250);
        }

        await AllAreThereAsync(visit, Changes);
    }
}
