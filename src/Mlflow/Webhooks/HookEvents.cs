using System.Globalization;
using System.Text.Json.Nodes;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>
/// The events that webhooks may ask for, by the protocol's names (<c>model_version.created</c>), and their messages. What a message holds is
/// what MLflow's own server sends.
/// </summary>
internal static class HookEvents
{
    private const string IsPrompt = "mlflow.prompt.is_prompt";
    private const string PromptText = "mlflow.prompt.text";
    private const string PromptType = "_mlflow_prompt_type";

    private static readonly Dictionary<string, string[]> Actions = new(StringComparer.Ordinal)
    {
        ["registered_model"] = ["created"],
        ["model_version"] = ["created"],
        ["model_version_tag"] = ["deleted", "set"],
        ["model_version_alias"] = ["created", "deleted"],
        ["prompt"] = ["created"],
        ["prompt_version"] = ["created"],
        ["prompt_tag"] = ["deleted", "set"],
        ["prompt_version_tag"] = ["deleted", "set"],
        ["prompt_alias"] = ["created", "deleted"],
    };

    /// <summary>An event as a call names it: entity and action.</summary>
    public static string Read(Fields fields)
    {
        var (entity, action) = (fields.Required("entity").ToLowerInvariant(), fields.Required("action").ToLowerInvariant());
        return !Actions.TryGetValue(entity, out var known) ? throw MlflowError.Invalid($"Invalid entity '{entity}' of an event. Valid entities are: {string.Join(", ", Actions.Keys)}.")
            : known.Contains(action) ? $"{entity}.{action}"
            : throw MlflowError.Invalid($"Invalid action '{action}' for entity '{entity}'. Valid actions are: [{string.Join(", ", known.Select(word => $"'{word}'"))}]");
    }

    public static (string Entity, string Action) Halves(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return (name[..dot], name[(dot + 1)..]);
    }

    /// <summary>The body of a message: <c>{"entity", "action", "timestamp", "data"}</c>.</summary>
    public static string Body(string name, JsonObject data, long nowUs)
    {
        var (entity, action) = Halves(name);
        return PythonJson.Spaced(new JsonObject
        {
            ["entity"] = entity,
            ["action"] = action,
            ["timestamp"] = Micros.ToTime(nowUs).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00:00",
            ["data"] = data,
        });
    }

    /// <summary>Null when clients have no word for it: tags of models are no event.</summary>
    public static (string Name, JsonObject Data)? Of(RegistryChanged news)
    {
        var prompt = news.Kind == ModelKind.Prompt;
        var (name, version) = (news.Name, news.Number is { } number ? number.ToString(CultureInfo.InvariantCulture) : null);
        return news.Act switch
        {
            RegistryAct.ModelCreated => (prompt ? "prompt.created" : "registered_model.created", new JsonObject { ["name"] = name, ["tags"] = Tags(news, prompt), ["description"] = news.Description ?? "" }),
            RegistryAct.VersionCreated when prompt => ("prompt_version.created", new JsonObject
            {
                ["name"] = name,
                ["version"] = version,
                ["template"] = news.Tags?.FirstOrDefault(tag => tag.Name == PromptText)?.Value,
                ["tags"] = Tags(news, prompt),
                ["description"] = Known(news.Version!.Description),
            }),
            RegistryAct.VersionCreated => ("model_version.created", new JsonObject
            {
                ["name"] = name,
                ["version"] = version,
                ["source"] = ModelJson.SourceOf(news.Version!),
                ["run_id"] = Known(news.Version!.CandidateUid),
                ["tags"] = Tags(news, prompt),
                ["description"] = Known(news.Version!.Description),
            }),
            RegistryAct.ModelTagSet when prompt => ("prompt_tag.set", new JsonObject { ["name"] = name, ["key"] = news.Tag!.Name, ["value"] = news.Tag.Value }),
            RegistryAct.ModelTagDeleted when prompt => ("prompt_tag.deleted", new JsonObject { ["name"] = name, ["key"] = news.Tag!.Name }),
            RegistryAct.VersionTagSet => (prompt ? "prompt_version_tag.set" : "model_version_tag.set", new JsonObject { ["name"] = name, ["version"] = version, ["key"] = news.Tag!.Name, ["value"] = news.Tag.Value }),
            RegistryAct.VersionTagDeleted => (prompt ? "prompt_version_tag.deleted" : "model_version_tag.deleted", new JsonObject { ["name"] = name, ["version"] = version, ["key"] = news.Tag!.Name }),
            RegistryAct.AliasSet => (prompt ? "prompt_alias.created" : "model_version_alias.created", new JsonObject { ["name"] = name, ["alias"] = news.Alias, ["version"] = version }),
            RegistryAct.AliasRemoved => (prompt ? "prompt_alias.deleted" : "model_version_alias.deleted", new JsonObject { ["name"] = name, ["alias"] = news.Alias }),
            _ => null,
        };
    }

    /// <summary>What a test of the event sends.</summary>
    public static JsonObject Example(string name)
    {
        var prompt = name.StartsWith("prompt", StringComparison.Ordinal);
        return Enum.GetValues<RegistryAct>().Select(act => Of(Example(act, prompt))).First(example => example?.Name == name)!.Value.Data;
    }

    private static RegistryChanged Example(RegistryAct act, bool prompt)
    {
        IReadOnlyList<NamedText> tags = prompt && act == RegistryAct.VersionCreated ? [ExampleTag, new NamedText(PromptText, "Hello {{name}}!")] : [ExampleTag];
        var what = (prompt, act) switch
        {
            (true, RegistryAct.VersionCreated) => "An example prompt version",
            (true, _) => "An example prompt",
            (false, RegistryAct.VersionCreated) => "An example model version",
            _ => "An example registered model",
        };
        var version = new ModelVersion { Number = 1, Source = "models:/123", CandidateUid = "abcd1234abcd5678", Description = what };
        return new RegistryChanged(0, prompt ? ModelKind.Prompt : ModelKind.Model, prompt ? "example_prompt" : "example_model", act, version, 1, ExampleTag, "example_alias", what, tags);
    }

    private static NamedText ExampleTag { get; } = new("example_key", "example_value");

    private static JsonObject Tags(RegistryChanged news, bool prompt) =>
        new((news.Tags ?? []).Where(tag => !prompt || tag.Name is not (IsPrompt or PromptText or PromptType))
            .DistinctBy(tag => tag.Name).Select(tag => KeyValuePair.Create(tag.Name, (JsonNode?)JsonValue.Create(tag.Value))));

    private static string? Known(string text) => text.Length == 0 ? null : text;
}

/// <summary>Queues the message of what changed, in the same transaction.</summary>
internal sealed class QueueHooks : IJoin<RegistryChanged>
{
    public Task JoinAsync(RegistryChanged fact, WriteSession session) =>
        HookEvents.Of(fact) is { } message ? HookStore.QueueAsync(session, fact.ProjectId, message.Name, HookEvents.Body(message.Name, message.Data, session.NowMicros)) : Task.CompletedTask;
}
