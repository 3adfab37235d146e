using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Squero.Journeys;

/// <summary>
/// Every view of a notebook that attacks its reader, in a real browser with everything opened: nothing executes, no window of
/// ours is touched, and no request leaves to another host.
/// </summary>
public sealed class HostileNotebookJourney
{
    private const string Request = ReviewBed.Project + "/-/merge_requests/1";
    private const string Path = "reports/hostile.ipynb";
    private readonly ConcurrentBag<string> foreign = [];
    private readonly ConcurrentBag<string> signs = [];

    [Fact]
    public async Task No_payload_of_a_notebook_executes_or_calls_out_in_any_view()
    {
        Assert.SkipUnless(File.Exists(BrowserVisit.Chromium), $"There is no browser at {BrowserVisit.Chromium}.");
        await using var bed = await ReviewBed.StartAsync();
        var sha = await PushAsync(bed);
        await using var visit = await bed.VisitAsync("ben");
        await WatchAsync(visit.Page, new Uri(bed.Url));
        await ProveTheWatchAsync(visit.Page, bed.Url);

        string[] views =
        [
            Request + "/changes", Request + $"/changes?rich={Path}", Request + $"/changes?inline={Path}", Request + $"/changes?report={Path}", Request + $"/changes?raw={Path}&expand={Path}",
            Request + "/commits", Request, $"{ReviewBed.Project}/-/commit/{sha}?file={Path}", $"{ReviewBed.Project}/-/compare/main...attack?rich={Path}",
            $"{ReviewBed.Project}/-/blob/attack/{Path}", $"{ReviewBed.Project}/-/blob/attack/{Path}?view=rich", $"{ReviewBed.Project}/-/blob/attack/{Path}?view=report",
            $"{ReviewBed.Project}/-/blob/attack/{Path}?view=source", $"{ReviewBed.Project}/-/notebook_origin/attack/{Path}?cell=3&output=1", $"{ReviewBed.Project}/-/tree/attack/reports",
            .. HostileNotebook.Paths.Select(path => $"{ReviewBed.Project}/-/blob/attack/{Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal)}"),
        ];

        // The frames hold the same on every page: they are opened on four.
        string[] framed = [views[0], views[1], views[3], views[9]];
        foreach (var view in views)
        {
            await visit.GoAsync(view);
            await LookAsync(visit.Page, view, framed.Contains(view));
        }

        await visit.GoAsync(Request + "/changes");
        await visit.PictureAsync("hostile-clean");
        await LookAtFramesAloneAsync(bed, visit, sha);
        Assert.True(foreign.IsEmpty, string.Join('\n', foreign.Distinct().Take(40)));
        Assert.True(signs.IsEmpty, string.Join('\n', signs.Distinct().Take(40)));
    }

    private static async Task<string> PushAsync(ReviewBed bed)
    {
        bed.Write(Path, HostileNotebook.Plain);
        await bed.PushAsync("Begin");
        await bed.GitAsync("switch", "-q", "-c", "attack");
        bed.Write(Path, HostileNotebook.Hostile);
        foreach (var path in HostileNotebook.Paths)
        {
            bed.Write(path, HostileNotebook.Plain);
        }

        await bed.PushAsync("Say <img src=x onerror=alert(1)> hello", "-o", "merge_request.create");
        return (await bed.GitAsync("rev-parse", "HEAD")).Trim();
    }

    /// <summary>Whatever is asked of another host is refused and remembered; so is every dialog, new window, and word of a payload.</summary>
    private async Task WatchAsync(IPage page, Uri home)
    {
        page.SetDefaultTimeout(120_000);
        await page.Context.RouteAsync("**/*", async route =>
        {
            var url = new Uri(route.Request.Url);
            if (url.Scheme is "http" or "https" or "ws" or "wss" && url.Authority != home.Authority)
            {
                foreign.Add(route.Request.Url);
                await route.AbortAsync();
                return;
            }

            await route.ContinueAsync();
        });

        // What the policy of a page or frame stops is told as a request that failed by "csp": it never reached the network.
        page.Context.RequestFailed += (_, request) => Note(!IsHome(request.Url, home) && request.Failure != "csp", foreign, $"{request.Url} {request.Failure}");
        page.Context.RequestFinished += (_, request) => Note(!IsHome(request.Url, home), foreign, request.Url);
        page.Dialog += async (_, dialog) =>
        {
            signs.Add($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Popup += (_, popup) => signs.Add($"window: {popup.Url}");
        page.Console += (_, message) => Note(message.Text == "OWNED", signs, $"console on {page.Url}");
        page.WebSocket += (_, socket) => Note(!IsHome(socket.Url.Replace("ws", "http", StringComparison.Ordinal), home), foreign, socket.Url);
        page.Download += (_, download) => signs.Add($"download: {download.Url}");
    }

    private static bool IsHome(string address, Uri home) => !Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Authority == home.Authority;

    private static void Note(bool isOne, ConcurrentBag<string> where, string words)
    {
        if (isOne)
        {
            where.Add(words);
        }
    }

    /// <summary>A watch that sees nothing proves nothing: here something is there to be seen.</summary>
    private async Task ProveTheWatchAsync(IPage page, string url)
    {
        await page.GotoAsync("about:blank");
        await page.EvaluateAsync("() => { globalThis.owned = 1; console.log('OWNED'); alert('OWNED'); new Image().src = 'https://evil.example/proof'; }");
        await page.WaitForTimeoutAsync(300);
        Assert.Contains("dialog: OWNED", signs);
        Assert.Contains(signs, sign => sign.StartsWith("console", StringComparison.Ordinal));
        Assert.Contains(foreign, url => url.StartsWith("https://evil.example/proof", StringComparison.Ordinal));
        Assert.NotEmpty(await OwnedAsync(page));
        signs.Clear();
        foreign.Clear();
        await page.GotoAsync(url);
    }

    /// <summary>Opens every fold, reaches every cell and frame, points at things, then looks for traces.</summary>
    private async Task LookAsync(IPage page, string view, bool frames)
    {
        await page.EvaluateAsync(
            """
            async (folds) => {
              const pause = (ms) => new Promise((done) => setTimeout(done, ms));
              for (let at = 0; at < 30; at++) {
                document.querySelectorAll(folds).forEach((fold) => { fold.open = true; });
                document.querySelectorAll("img[loading], iframe[loading]").forEach((one) => { one.loading = "eager"; });
                const later = document.querySelector("[data-later] a");
                if (!later) break;
                later.scrollIntoView();
                await pause(250);
              }
              for (const one of [...document.querySelectorAll(".nb *")].slice(0, 1500)) one.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
            }
            """,
            frames ? "details" : "details:not(.nb-frame)");
        await WaitForChartsAsync(page);
        foreach (var trace in await OwnedAsync(page))
        {
            signs.Add($"{view}: {trace}");
        }

        var active = await page.EvaluateAsync<string[]>(
            """
            () => {
              const found = [];
              const inside = document.querySelectorAll(".nb, .nb *, .diff-file *, .code *");
              for (const one of inside) {
                for (const { name, value } of one.attributes) {
                  if (name.startsWith("on")) found.push(`${one.tagName} ${name}`);
                  if (name === "style" && !one.closest(".katex, .compare") && !(one.tagName === "IFRAME" && /^block-size: \d+px;$/.test(value))) found.push(`style ${value}`);
                  if (/^\s*(javascript|data|vbscript)\s*:/i.test(value) && ["href", "src", "action", "formaction", "srcset"].includes(name)) found.push(`${name}=${value}`);
                }
                if (/^(SCRIPT|OBJECT|EMBED|LINK|META|BASE|STYLE|VIDEO|AUDIO)$/.test(one.tagName)) found.push(one.tagName);
                if (one.tagName === "FORM" && !one.action.startsWith(location.origin)) found.push(`form to ${one.action}`);
                if (one.tagName === "IFRAME" && !/^(allow-scripts)?$/.test(one.getAttribute("sandbox") ?? "none")) found.push(`sandbox ${one.getAttribute("sandbox")}`);
              }
              for (const name of ["cookie", "body", "querySelector", "getElementById", "documentElement"]) {
                if (document[name] instanceof Element && name !== "body" && name !== "documentElement") found.push(`clobbered ${name}`);
              }
              if (!(document.body instanceof HTMLBodyElement) || document.documentElement.tagName !== "HTML") found.push("clobbered body");
              return [...new Set(found)];
            }
            """);
        foreach (var one in active)
        {
            signs.Add($"{view}: {one}");
        }
    }

    /// <summary>The frames have time to do what they want.</summary>
    private static async Task WaitForChartsAsync(IPage page)
    {
        await page.WaitForLoadStateAsync(LoadState.Load);
        await page.WaitForTimeoutAsync(page.Frames.Count > 1 ? 1000 : 100);
    }

    /// <summary>Marks of payloads in the windows of the page and of all its frames.</summary>
    private static async Task<IReadOnlyList<string>> OwnedAsync(IPage page)
    {
        var traces = new List<string>();
        foreach (var frame in page.Frames)
        {
            try
            {
                var state = await frame.EvaluateAsync<string?>("() => globalThis.owned ? `owned, origin ${self.origin}` : frameElement === null && self !== top && self.origin !== 'null' ? `origin ${self.origin}` : null");
                if (state is not null)
                {
                    traces.Add($"{frame.Url}: {state}");
                }
            }
            catch (PlaywrightException)
            {
                // A frame without scripts (its sandbox forbids them) cannot be asked, and cannot have acted.
            }
        }

        return traces;
    }

    /// <summary>Opened by its own address, outside of any frame, an output is as harmless: its answer takes its origin away.</summary>
    private async Task LookAtFramesAloneAsync(ReviewBed bed, BrowserVisit visit, string sha)
    {
        var addresses = await visit.Page.Locator("iframe[data-frame]").EvaluateAllAsync<string[]>("frames => frames.map(frame => new URL(frame.src).pathname)");
        var oid = (await bed.GitAsync("rev-parse", $"{sha}:{Path}")).Trim();
        Assert.Contains(addresses, address => address.Contains(oid, StringComparison.Ordinal));
        foreach (var address in addresses.Distinct().Where((_, at) => at % 4 == 0 || at > addresses.Length - 6))
        {
            await visit.Page.GotoAsync(bed.Url + address);
            await visit.Page.WaitForTimeoutAsync(150);
            foreach (var trace in await OwnedAsync(visit.Page))
            {
                signs.Add($"{address}: {trace}");
            }

            Assert.Equal("null", await visit.Page.EvaluateAsync<string>("self.origin"));
        }

        await visit.Page.GotoAsync(bed.Url + Request + "/changes");
    }
}
