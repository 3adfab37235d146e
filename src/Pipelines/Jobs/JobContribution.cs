using Squero.Projects;

namespace Squero.Pipelines;

/// <summary>Variables that an upper module gives every job when a runner takes it.</summary>
public interface IJobContribution
{
    ValueTask<IReadOnlyList<JobVariable>> ForAsync(Job job, Project project, string jobToken, CancellationToken cancel);
}
