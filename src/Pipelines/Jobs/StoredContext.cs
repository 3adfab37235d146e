using System.Text.Json;

namespace Squero.Pipelines;

/// <summary>What a pipeline's row keeps of its event, so that its variables can be put together again when a job is handed out.</summary>
internal sealed record StoredContext
{
    public bool RefProtected { get; init; }

    public CommitFacts Commit { get; init; } = new();

    public MergeRequestFacts? MergeRequest { get; init; }

    public PersonFacts? Person { get; init; }

    public string? OpenMergeRequests { get; init; }

    public IReadOnlyList<SettingVariable> PipelineVariables { get; init; } = [];

    public string ConfigPath { get; init; } = "";

    public static string Write(PipelineContext context) =>
        JsonSerializer.Serialize(new StoredContext
        {
            RefProtected = context.RefProtected,
            Commit = context.Commit,
            MergeRequest = context.MergeRequest,
            Person = context.Person,
            OpenMergeRequests = context.OpenMergeRequests,
            PipelineVariables = context.PipelineVariables,
            ConfigPath = context.Project.ConfigPath,
        });

    public static StoredContext Read(string json) => JsonSerializer.Deserialize<StoredContext>(json) ?? new StoredContext();
}
