using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Squero.Kernel;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>webhooks/*: maintainers say who hears of changes in the registry. Secrets go in and never come out.</summary>
internal static partial class WebhookCalls
{
    private const int NormalResults = 100;
    private const int MaxResults = 1000;
    private const int MaxText = 5000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Maintain("POST", "webhooks", CreateAsync);
        routes.Maintain("GET", "webhooks", ListAsync);
        routes.Maintain("GET", "webhooks/{webhook}", async call => await AnswerAsync(call, await FindAsync(call)));
        routes.Maintain("PATCH", "webhooks/{webhook}", UpdateAsync);
        routes.Maintain("DELETE", "webhooks/{webhook}", DeleteAsync);
        routes.Maintain("POST", "webhooks/{webhook}/test", TestAsync);
    }

    private static async Task CreateAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var hook = new Hook
        {
            ProjectId = call.ProjectId,
            Name = CheckName(fields.Required("name")),
            Url = CheckUrl(call, fields.Required("url")),
            Events = Events(fields) ?? throw MlflowError.Missing("events"),
            Description = fields.Text("description") is { Length: > 0 } text ? Short(text, "description") : null,
            Active = IsActive(fields) ?? true,
        };
        await AnswerAsync(call, await call.Get<HookStore>().CreateAsync(hook, Secret(fields), call.Cancel));
    }

    private static async Task ListAsync(MlflowCall call)
    {
        var take = call.Fields.Long("max_results") ?? NormalResults;
        if (take is < 1 or > MaxResults)
        {
            throw MlflowError.Invalid($"max_results must be between 1 and {MaxResults}.");
        }

        var skip = PageToken.Read(call.Fields.Text("page_token"));
        var found = await call.Get<HookStore>().ListAsync(call.ProjectId, skip, (int)take + 1, call.Cancel);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "webhooks", [.. found.Take((int)take)], hook => Write(writer, hook));
            if (found.Count > take)
            {
                writer.WriteString("next_page_token", PageToken.Write(skip + take));
            }
        });
    }

    private static async Task UpdateAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var hook = await FindAsync(call);
        var updated = hook with
        {
            Name = fields.Text("name") is { Length: > 0 } name ? CheckName(name) : hook.Name,
            Url = fields.Text("url") is { Length: > 0 } url ? CheckUrl(call, url) : hook.Url,
            Events = Events(fields) ?? hook.Events,
            Description = fields.Text("description") is { Length: > 0 } text ? Short(text, "description") : hook.Description,
            Active = IsActive(fields) ?? hook.Active,
        };
        await AnswerAsync(call, await call.Get<HookStore>().UpdateAsync(updated, Secret(fields), call.Cancel));
    }

    private static async Task DeleteAsync(MlflowCall call)
    {
        await call.Get<HookStore>().DeleteAsync(await FindAsync(call), call.Cancel);
        await call.DoneAsync();
    }

    /// <summary>Sends an example at once, and shows what the other side says to it.</summary>
    private static async Task TestAsync(MlflowCall call)
    {
        var hook = await FindAsync(call);
        var name = call.Fields.Object("event") is { } wanted ? HookEvents.Read(wanted) : hook.Events[0];
        var body = HookEvents.Body(name, HookEvents.Example(name), call.Get<TimeProvider>().NowMicros());
        var answer = await call.Get<HookSender>().SendAsync(hook.Id, hook.Url, SecretText.CreateUuid(), body, call.Cancel, listens: true);
        await call.WriteAsync(writer =>
        {
            writer.WriteStartObject("result");
            writer.WriteBoolean("success", answer.Arrived);
            if (answer.Status is { } status)
            {
                writer.WriteNumber("response_status", status);
            }

            if (answer.Said is { } said)
            {
                writer.WriteString("response_body", said);
            }

            if (answer.Fault is { } fault)
            {
                writer.WriteString("error_message", $"Failed to test webhook: {fault}");
            }

            writer.WriteEndObject();
        });
    }

    private static async Task<Hook> FindAsync(MlflowCall call)
    {
        var uid = (string)call.Context.Request.RouteValues["webhook"]!;
        return await call.Get<HookStore>().FindAsync(call.ProjectId, uid, call.Cancel) ?? throw MlflowError.NotFound($"Webhook with ID {uid} not found.");
    }

    private static Task AnswerAsync(MlflowCall call, Hook hook) =>
        call.WriteAsync(writer =>
        {
            writer.WritePropertyName("webhook");
            Write(writer, hook);
        });

    private static void Write(Utf8JsonWriter writer, Hook hook)
    {
        writer.WriteStartObject();
        writer.WriteString("webhook_id", hook.Uid);
        writer.WriteString("name", hook.Name);
        if (hook.Description is { } description)
        {
            writer.WriteString("description", description);
        }

        writer.WriteString("url", hook.Url);
        ExperimentCalls.WriteArray(writer, "events", hook.Events, name =>
        {
            var (entity, action) = HookEvents.Halves(name);
            writer.WriteStartObject();
            writer.WriteString("entity", entity.ToUpperInvariant());
            writer.WriteString("action", action.ToUpperInvariant());
            writer.WriteEndObject();
        });
        writer.WriteString("status", hook.Active ? "ACTIVE" : "DISABLED");
        writer.WriteNumber("creation_timestamp", hook.CreatedUs / 1000);
        writer.WriteNumber("last_updated_timestamp", hook.UpdatedUs / 1000);
        writer.WriteEndObject();
    }

    /// <summary>Null when none are given.</summary>
    private static string[]? Events(Fields fields) =>
        fields.Objects("events") is { Count: > 0 } events ? [.. events.Select(HookEvents.Read).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] : null;

    private static bool? IsActive(Fields fields) => fields.Id("status") switch { "DISABLED" or "2" => false, "ACTIVE" or "1" => true, _ => null };

    private static string? Secret(Fields fields) => fields.Text("secret") is { Length: > 0 } secret ? Short(secret, "secret") : null;

    private static string Short(string text, string what) => text.Length <= MaxText ? text : throw MlflowError.TooLong(what, MaxText);

    private static string CheckName(string name) =>
        Fit().IsMatch(name)
            ? name
            : throw MlflowError.Invalid(
                $"Webhook name '{name[..Math.Min(name.Length, 100)]}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).");

    /// <summary>An address that is private by its own text is refused at once; a name that leads to one, when it is connected to.</summary>
    private static string CheckUrl(MlflowCall call, string url)
    {
        if (url.Length > Hook.MaxUrl)
        {
            throw MlflowError.TooLong("url", Hook.MaxUrl);
        }

        if (string.IsNullOrWhiteSpace(url))
        {
            throw MlflowError.Invalid($"Webhook URL cannot be empty or just whitespace: '{url}'");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.UserInfo.Length > 0)
        {
            throw MlflowError.Invalid($"Invalid webhook URL '{url}': give an address such as https://example.org/hook, without a user name.");
        }

        if (address.Scheme is not ("http" or "https"))
        {
            throw MlflowError.Invalid($"Invalid webhook URL scheme: '{address.Scheme}'. Allowed schemes are: http, https.");
        }

        return !call.Get<HookLimits>().Private && IPAddress.TryParse(address.DnsSafeHost, out var literal) && !PublicNetwork.IsPublic(literal)
            ? throw MlflowError.Invalid($"Invalid webhook URL '{url}': {literal} is not an address of the internet. An administrator can allow others with --private-webhooks.")
            : url;
    }

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Fit();
}
