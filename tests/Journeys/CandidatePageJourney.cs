using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Squero.Journeys;

/// <summary>Somebody watches a candidate while it runs, writes down what it was for, and looks through what it left.</summary>
public sealed class CandidatePageJourney
{
    private const string Page = ReviewBed.Project + "/-/candidates/1";
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private const string Hostile = "<img src=x onerror=\"document.title='owned'\"> \u202eback\u202c 🚣";

    [Fact]
    public async Task A_running_candidate_is_followed_to_its_end_without_reloading()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        using var log = new TrackedBed(bed);
        var run = await log.StartAsync("0", "long training", 1_700_000_000_000);
        await LogAsync(log, run, 0, 50);
        await using var ada = await bed.VisitAsync("ada");
        await using var ben = await bed.VisitAsync("ben");
        var loads = 0;
        ada.Page.Load += (_, _) => loads++;
        await ada.GoAsync(Page);
        await ben.GoAsync(Page);
        await Expect(ada.Page.GetByText("follows as it runs")).ToBeVisibleAsync();
        await Expect(Note(ada)).ToContainTextAsync("50 of 50 points");
        await LogAsync(log, run, 50, 80);
        await Expect(Note(ada)).ToContainTextAsync("80 of 80 points");
        await Expect(Note(ben)).ToContainTextAsync("80 of 80 points");
        await Expect(ada.Page.Locator("#live-large")).ToContainTextAsync("79");
        await ada.PictureAsync("candidate-running");
        await log.FinishAsync(run);
        await Expect(ada.Page.Locator("#live-state")).ToContainTextAsync("finished");
        await Expect(ada.Page.GetByText("follows as it runs")).ToHaveCountAsync(0);
        Assert.Equal(1, loads);
        Assert.Empty(ada.Complaints.Concat(ben.Complaints));
    }

    [Fact]
    public async Task What_a_candidate_left_is_read_on_its_page()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        using var log = new TrackedBed(bed);
        await FillAsync(log);
        await using var ada = await bed.VisitAsync("ada");
        await ada.GoAsync(Page);
        await Expect(ada.Page.GetByText("claimed", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(ada.Page.GetByText("(not of this project)").First).ToBeVisibleAsync();
        await Expect(ada.Page.Locator("#parts")).ToContainTextAsync("fold 1");
        await WriteNoteAsync(ada);
        await LookAtFilesAsync(ada);
        await ada.GoAsync(Page);
        await ada.Page.GetByText("System: 1 metric of the machine").ClickAsync();
        await Expect(ada.Page.Locator("#system canvas")).ToHaveCountAsync(1);
        await ada.FairAsync("the page of a candidate");
        await ada.PictureAsync("candidate");
        await ada.LookInTheDarkAsync(Page + "?file=report/analysis.ipynb", "candidate-dark");
        await ada.FitsAsync(Page + "?file=report/analysis.ipynb", "candidate-narrow");
        Assert.DoesNotContain("owned", await ada.Page.TitleAsync(), StringComparison.Ordinal);
        Assert.Empty(ada.Complaints);
        await using var plain = await bed.VisitAsync("ben", scripts: false);
        await plain.GoAsync(Page);
        await Expect(plain.Page.GetByText("at step 9").First).ToBeVisibleAsync();
        await Expect(plain.Page.Locator("#note")).ToContainTextAsync("The deeper forest");
    }

    private static ILocator Note(BrowserVisit visit) => visit.Page.Locator("[data-chart-note]").First;

    private static Task LogAsync(TrackedBed log, string run, int from, int to) =>
        log.LogAsync(run, [], Enumerable.Range(from, to - from).Select(step => ("progress", (double)step, (long)step)));

    private static async Task FillAsync(TrackedBed log)
    {
        var run = await log.StartAsync("0", Hostile, 1_700_000_000_000, ("gitlab.CI_JOB_ID", "77"), ("mlflow.source.git.commit", new string('a', 40)), ("team", Hostile));
        await log.LogAsync(run, [("depth", "8"), ("text", Hostile)], Enumerable.Range(0, 10).SelectMany(step => new (string, double, long)[] { ("auc", step / 10.0, step), ("system/cpu", step, step) }));
        for (var fold = 0; fold < 3; fold++)
        {
            await log.StartAsync("0", $"fold {fold}", 1_700_000_001_000 + fold, ("mlflow.parentRunId", run));
        }

        var notebook = JsonSerializer.Serialize(new
        {
            nbformat = 4,
            nbformat_minor = 5,
            metadata = new { },
            cells = new object[]
            {
                new { id = "a", cell_type = "markdown", metadata = new { }, source = "# What the forest learned" },
                new { id = "b", cell_type = "code", execution_count = 1, metadata = new { }, source = "plot()", outputs = new object[] { new { output_type = "display_data", metadata = new { }, data = new Dictionary<string, string> { ["image/png"] = Png } } } },
            },
        });
        foreach (var (path, content) in new[]
        {
            ("report/analysis.ipynb", Encoding.UTF8.GetBytes(notebook)), ("roc.png", Convert.FromBase64String(Png)), ("config.json", "{\"a\":[1,2]}"u8.ToArray()),
            ("sample.csv", "name,age\nx,1\n"u8.ToArray()), ("notes.txt", "plain words"u8.ToArray()), ("weights.bin", new byte[] { 0, 1, 2 }),
        })
        {
            await log.PutAsync("0", run, path, content);
        }

        await log.FinishAsync(run);
    }

    private static async Task WriteNoteAsync(BrowserVisit visit)
    {
        await visit.Page.GetByText("Write a note").ClickAsync();
        await visit.Page.GetByLabel("Note", new() { Exact = true }).FillAsync("The **deeper** forest.\n\n<script>document.title = 'owned'</script>");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save the note" }).ClickAsync();
        await Expect(visit.Page.Locator("#note strong")).ToHaveTextAsync("deeper");
    }

    private static async Task LookAtFilesAsync(BrowserVisit visit)
    {
        var preview = visit.Page.Locator(".candidate-preview");
        foreach (var (path, selector, words) in new[]
        {
            ("sample.csv", "td", "x"), ("config.json", "pre, .code", "\"a\""), ("notes.txt", "pre, .code", "plain words"), ("weights.bin", "p", "There is no preview of this kind of file."),
        })
        {
            await visit.GoAsync($"{Page}?file={path}");
            await Expect(preview.Locator(selector).Filter(new() { HasText = words }).First).ToBeVisibleAsync();
        }

        await visit.GoAsync($"{Page}?file=roc.png");
        await Expect(preview.Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 1);
        await visit.GoAsync($"{Page}?file=report/analysis.ipynb");
        await Expect(preview.GetByText("What the forest learned")).ToBeVisibleAsync();
        await visit.Page.Locator(".candidate-preview img").ScrollIntoViewIfNeededAsync();
        await Expect(preview.Locator("img")).ToHaveJSPropertyAsync("naturalWidth", 1);
    }
}
