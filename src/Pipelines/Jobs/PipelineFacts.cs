namespace Squero.Pipelines;

public sealed record PipelineCreated(long ProjectId, long PipelineId, string Sha, string Ref);

/// <summary>Stated each time a pipeline comes to an end; more than once when jobs are retried or played.</summary>
public sealed record PipelineFinished(long ProjectId, long PipelineId, string Sha, string Ref, JobStatus Status);

/// <summary>A job ended as success, failed or canceled.</summary>
public sealed record JobFinished(long ProjectId, long JobId, long PipelineId, JobStatus Status);
