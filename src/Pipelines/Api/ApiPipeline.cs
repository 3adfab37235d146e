using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Pipelines;

/// <summary>A pipeline in lists of the REST API.</summary>
internal record ApiPipeline(
    long Id, long Iid, long ProjectId, string Sha, string Ref, string Status, string Source, string? Name, string? CreatedAt, string? UpdatedAt, string WebUrl)
{
    public static ApiPipeline From(Pipeline pipeline, Project project, ServerAddress address) => new(
        pipeline.Id, pipeline.Iid, pipeline.ProjectId, pipeline.Sha, pipeline.Ref, pipeline.Status.ToWord(), pipeline.Source, pipeline.Name,
        Micros.ToIso(pipeline.CreatedUs), Micros.ToIso(pipeline.UpdatedUs), address.Link(project.Area($"pipelines/{pipeline.Id}")));
}

/// <summary>The whole of one.</summary>
internal sealed record ApiWholePipeline(
    long Id, long Iid, long ProjectId, string Sha, string Ref, string Status, string Source, string? Name, string? CreatedAt, string? UpdatedAt, string WebUrl,
    string BeforeSha, bool Tag, string? YamlErrors, ApiPerson? User, string? StartedAt, string? FinishedAt, string? CommittedAt, int? Duration,
    int? QueuedDuration, string? Coverage, ApiDetailedStatus DetailedStatus, bool Archived)
    : ApiPipeline(Id, Iid, ProjectId, Sha, Ref, Status, Source, Name, CreatedAt, UpdatedAt, WebUrl)
{
    public static ApiWholePipeline From(Pipeline pipeline, Project project, Person? person, ServerAddress address)
    {
        var link = project.Area($"pipelines/{pipeline.Id}");
        return new ApiWholePipeline(
            pipeline.Id, pipeline.Iid, pipeline.ProjectId, pipeline.Sha, pipeline.Ref, pipeline.Status.ToWord(), pipeline.Source, pipeline.Name,
            Micros.ToIso(pipeline.CreatedUs), Micros.ToIso(pipeline.UpdatedUs), address.Link(link), pipeline.BeforeSha, pipeline.IsTag, pipeline.Errors,
            person is null ? null : ApiPerson.From(person, address), Micros.ToIso(pipeline.StartedUs), Micros.ToIso(pipeline.FinishedUs),
            Micros.ToIso(StoredContext.Read(pipeline.Context).Commit.Timestamp is { } at ? Micros.FromTime(at) : null),
            Seconds(pipeline.StartedUs, pipeline.FinishedUs), Seconds(pipeline.CreatedUs, pipeline.StartedUs), null,
            ApiDetailedStatus.From(pipeline.Status, link), false);
    }

    private static int? Seconds(long? from, long? to) => from is { } start && to is { } end ? (int)((end - start) / 1_000_000) : null;
}

internal sealed record ApiDetailedStatus(
    string Icon, string Text, string Label, string Group, string Tooltip, bool HasDetails, string DetailsPath, object? Illustration, string Favicon)
{
    public static ApiDetailedStatus From(JobStatus status, string path)
    {
        var word = status.ToWord();
        var text = word.Replace('_', ' ');
        return new ApiDetailedStatus($"status_{word}", text, text, word.Replace('_', '-'), text, true, path, null, "");
    }
}
