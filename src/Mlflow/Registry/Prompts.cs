using Squero.Experiments;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>
/// In the protocol a prompt is a registered model with a tag. The tag decides once, when the model is made; afterwards it
/// can neither come nor go, and no check depends on it.
/// </summary>
internal static class Prompts
{
    private const string Tag = "mlflow.prompt.is_prompt";
    private const int MaxValue = 100_000;
    private const string TextTag = "mlflow.prompt.text";
    private static readonly string[] Targets = ["tag." + Tag, "tags." + Tag, $"tag.`{Tag}`", $"tags.`{Tag}`", $"tag.\"{Tag}\"", $"tags.\"{Tag}\""];

    /// <summary>What the client writes as the source of a prompt, which has none: by <c>register_prompt</c>, by <c>create_prompt_version</c>.</summary>
    public static bool IsSource(string source) => source is "dummy-source" or "prompt-template";

    public static ModelKind KindOf(IEnumerable<NamedText> tags) => tags.Any(tag => tag.Name == Tag && IsTrue(tag.Value)) ? ModelKind.Prompt : ModelKind.Model;

    public static string Word(ModelKind kind) => kind == ModelKind.Prompt ? "prompt" : "registered model";

    /// <summary>A tag of a version or model, within the protocol's limits.</summary>
    public static NamedText ReadTag(Fields fields)
    {
        var key = Names.CheckKey(fields.Required("key"), "key", "key");
        var value = fields.Text("value") ?? "";
        return value.Length <= MaxValue ? new NamedText(key, value)
            : throw (key == TextTag ? MlflowError.Invalid($"Prompt text exceeds max length of {MaxValue} characters.") : MlflowError.TooLong("value", MaxValue));
    }

    public static void CheckKept(Model model, NamedText tag)
    {
        if (tag.Name == Tag && IsTrue(tag.Value) != (model.Kind == ModelKind.Prompt))
        {
            throw MlflowError.Invalid($"'{model.Name}' is a {Word(model.Kind)} and stays one: the tag '{Tag}' cannot be changed.");
        }
    }

    /// <summary>A prompt keeps the tag; on a model its absence is what it should be.</summary>
    public static void CheckStays(Model model, string name) => CheckKept(model, new NamedText(name, ""));

    /// <summary>Takes what a filter says about the tag out of it; without a word about it only models are searched.</summary>
    public static (string? Filter, ModelKind Kind) Split(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter) || filter.Length > Filter.MaxLength)
        {
            return (filter, ModelKind.Model);
        }

        var tokens = FilterTokens.Cut(filter).ToList();
        var kind = ModelKind.Model;
        for (var at = 0; at + 2 < tokens.Count; at++)
        {
            if (Targets.Contains(tokens[at].Value) && KindOf(tokens[at + 1], tokens[at + 2]) is { } found && Ends(tokens, at))
            {
                kind = found;
                var first = at > 0 ? at - 1 : at;
                tokens.RemoveRange(first, Math.Min(4, tokens.Count - first));
                at = first - 1;
            }
        }

        return (string.Join(' ', tokens.Select(token => token.Raw)), kind);
    }

    /// <summary>The clause stands between two ANDs or ends of the filter.</summary>
    private static bool Ends(List<FilterToken> tokens, int at) =>
        (at == 0 || tokens[at - 1].IsWord("and")) && (at + 3 == tokens.Count || tokens[at + 3].IsWord("and"));

    private static ModelKind? KindOf(FilterToken sign, FilterToken value) =>
        value.Kind != TokenKind.Text || value.Value is not ("true" or "false") ? null
        : sign.Value switch
        {
            "=" => value.Value == "true" ? ModelKind.Prompt : ModelKind.Model,
            "!=" => value.Value == "true" ? ModelKind.Model : ModelKind.Prompt,
            _ => null,
        };

    private static bool IsTrue(string value) => string.Equals(value, "true", StringComparison.OrdinalIgnoreCase);
}
