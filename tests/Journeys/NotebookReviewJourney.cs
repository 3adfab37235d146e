using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>
/// A report review by clicking: a project of notebooks alone, every view of a change, every kind of thread, suggestions, and what
/// stays of them through later pushes. Nothing is said to the pages but by mouse and keyboard.
/// </summary>
public sealed class NotebookReviewJourney
{
    private const string Path = "reports/churn.ipynb";
    private const string Request = ReviewBed.Project + "/-/merge_requests/1";
    private const string Changes = Request + "/changes";
    private const string Secret = "gh" + "p_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hJ3lO6";

    private static readonly string[] Words =
    [
        "Why exactly one half?", "Three points more.", "This bar is too wide.", "One idea a cell is easier to run again.", "Name the extract in the title.", "Both shares in one line?",
    ];

    [Fact]
    public async Task A_report_is_reviewed_in_every_view_and_no_thread_gets_lost()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        await BeginAsync(bed);
        await using var ben = await bed.VisitAsync("ben");
        await using var ada = await bed.VisitAsync("ada");

        await LookAtViewsAsync(ben);
        await LookElsewhereAsync(bed, ben);
        await ReadTheChangeAsync(ben);
        await LookAtChartsAsync(ben);
        await LookBehindAsync(ben);
        await CommentAsync(ben);
        await WalkByKeysAsync(ben);
        await LookWithoutScriptsAsync(bed);
        await SuggestAsync(ben);
        await ApplyAsync(bed, ada);
        await PushOnAsync(bed, ben);
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

    private static string Sample(string name) =>
        File.ReadAllText(System.IO.Path.Combine(SqueroProcess.Root, "tests", "Data", "notebooks", name + ".ipynb")).Replace("TOKEN_OF_SOMEBODY", Secret, StringComparison.Ordinal);

    private static async Task BeginAsync(ReviewBed bed)
    {
        bed.Write("data/customers.csv", "id,months,price,calls,contract,left\n1,3,20,4,monthly,1\n");
        bed.Write(Path, Sample("churn/1"));
        await bed.PushAsync("Begin the report");
        await bed.GitAsync("switch", "-q", "-c", "regular");
        bed.Write(Path, Sample("churn/2"));
        await bed.PushAsync("Regularise the churn model", "-o", "merge_request.create");
    }

    /// <summary>Each view is a link with an address of its own, and fits every screen in light and dark.</summary>
    private static async Task LookAtViewsAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Changes);
        var views = visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "View of " + Path });
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

        await visit.LookInTheDarkAsync($"{Changes}?rich={Path}", "notebook-rich-dark");
        await visit.FairAsync("the rich view in the dark");
        await visit.LookInTheDarkAsync($"{Changes}?report={Path}", "notebook-report-dark");
    }

    /// <summary>The same views on the pages of a commit, a comparison and a file.</summary>
    private static async Task LookElsewhereAsync(ReviewBed bed, BrowserVisit visit)
    {
        var sha = (await bed.GitAsync("rev-parse", "HEAD")).Trim();
        foreach (var page in new[] { $"/-/commit/{sha}", "/-/compare/main...regular" })
        {
            await visit.GoAsync(ReviewBed.Project + page);
            await Expect(visit.Page.Locator(".nb-moved")).ToHaveCountAsync(2);
            foreach (var (name, seen) in new[] { ("Rich", ".nb-rich"), ("Report", ".nb-report"), ("Raw", "tr.diff--added") })
            {
                await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "View of " + Path }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
                await Expect(visit.Page.Locator(seen).First).ToBeVisibleAsync();
            }
        }

        await visit.GoAsync($"{ReviewBed.Project}/-/blob/regular/{Path}");
        foreach (var (name, seen) in new[] { ("Rich", ".nb-fold-form"), ("Source", ".code"), ("Report", ".nb-report .nb-fold-code") })
        {
            await visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "View" }).GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).ClickAsync();
            await Expect(visit.Page.Locator(seen).First).ToBeVisibleAsync();
        }

        await visit.PictureAsync("notebook-file-report");
        await visit.FairAsync("the page of a notebook");
        await visit.PrintAsync("notebook-file-printed");
    }

    private static async Task ReadTheChangeAsync(BrowserVisit visit)
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

            await figure.ScreenshotAsync(new() { Path = BrowserVisit.PathOf($"notebook-compare-{mode.ToLowerInvariant()}") });
        }

        await figure.GetByRole(AriaRole.Button, new() { Name = "2-up" }).ClickAsync();
    }

    /// <summary>A chart is drawn in a frame without an origin, as large as it is.</summary>
    private static async Task LookAtChartsAsync(BrowserVisit visit)
    {
        await visit.GoAsync($"{Changes}?rich={Path}");
        foreach (var title in new[] { "Vega-Lite chart, output 1 of cell 10", "Plotly chart, output 1 of cell 11" })
        {
            var element = visit.Page.Locator($"iframe[title='{title}']").Last;
            await element.ScrollIntoViewIfNeededAsync();
            var frame = await (await element.ElementHandleAsync()).ContentFrameAsync() ?? throw new InvalidOperationException($"{title} has no frame.");
            await frame.WaitForSelectorAsync("#chart svg");
            Assert.Equal("null", await frame.EvaluateAsync<string>("self.origin"));
            await visit.Page.WaitForFunctionAsync("one => one.clientHeight > 100 && one.clientHeight < 470", await element.ElementHandleAsync());
            await visit.Page.ScreenshotAsync(new() { Path = BrowserVisit.PathOf("notebook-" + title.Split(' ')[0].ToLowerInvariant()) });
        }

        await Expect(visit.Page.Locator(".nb-widget").First).ToContainTextAsync("Months");
    }

    /// <summary>From a table to the cells and the file behind it.</summary>
    private static async Task LookBehindAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Changes);
        var table = visit.Page.Locator(".nb-output.nb-new:has(table)");
        await table.HoverAsync();
        await table.Locator(".nb-origin").ClickAsync();
        var made = visit.Page.Locator("[data-made]");
        await Expect(made).ToContainTextAsync("Made by cell 6, which rests on cell 2 and cell 4.");
        await made.ScrollIntoViewIfNeededAsync();
        await visit.Page.ScreenshotAsync(new() { Path = BrowserVisit.PathOf("notebook-made-by") });
        await made.GetByRole(AriaRole.Link, new() { Name = "data/customers.csv" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("customers.csv");
    }

    private static async Task CommentAsync(BrowserVisit visit)
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
        foreach (var view in new[] { "", $"?rich={Path}", $"?inline={Path}", $"?report={Path}", $"?raw={Path}" })
        {
            await AllAreThereAsync(visit, Changes + view);
        }

        await visit.PictureAsync("notebook-threads-raw");
        await visit.FitsAsync(Changes, "notebook-threads-360");
        await visit.FairAsync("threads");
    }

    private static async Task OpenFormAsync(BrowserVisit visit, ILocator place)
    {
        await visit.GoAsync(Changes);
        await place.First.HoverAsync();
        await place.First.Locator("> .nb-comment").ClickAsync();
        await Expect(visit.Page.Locator("[data-open-comment] textarea")).ToBeFocusedAsync();
    }

    private static async Task DrawAsync(IPage page, ILocator image)
    {
        await image.ScrollIntoViewIfNeededAsync();
        var box = (await image.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 60, box.Y + 60);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 200, box.Y + 160, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        await Expect(page.Locator("[data-region-number=width]")).Not.ToHaveValueAsync("");
    }

    private static async Task SayAsync(BrowserVisit visit, string words, string meant)
    {
        var form = visit.Page.Locator("[data-open-comment] form");
        await form.Locator("textarea").FillAsync(words);
        await form.Locator("select[name=meant]").SelectOptionAsync(meant);
        await form.GetByRole(AriaRole.Button, new() { Name = "Start a thread" }).ClickAsync();
        await Expect(visit.Page.Locator(".thread", new() { HasText = words })).ToBeVisibleAsync();
    }

    /// <summary>Each thread once, and seen without opening anything.</summary>
    private static async Task AllAreThereAsync(BrowserVisit visit, string path)
    {
        await visit.GoAsync(path);
        foreach (var words in Words)
        {
            await Expect(visit.Page.Locator("[data-thread]", new() { HasText = words })).ToHaveCountAsync(1);
            await Expect(visit.Page.Locator("[data-thread]", new() { HasText = words })).ToBeVisibleAsync();
        }
    }

    private static async Task WalkByKeysAsync(BrowserVisit visit)
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

    private static async Task LookWithoutScriptsAsync(ReviewBed bed)
    {
        await using var plain = await bed.VisitAsync("ben", scripts: false);
        foreach (var view in new[] { "", $"?rich={Path}", $"?report={Path}", $"?raw={Path}" })
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

    private static async Task SuggestAsync(BrowserVisit visit)
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
    private static async Task ApplyAsync(ReviewBed bed, BrowserVisit visit)
    {
        await visit.GoAsync(Changes);
        await visit.PictureAsync("notebook-suggestions");
        await visit.Page.Locator(".suggestion", new() { HasText = "max()" }).GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Expect(visit.Page.Locator(".flash, .notice").First).ToBeVisibleAsync();
        await bed.GitAsync("pull", "-q", "origin", "regular");
        Assert.Matches(@"^1\t1\t", await bed.GitAsync("diff", "--numstat", "HEAD~1", "HEAD"));
        Assert.Contains("+    \"customers[\\\"tenure\\\"].max()\"", await bed.GitAsync("diff", "-U0", "HEAD~1", "HEAD"), StringComparison.Ordinal);

        await visit.GoAsync(Changes);
        foreach (var word in new[] { "C=0.4", "0.84" })
        {
            await visit.Page.Locator(".suggestion", new() { HasText = word }).GetByLabel("Collect").CheckAsync();
        }

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Apply the collected ones in one commit" }).ClickAsync();
        await Expect(visit.Page.Locator(".flash, .notice").First).ToBeVisibleAsync();
        await bed.GitAsync("pull", "-q", "origin", "regular");
        Assert.Matches(@"^2\t2\t", await bed.GitAsync("diff", "--numstat", "HEAD~1", "HEAD"));
        await visit.GoAsync(Changes);
        await Expect(visit.Page.GetByText("applied")).ToHaveCountAsync(3);
        await visit.PictureAsync("notebook-suggestions-applied");
    }

    /// <summary>A re-run with new ids, a new name, a forced push without a cell, the file gone and back.</summary>
    private static async Task PushOnAsync(ReviewBed bed, BrowserVisit visit)
    {
        bed.Write(Path, Sample("churn/3"));
        await bed.PushAsync("Run it again");
        await VersionAsync(visit, 4);
        await Expect(visit.Page.Locator("[data-thread]", new() { HasText = Words[0] })).Not.ToContainTextAsync("outdated");
        await Expect(visit.Page.Locator(".nb-lines [data-thread]", new() { HasText = Words[0] })).ToHaveCountAsync(1);

        await bed.GitAsync("mv", Path, "reports/leaving.ipynb");
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

    /// <summary>Only the blocking thread stands in the way.</summary>
    private static async Task MergeAsync(BrowserVisit visit)
    {
        await visit.GoAsync(Request);
        await visit.PictureAsync("notebook-request");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Go to it" }).ClickAsync();
        var thread = visit.Page.Locator("[data-thread]", new() { HasText = Words[0] });
        await thread.GetByRole(AriaRole.Button, new() { Name = "Resolve", Exact = true }).ClickAsync();
        await visit.GoAsync(Request);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Merge", Exact = true }).ClickAsync();
        await Expect(visit.Page.Locator(".head .state")).ToHaveTextAsync(new Regex(@"^\s*merged\s*$"));
    }
}
