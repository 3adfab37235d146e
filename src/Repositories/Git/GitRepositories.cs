using Squero.Projects;

namespace Squero.Repositories;

/// <summary>The bare repositories of all projects, at DATA/repositories/&lt;project id&gt;.git; made on first use.</summary>
public sealed class GitRepositories
{
    public GitRepository Open(Project project) => throw new NotImplementedException();

    public GitRepository Open(long projectId) => throw new NotImplementedException();

    public string PathOf(long projectId) => throw new NotImplementedException();
}
