using System.Text.Json;

namespace Squero.Pipelines;

/// <summary>Reads an event written as JSON, for the command line and the cases. What is left out has a default.</summary>
internal static class ContextJson
{
    /// <summary>Throws <see cref="JsonException"/> or <see cref="InvalidOperationException"/> for what is no such event.</summary>
    public static PipelineContext Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("it must be a map.");
        }

        var files = Pairs(root, "files").ToDictionary(pair => pair.Key.TrimStart('/'), pair => pair.Value, StringComparer.Ordinal);
        var paths = Texts(root, "repo_files") ?? [];
        var project = Of(root, "project");
        var path = Text(project, "path") ?? "acme/vision";
        return new PipelineContext
        {
            Source = Text(root, "event") ?? "push",
            Ref = Text(root, "ref") ?? "main",
            RefKind = Text(root, "ref_type") switch
            {
                "tag" => RefKind.Tag,
                "merge_request" => RefKind.MergeRequest,
                null or "branch" => RefKind.Branch,
                var kind => throw new JsonException($"`ref_type` is `{kind}`, but may only be branch, tag, merge_request."),
            },
            RefProtected = Of(root, "protected") is { ValueKind: JsonValueKind.True },
            Project = new ProjectFacts { Path = path, Name = path[(path.LastIndexOf('/') + 1)..], DefaultBranch = Text(root, "default_branch") ?? "main" },
            Commit = CommitOf(Of(root, "commit")),
            ChangedPaths = Texts(root, "changes"),
            CommitPaths = () => [.. paths.Union(files.Keys, StringComparer.Ordinal)],
            ReadFile = files.GetValueOrDefault,
            SettingVariables = [.. Pairs(Of(root, "variables"), "project").Select(pair => new SettingVariable(pair.Key, pair.Value))],
            PipelineVariables = [.. Pairs(Of(root, "variables"), "pipeline").Select(pair => new SettingVariable(pair.Key, pair.Value))],
            MergeRequest = MergeRequestOf(Of(root, "merge_request")),
            OpenMergeRequests = Of(root, "open_merge_requests") is { ValueKind: JsonValueKind.Array }
                ? string.Join(',', Texts(root, "open_merge_requests")!)
                : Text(root, "open_merge_requests"),
            PipelineIid = 1,
        };
    }

    private static CommitFacts CommitOf(JsonElement? commit) => new()
    {
        Sha = Text(commit, "sha") ?? "5f1c2d3e4b5a69788796a5b4c3d2e1f001122334",
        Message = Text(commit, "message") ?? "",
        TagMessage = Text(commit, "tag_message"),
    };

    private static MergeRequestFacts? MergeRequestOf(JsonElement? request) => request is null ? null : new MergeRequestFacts
    {
        Id = 1,
        Iid = Of(request, "iid") is { ValueKind: JsonValueKind.Number } iid ? iid.GetInt64() : 1,
        SourceBranch = Text(request, "source_branch") ?? "",
        TargetBranch = Text(request, "target_branch") ?? "",
        Title = Text(request, "title") ?? "",
        Labels = Texts(request, "labels") ?? [],
    };

    private static JsonElement? Of(JsonElement? parent, string key) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static string? Text(JsonElement? parent, string key) => Of(parent, key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => other.GetRawText(),
    };

    private static IReadOnlyList<string>? Texts(JsonElement? parent, string key) =>
        Of(parent, key) is { } list ? [.. list.EnumerateArray().Select(item => item.ToString())] : null;

    private static IEnumerable<KeyValuePair<string, string>> Pairs(JsonElement? parent, string key) =>
        Of(parent, key) is { } map ? [.. map.EnumerateObject().Select(pair => KeyValuePair.Create(pair.Name, pair.Value.ToString()))] : [];
}
