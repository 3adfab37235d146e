using Squero.Repositories;

namespace Squero.Pipelines;

/// <summary>
/// Tells who pushed a pipeline file with mistakes right there in the terminal. The pipeline itself is made afterwards, from the
/// stored fact, and says the same on its page.
/// </summary>
internal sealed class WarnPusher(GitRepositories repositories, PipelineContexts contexts) : IPushObserver
{
    private const int MaxBranches = 5;
    private const int MaxErrors = 3;

    public async Task<IReadOnlyList<string>> AfterPushAsync(Push push, CancellationToken cancel)
    {
        var lines = new List<string>();
        foreach (var update in push.Updates.Where(update => update is { Branch: not null, IsDeletion: false }).Take(MaxBranches))
        {
            var errors = await ErrorsAsync(push, update, cancel);
            lines.AddRange(errors.Take(MaxErrors).Select(error => $"The pipeline of {update.Branch} cannot start: {error}"));
            if (errors.Count > MaxErrors)
            {
                lines.Add($"… and {errors.Count - MaxErrors} more mistakes.");
            }
        }

        return lines;
    }

    private async Task<IReadOnlyList<DefinitionError>> ErrorsAsync(Push push, RefUpdate update, CancellationToken cancel)
    {
        var repository = repositories.Open(push.Project);
        if (await repository.CommitAsync(update.After, cancel) is not { } commit || await PlanCommit.FileAsync(repository, commit.Sha, cancel) is not var (name, text))
        {
            return [];
        }

        var request = new PipelineRequest { ProjectId = push.Project.Id, Ref = update.Branch!, Sha = commit.Sha, Source = "push", PersonId = push.Caller.PersonId };
        var context = await contexts.OfRequestAsync(request, push.Project, commit, name, cancel);
        return await new PlanCommit(repository, commit.Sha).PlanAsync(text, name, context, update.Before, cancel) is PlanOutcome.InvalidDefinition invalid
            ? invalid.Errors
            : [];
    }
}
