using Squero.Projects;

namespace Squero.Repositories;

/// <summary>Where a commit is shown, other modules add what they know of it (its pipeline).</summary>
public sealed record CommitPageContext(ProjectAccess Access, GitCommit Commit);
