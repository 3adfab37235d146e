using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>Packs a repository when enough has come together, after a push and never within it.</summary>
internal sealed class TidyRepository(GitRepositories repositories, GitProcess git) : IHandle<BranchPushed>
{
    public async Task HandleAsync(BranchPushed fact, CancellationToken cancel) =>
        await git.RunAsync(
            repositories.Open(fact.ProjectId).Path, ["-c", "gc.auto=2000", "-c", "gc.autoDetach=false", "gc", "--auto", "--quiet"], cancel);
}
