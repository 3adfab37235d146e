using Squero.Projects;

namespace Squero.Pipelines;

/// <summary>Slot on the page of a job: upper modules add what the job made.</summary>
public sealed record JobPageContext(ProjectAccess Access, Job Job);

/// <summary>Slot on the page of a pipeline.</summary>
public sealed record PipelinePageContext(ProjectAccess Access, Pipeline Pipeline);
