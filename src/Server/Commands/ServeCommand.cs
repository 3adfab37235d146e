using System.CommandLine;
using System.Globalization;
using Squero.Accounts;

namespace Squero.Server;

/// <summary><c>squero serve</c>: the server, without a story.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var options = new ServeArguments();
        var command = new Command("serve", "Serve everything from one data folder.");
        options.AddTo(command);
        command.SetAction((parsed, cancel) => RunAsync(options.Read(parsed), cancel));
        return command;
    }

    internal static async Task<int> RunAsync(ServeOptions options, CancellationToken cancel)
    {
        await using var app = await ServerHost.BuildAsync(options, null, cancel);
        await ServerHost.StartAsync(app, cancel);
        await AnnounceAsync(app, cancel);
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }

    internal static async Task AnnounceAsync(WebApplication app, CancellationToken cancel)
    {
        var address = app.Services.GetRequiredService<Kernel.ServerAddress>();
        Console.WriteLine($"Squero {ProductVersion.Text} serves {address.Link("/")}");
        if (await app.Services.GetRequiredService<SetupLink>().ForFirstPersonAsync(cancel) is { } link)
        {
            Console.WriteLine($"Nobody has an account yet. Make the first administrator here (the link works once, for two days):\n  {link}");
        }
    }
}

/// <summary>The options that serve and demo share.</summary>
internal sealed class ServeArguments
{
    // A terabyte; more would overflow what git counts on some machines.
    private const int MaxPushMegabytes = 1024 * 1024;

    private readonly Option<string> data = new("--data") { Description = "The data folder.", DefaultValueFactory = _ => "data" };
    private readonly DatabaseArguments database = new();
    private readonly Option<string> urls = new("--urls") { Description = "Addresses to listen on.", DefaultValueFactory = _ => ServeOptions.DefaultUrl };
    private readonly Option<string?> external = new("--external-url") { Description = "The address people use, if another than the first of --urls." };
    private readonly Option<string[]> hosts = new("--allowed-host") { Description = "Another Host name to answer to; may be repeated." };
    private readonly Option<bool> noRunner = new("--no-runner") { Description = "Run no pipeline jobs in this process." };
    private readonly Option<bool> unconfined = new("--allow-unconfined-jobs") { Description = "Run jobs even where they cannot be kept from reading the data folder." };

    private readonly Option<bool> privateWebhooks = new("--private-webhooks") { Description = "Let webhooks lead to this machine and the network around it." };

    private readonly Option<int> maxPush = new("--max-push-mb")
    {
        Description = "The largest push to a repository, in megabytes of what is sent.",
        DefaultValueFactory = _ => ServeOptions.DefaultMaxPushMegabytes,
    };

    public ServeArguments() =>
        maxPush.Validators.Add(result =>
        {
            var isSize = int.TryParse(result.Tokens.SingleOrDefault()?.Value, CultureInfo.InvariantCulture, out var size) && size is >= 1 and <= MaxPushMegabytes;
            if (result.Tokens.Count > 0 && !isSize)
            {
                result.AddError($"--max-push-mb takes 1 to {MaxPushMegabytes} (megabytes).");
            }
        });

    public void AddTo(Command command)
    {
        command.Options.Add(data);
        database.AddTo(command);
        command.Options.Add(urls);
        command.Options.Add(external);
        command.Options.Add(hosts);
        command.Options.Add(noRunner);
        command.Options.Add(unconfined);
        command.Options.Add(privateWebhooks);
        command.Options.Add(maxPush);
    }

    public ServeOptions Read(ParseResult parsed) => new()
    {
        DataFolder = parsed.GetValue(data)!,
        Database = database.Read(parsed),
        Urls = parsed.GetValue(urls)!,
        ExternalUrl = parsed.GetValue(external),
        AllowedHosts = parsed.GetValue(hosts) ?? [],
        RunsJobs = !parsed.GetValue(noRunner),
        AllowUnconfinedJobs = parsed.GetValue(unconfined),
        PrivateWebhooks = parsed.GetValue(privateWebhooks),
        MaxPushMegabytes = parsed.GetValue(maxPush),
    };
}
