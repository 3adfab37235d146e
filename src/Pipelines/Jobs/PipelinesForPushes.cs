using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Pipelines;

/// <summary>Makes a pipeline for every push. The same fact twice makes one; the same commit pushed once more, after something else, makes another.</summary>
internal sealed class PipelinesForPushes(Database database, ProjectStore projects, GitRepositories repositories, CreatePipeline create)
    : IHandle<BranchPushed>
{
    public Task HandleAsync(BranchPushed fact, CancellationToken cancel) =>
        CreateAsync(fact.ProjectId, fact.Branch, false, fact.Before, fact.After, fact.PersonId, cancel);

    public Task ForTagAsync(TagPushed fact, CancellationToken cancel) =>
        CreateAsync(fact.ProjectId, fact.Tag, true, fact.Before, fact.After, fact.PersonId, cancel);

    private async Task CreateAsync(
        long projectId, string name, bool isTag, string before, string after, long personId, CancellationToken cancel)
    {
        var prefix = $"push:{projectId}:{(isTag ? "tag" : "branch")}:{name}:";
        var key = $"{prefix}{before}:{after}";
        await ForgetAsync(projectId, name, prefix, key, cancel);
        if (after == RefUpdate.Nothing || await projects.FindAsync(projectId, cancel) is not { } project)
        {
            return;
        }

        // An annotated tag's own id leads to its commit.
        var sha = isTag ? await repositories.Open(project).ResolveAsync("refs/tags/" + name, cancel) : after;
        if (sha is not null)
        {
            await create.CreateAsync(
                new PipelineRequest
                {
                    ProjectId = projectId,
                    Ref = name,
                    IsTag = isTag,
                    Sha = sha,
                    BeforeSha = before,
                    Source = "push",
                    PersonId = personId == 0 ? project.CreatorId : personId,
                    OnceKey = key,
                },
                cancel);
        }
    }

    /// <summary>Facts come in order: once the ref has moved on, the same move later is a new push.</summary>
    private Task ForgetAsync(long projectId, string name, string prefix, string key, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                """
                UPDATE pipelines_pipelines SET once_key = NULL
                WHERE project_id = @projectId AND ref = @name AND substr(once_key, 1, @length) = @prefix AND once_key <> @key
                """,
                new { projectId, name, length = prefix.Length, prefix, key }),
            cancel);
}

/// <summary>The same for tags.</summary>
internal sealed class PipelinesForTags(PipelinesForPushes pushes) : IHandle<TagPushed>
{
    public Task HandleAsync(TagPushed fact, CancellationToken cancel) => pushes.ForTagAsync(fact, cancel);
}
