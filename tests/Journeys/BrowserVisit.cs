using Microsoft.Playwright;

namespace Squero.Journeys;

/// <summary>One person at a browser: a context of its own, the pictures taken, and every complaint of the pages seen.</summary>
public sealed class BrowserVisit : IAsyncDisposable
{
    public const string Chromium = "/usr/bin/chromium";
    private const string Settled = "document.readyState === 'complete' && !document.documentElement.hasAttribute('data-loading')";

    /// <summary>Nothing fails by them, and on a slow machine each costs seconds: <c>SQUERO_PICTURES=1</c> takes them.</summary>
    private static readonly bool TakesPictures = Environment.GetEnvironmentVariable("SQUERO_PICTURES") == "1";

    private readonly IBrowserContext context;
    private readonly string url;
    private readonly bool scripts;
    private readonly List<string> complaints = [];

    private BrowserVisit(IBrowserContext context, IPage page, string url, bool scripts)
    {
        this.context = context;
        this.url = url;
        this.scripts = scripts;
        Page = page;
        page.Console += (_, message) => Note(message.Type == "error", $"console on {page.Url}: {message.Text}");
        page.PageError += (_, error) => Note(true, $"script error on {page.Url}: {error}");
        page.Response += (_, answer) => Note(answer.Status >= 400, $"{answer.Status} {answer.Request.Method} {answer.Url}");

        // A request that was under way when one went to another page has not failed.
        page.RequestFailed += (_, request) => Note(request.Failure != "net::ERR_ABORTED", $"{request.Failure} {request.Url}");
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Complaints => complaints;

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Chromium,
        Args =
        [
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ],
    });

    public static async Task<BrowserVisit> BeginAsync(IBrowser browser, string url, bool scripts = true, bool telephone = false)
    {
        var context = await browser.NewContextAsync(new()
        {
            JavaScriptEnabled = scripts,
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = telephone ? new() { Width = 390, Height = 800 } : new() { Width = 1280, Height = 900 },
            HasTouch = telephone,
            IsMobile = telephone,
        });
        context.SetDefaultTimeout(60_000);
        return new BrowserVisit(context, await context.NewPageAsync(), url, scripts);
    }

    public async Task SignInAsync(string username, string password)
    {
        await GoAsync("/-/sign-in");
        await Page.GetByLabel("User name").FillAsync(username);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(Page.GetByText(username).First).ToBeVisibleAsync();
    }

    /// <summary>Presses the button of a form that leads on, and waits for the page it leads to.</summary>
    public async Task SendAsync(ILocator button)
    {
        await Page.EvaluateAsync("() => { document.documentElement.dataset.before = '1'; }");
        await button.ClickAsync();
        await Page.WaitForFunctionAsync($"() => !document.documentElement.dataset.before && {Settled}");
    }

    /// <summary>Opens a page, to the moment when its scripts answer: a key pressed before is a key lost.</summary>
    public async Task GoAsync(string path)
    {
        await Page.GotoAsync(url + path);
        if (scripts)
        {
            await Page.WaitForFunctionAsync($"() => {Settled}");
        }
    }

    public Task OfflineAsync(bool isOffline) => context.SetOfflineAsync(isOffline);

    /// <summary>One finger put down on an element, drawn and lifted; places in shares of its box.</summary>
    public async Task DragAsync(ILocator on, (float X, float Y) from, (float X, float Y) to)
    {
        await on.EvaluateAsync("one => one.scrollIntoView({ block: 'center' })");
        var box = (await on.BoundingBoxAsync())!;
        await using var debugger = await context.NewCDPSessionAsync(Page);
        Task TouchAsync(string type, float share) => debugger.SendAsync("Input.dispatchTouchEvent", new()
        {
            ["type"] = type,
            ["touchPoints"] = type == "touchEnd" ? Array.Empty<object>() : new object[]
            {
                new { x = box.X + (box.Width * (from.X + ((to.X - from.X) * share))), y = box.Y + (box.Height * (from.Y + ((to.Y - from.Y) * share))) },
            },
        });
        await TouchAsync("touchStart", 0);
        for (var step = 1; step <= 8; step++)
        {
            await TouchAsync("touchMove", step / 8f);
        }

        // A finger that rests before it is lifted throws nothing: while a thrown page glides, the next tap only stops it.
        await Task.Delay(200);
        await TouchAsync("touchEnd", 1);
    }

    /// <summary>A link of the project's areas, or of the row of tabs below.</summary>
    public async Task FollowAsync(string words, string? row = null)
    {
        var link = Page.GetByRole(AriaRole.Navigation, new() { Name = row }).GetByRole(AriaRole.Link, new() { NameRegex = new($"^{words}( \\d+)?$") });
        var (from, to) = (Page.Url, await link.First.EvaluateAsync<string>("link => link.href"));
        await link.First.ClickAsync();

        // Asked of the page itself: an event of loading that comes while the click returns can pass unheard.
        await Page.WaitForFunctionAsync($"([from, to]) => {Settled} && (location.href === to || location.href !== from)", new[] { from, to });
    }

    /// <summary>
    /// A picture of the page for people to look at, where they ask for pictures. What loads when it comes near is asked for first, so that the page
    /// in the picture is whole.
    /// </summary>
    public async Task PictureAsync(string name)
    {
        if (!TakesPictures)
        {
            return;
        }

        await Page.WaitForLoadStateAsync(LoadState.Load);
        if (scripts)
        {
            await Page.Locator("img[loading=lazy]").EvaluateAllAsync<object?>("images => { scrollTo(0, 0); images.forEach(image => image.loading = 'eager'); }");
            await Page.WaitForFunctionAsync("() => [...document.images].every(image => image.complete)");
        }

        await Page.ScreenshotAsync(new() { Path = PathOf(name), FullPage = true });
    }

    /// <summary>A part of the page, or the window, for people to look at.</summary>
    public static Task PictureAsync(string name, ILocator part) =>
        TakesPictures ? part.ScreenshotAsync(new() { Path = PathOf(name) }) : Task.CompletedTask;

    public Task WindowPictureAsync(string name) =>
        TakesPictures ? Page.ScreenshotAsync(new() { Path = PathOf(name) }) : Task.CompletedTask;

    private static string PathOf(string picture) => Path.Combine(SqueroProcess.Root, "artifacts", "screenshots", picture + ".png");

    /// <summary>The page as paper has it.</summary>
    public async Task PrintAsync(string name)
    {
        await Page.EmulateMediaAsync(new() { Media = Media.Print });
        await PictureAsync(name);
        await Page.EmulateMediaAsync(new() { Media = Media.Screen });
    }

    /// <summary>Nothing on the page keeps anybody out: axe-core finds nothing serious.</summary>
    public async Task FairAsync(string what)
    {
        // As a word of the debugger, which the page's policy on scripts does not concern.
        await Page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(SqueroProcess.Root, "src", "Ui", "node_modules", "axe-core", "axe.min.js")));
        var found = await Page.EvaluateAsync<string[]>(
            """
            async () => {
              const result = await axe.run(document, { resultTypes: ["violations"], iframes: false });
              return result.violations.filter((one) => ["serious", "critical"].includes(one.impact))
                .map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
            }
            """);
        Assert.True(found.Length == 0, $"{what}: {string.Join('\n', found)}");
    }

    public async Task LookInTheDarkAsync(string path, string name)
    {
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await GoAsync(path);
        await PictureAsync(name);
        await Page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }

    /// <summary>Nothing sticks out of a small screen, such as a telephone's.</summary>
    public async Task FitsAsync(string path, string? picture = null, int width = 360)
    {
        await Page.SetViewportSizeAsync(width, 780);
        await GoAsync(path);
        await Page.WaitForFunctionAsync("() => [...document.querySelectorAll('[data-math]')].every(formula => formula.dataset.bound)");
        var excess = await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - window.innerWidth");
        Assert.True(excess <= 0, $"{path} is {excess} px too wide for a screen of {width} px.");
        if (picture is not null)
        {
            await PictureAsync(picture);
        }

        await Page.SetViewportSizeAsync(1280, 900);
    }

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    private void Note(bool isComplaint, string words)
    {
        if (isComplaint)
        {
            complaints.Add(words);
        }
    }
}
