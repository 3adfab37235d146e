using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;
using static Squero.Journeys.ReviewStage;

namespace Squero.Journeys;

/// <summary>
/// A report review by clicking: a project of notebooks alone, every view of a change, every kind of thread, suggestions, and what
/// stays of them through later pushes. Nothing is said to the pages but by mouse and keyboard.
/// </summary>
public sealed class NotebookReviewJourney
{
    [Fact]
    public async Task A_report_is_reviewed_in_every_view_and_no_thread_gets_lost()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        await BeginAsync(bed);
        await using var ben = await bed.VisitAsync("ben");
        await using var ada = await bed.VisitAsync("ada");

        await NotebookViews.LookAtViewsAsync(ben);
        await NotebookViews.LookElsewhereAsync(bed, ben);
        await NotebookViews.ReadTheChangeAsync(ben);
        await NotebookViews.LookAtChartsAsync(ben);
        await NotebookViews.LookBehindAsync(ben);
        await NotebookThreads.CommentAsync(ben);
        await NotebookThreads.WalkByKeysAsync(ben);
        await NotebookThreads.LookWithoutScriptsAsync(bed);
        await NotebookSuggestions.SuggestAsync(ben);
        await NotebookSuggestions.ApplyAsync(bed, ada);
        await LaterPushes.PushOnAsync(bed, ben);
        await MergeAsync(ada);
        Assert.Empty(ben.Complaints.Concat(ada.Complaints));
    }

    [Fact]
    public async Task Kernels_colour_their_own_language()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        await using var visit = await bed.VisitAsync("ada");
        bed.Write("r.ipynb", Sample("languages/r-1"));
        bed.Write("julia.ipynb", Sample("languages/julia-1"));
        await bed.PushAsync("Begin");
        await bed.GitAsync("switch", "-q", "-c", "logs");
        bed.Write("r.ipynb", Sample("languages/r-2"));
        bed.Write("julia.ipynb", Sample("languages/julia-2"));
        await bed.PushAsync("Fit on logarithms", "-o", "merge_request.create");

        await visit.GoAsync(Changes);
        await Expect(visit.Page.Locator(".diff-file", new() { HasText = "julia.ipynb" }).Locator(".hljs-keyword", new() { HasText = "function" }).First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".diff-file", new() { HasText = "r.ipynb" }).Locator(".hljs-comment", new() { HasText = "# a comment" }).First).ToBeVisibleAsync();
        await visit.PictureAsync("notebook-languages");
        Assert.Empty(visit.Complaints);
    }

    /// <summary>Only the blocking thread stands in the way.</summary>
    private static async Task MergeAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request);
        await visit.PictureAsync("notebook-request");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Go to it" }).ClickAsync();
        var thread = visit.Page.Locator("[data-thread]", new() { HasText = Words[0] });
        await visit.SendAsync(thread.GetByRole(AriaRole.Button, new() { Name = "Resolve", Exact = true }));
        await visit.GoAsync(Request);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Merge", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator(".head .state")).ToHaveTextAsync(new Regex(@"^\s*merged\s*$"));
    }
}
