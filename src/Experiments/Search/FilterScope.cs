using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What an identifier of a filter means in its scope.</summary>
/// <param name="AllowsLists">IN and NOT IN may be used.</param>
/// <param name="Word">How error messages name the entity.</param>
public sealed record FilterTarget(FilterEntity Entity, string Key, bool IsNumeric, bool AllowsLists, string Word)
{
    public string Title => char.ToUpperInvariant(Word[0]) + Word[1..];
}

/// <summary>Which entities and attributes a search knows: one each for candidates, experiments, checkpoints, traces and sets of questions.</summary>
public sealed class FilterScope
{
    private readonly Dictionary<string, FilterEntity> entities;
    private readonly Dictionary<string, FilterTarget> attributes;
    private readonly string[] orderable;
    private readonly string validEntities;

    private FilterScope(Dictionary<string, FilterEntity> entities, string validEntities, string[] orderable, params (string[] Names, bool IsNumeric, bool AllowsLists)[] attributes)
    {
        this.entities = entities;
        this.validEntities = validEntities;
        this.orderable = orderable;
        this.attributes = attributes
            .SelectMany(entry => entry.Names.Select(name => (name, new FilterTarget(FilterEntity.Attribute, entry.Names[0], entry.IsNumeric, entry.AllowsLists, "attribute"))))
            .ToDictionary(pair => pair.name, pair => pair.Item2, StringComparer.Ordinal);
    }

    public static FilterScope Candidates { get; } = new(
        new Dictionary<string, FilterEntity>(StringComparer.Ordinal)
        {
            ["metric"] = FilterEntity.Metric,
            ["metrics"] = FilterEntity.Metric,
            ["param"] = FilterEntity.Param,
            ["params"] = FilterEntity.Param,
            ["parameter"] = FilterEntity.Param,
            ["parameters"] = FilterEntity.Param,
            ["tag"] = FilterEntity.Tag,
            ["tags"] = FilterEntity.Tag,
            ["attribute"] = FilterEntity.Attribute,
            ["attributes"] = FilterEntity.Attribute,
            ["attr"] = FilterEntity.Attribute,
            ["run"] = FilterEntity.Attribute,
            ["dataset"] = FilterEntity.Dataset,
            ["datasets"] = FilterEntity.Dataset,
        },
        "Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
        ["run_id", "run_name", "status", "artifact_uri", "user_id", "start_time", "end_time"],
        (["run_id"], false, true),
        (["run_name", "Run name", "Run Name", "run name"], false, false),
        (["status"], false, false),
        (["artifact_uri"], false, false),
        (["user_id"], false, false),
        (["start_time", "created", "Created"], true, false),
        (["end_time"], true, false));

    public static FilterScope Experiments { get; } = new(
        new Dictionary<string, FilterEntity>(StringComparer.Ordinal)
        {
            ["attribute"] = FilterEntity.Attribute,
            ["tag"] = FilterEntity.Tag,
            ["tags"] = FilterEntity.Tag,
        },
        "Valid entity types are ('attribute', 'tag', 'tags')",
        ["name", "experiment_id", "creation_time", "last_update_time"],
        (["name"], false, false),
        (["creation_time"], true, false),
        (["last_update_time"], true, false),
        (["experiment_id"], true, false));

    public static FilterScope Checkpoints { get; } = new(
        new Dictionary<string, FilterEntity>(StringComparer.Ordinal)
        {
            ["metrics"] = FilterEntity.Metric,
            ["params"] = FilterEntity.Param,
            ["tags"] = FilterEntity.Tag,
            ["attribute"] = FilterEntity.Attribute,
            ["attributes"] = FilterEntity.Attribute,
        },
        "Expected one of ['attributes', 'metrics', 'params', 'tags'].",
        [],
        (["name"], false, true),
        (["model_id"], false, true),
        (["model_type"], false, true),
        (["status"], false, true),
        (["source_run_id"], false, true),
        (["creation_timestamp", "creation_timestamp_ms", "creation_time"], true, false),
        (["last_updated_timestamp", "last_updated_timestamp_ms", "last_updated_time"], true, false));

    public static FilterScope Traces { get; } = new(
        new Dictionary<string, FilterEntity>(StringComparer.Ordinal)
        {
            ["tag"] = FilterEntity.Tag,
            ["tags"] = FilterEntity.Tag,
            ["metadata"] = FilterEntity.Metadata,
            ["request_metadata"] = FilterEntity.Metadata,
            ["attribute"] = FilterEntity.Attribute,
            ["attributes"] = FilterEntity.Attribute,
            ["trace"] = FilterEntity.Attribute,
            ["span"] = FilterEntity.Span,
            ["feedback"] = FilterEntity.Feedback,
            ["expectation"] = FilterEntity.Expectation,
        },
        "Valid values are {'tag', 'metadata', 'attribute', 'trace', 'span', 'feedback', 'expectation'}",
        ["experiment_id", "timestamp_ms", "execution_time_ms", "end_time_ms", "status", "request_id", "name", "run_id"],
        (["request_id"], false, true),
        (["timestamp_ms", "timestamp"], true, false),
        (["execution_time_ms", "execution_time"], true, false),
        (["end_time_ms", "end_time"], true, false),
        (["status"], false, true),
        (["client_request_id"], false, true),
        (["name"], false, true),
        (["run_id"], false, true),
        (["text"], false, false),
        (["experiment_id"], true, false));

    public static FilterScope QuestionSets { get; } = new(
        new Dictionary<string, FilterEntity>(StringComparer.Ordinal) { ["tags"] = FilterEntity.Tag },
        "Valid entity types are ('tags')",
        ["name", "created_time", "last_update_time"],
        (["name"], false, false),
        (["created_by"], false, false),
        (["last_updated_by"], false, false),
        (["created_time"], true, false),
        (["last_update_time"], true, false));

    /// <summary>Whether texts may be compared with regular expressions.</summary>
    public bool KnowsPatterns => this == Traces;

    /// <summary>For filters: the identifier as written, quotes included.</summary>
    public FilterTarget Resolve(string identifier)
    {
        var target = Find(identifier);
        return (this == Experiments || this == Traces) && target is { Entity: FilterEntity.Attribute, Key: "experiment_id" } ? throw UnknownAttribute(target.Key, true) : target;
    }

    /// <summary>For ORDER BY: attributes, and where the scope has them metrics, params and tags.</summary>
    public FilterTarget ResolveOrder(string identifier)
    {
        var target = Find(identifier);
        if (target.Entity == FilterEntity.Attribute)
        {
            return orderable.Contains(target.Key) ? target : throw UnknownAttribute(target.Key, false);
        }

        return this == Experiments || this == QuestionSets || target.Entity is FilterEntity.Dataset or FilterEntity.Span or FilterEntity.Feedback or FilterEntity.Expectation
            ? throw Refusal.Invalid($"Invalid order_by entity: {target.Word}")
            : target;
    }

    private FilterTarget Find(string identifier)
    {
        var dot = identifier.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || identifier[0] is '`' or '"')
        {
            return Attribute(Unquote(identifier));
        }

        var word = identifier[..dot];
        if (!entities.TryGetValue(word, out var entity))
        {
            throw Refusal.Invalid($"Invalid entity type '{word}'. {validEntities}");
        }

        var key = Unquote(identifier[(dot + 1)..]);
        return entity switch
        {
            FilterEntity.Attribute => Attribute(key),
            FilterEntity.Metric => new FilterTarget(entity, key, true, false, "metric"),
            FilterEntity.Param => new FilterTarget(entity, key, false, this == Checkpoints, "parameter"),
            FilterEntity.Tag => new FilterTarget(entity, key, false, this == Checkpoints, "tag"),
            FilterEntity.Metadata => new FilterTarget(entity, key, false, false, "request_metadata"),
            FilterEntity.Feedback or FilterEntity.Expectation => new FilterTarget(entity, key, false, false, word),
            FilterEntity.Span => key is "name" or "type" or "status" or "content" || key.StartsWith("attributes.", StringComparison.Ordinal) && key.Length > "attributes.".Length
                ? new FilterTarget(entity, key, false, key != "content", "span")
                : throw Refusal.Invalid($"Invalid span attribute '{key}'. Supported attributes: name, status, type, attributes.<attribute_name>."),
            _ => key is "name" or "digest" or "context"
                ? new FilterTarget(entity, key, false, true, "dataset")
                : throw Refusal.Invalid($"Invalid dataset key '{key}' specified. Valid keys are '{{'name', 'digest', 'context'}}'"),
        };
    }

    private FilterTarget Attribute(string key) => attributes.TryGetValue(key, out var target) ? target : throw UnknownAttribute(key, true);

    private Refusal UnknownAttribute(string key, bool inFilter) =>
        Refusal.Invalid(
            $"Invalid attribute key '{key}' specified. Valid keys are{(this == QuestionSets ? ":" : "")} {(this == QuestionSets ? "" : "'")}{{{string.Join(", ", (inFilter ? attributes.Keys.Where(name => this != Experiments && this != Traces || name != "experiment_id") : orderable).Select(name => $"'{name}'"))}}}'");

    private static string Unquote(string key) =>
        key.Length >= 2 && key[0] is '`' or '"' && key.Length >= 2 && key[^1] == key[0] ? key[1..^1] : key;
}
