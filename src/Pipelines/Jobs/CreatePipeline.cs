using System.Text.RegularExpressions;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Pipelines;

/// <summary>Reads the pipeline file of a commit, plans, and writes the pipeline with all its jobs.</summary>
public sealed partial class CreatePipeline
{
    public const int JobsMax = 2000;

    private readonly ProjectStore projects;
    private readonly GitRepositories repositories;
    private readonly PipelineContexts contexts;
    private readonly PipelineStore pipelines;
    private readonly InsertPipeline insert;
    private readonly StartPipeline start;

    internal CreatePipeline(
        ProjectStore projects, GitRepositories repositories, PipelineContexts contexts, PipelineStore pipelines, InsertPipeline insert, StartPipeline start) =>
        (this.projects, this.repositories, this.contexts, this.pipelines, this.insert, this.start) =
        (projects, repositories, contexts, pipelines, insert, start);

    public async Task<PipelineOutcome> CreateAsync(PipelineRequest request, CancellationToken cancel)
    {
        var project = await projects.FindAsync(request.ProjectId, cancel) ?? throw Refusal.NotFound("404 Project Not Found");
        var repository = repositories.Open(project);
        var commit = await repository.CommitAsync(request.Sha, cancel);
        if (commit is null)
        {
            return new PipelineOutcome.Nothing("no_commit", $"The commit {request.Sha} is not in the repository.");
        }

        if (request.Source == "push" && SkipPattern().IsMatch(commit.Message))
        {
            return new PipelineOutcome.Nothing("skip_ci", "The commit message asks to skip the pipeline.");
        }

        return await PlanCommit.FileAsync(repository, commit.Sha, cancel) is var (fileName, text)
            ? await CreateAsync(request with { Sha = commit.Sha }, project, repository, commit, fileName, text, cancel)
            : new PipelineOutcome.Nothing("no_file", "Missing CI config file: add a .squero-ci.yml to the repository.");
    }

    private async Task<PipelineOutcome> CreateAsync(
        PipelineRequest request, Project project, GitRepository repository, GitCommit commit, string fileName, string text, CancellationToken cancel)
    {
        var context = await contexts.OfRequestAsync(request, project, commit, fileName, cancel);
        var outcome = await new PlanCommit(repository, commit.Sha).PlanAsync(text, fileName, context, request.BeforeSha, cancel);
        switch (outcome)
        {
            case PlanOutcome.Planned { Pipeline: var plan } when plan.Jobs.Count <= JobsMax:
                return await FinishAsync(request, await insert.InsertAsync(request, context, plan, null, cancel), cancel);
            case PlanOutcome.Planned { Pipeline: var plan }:
                return await RejectAsync(request, context, [$"The pipeline would have {plan.Jobs.Count} jobs; at most {JobsMax} are allowed."], cancel);
            case PlanOutcome.InvalidDefinition invalid:
                return await RejectAsync(request, context, [.. invalid.Errors.Select(error => error.ToString())], cancel);
            case PlanOutcome.NoPipeline none:
                return new PipelineOutcome.Nothing(none.Reason, none.Sentence);
            default:
                throw new InvalidOperationException("Planning ended in a way that is not known here.");
        }
    }

    private async Task<PipelineOutcome> FinishAsync(PipelineRequest request, long pipelineId, CancellationToken cancel)
    {
        await start.StartAsync(pipelineId, cancel);
        return new PipelineOutcome.Created((await pipelines.FindAsync(request.ProjectId, pipelineId, cancel))!);
    }

    /// <summary>A push leaves a failed pipeline, so that its author sees what is wrong; other callers are told at once.</summary>
    private async Task<PipelineOutcome> RejectAsync(
        PipelineRequest request, PipelineContext context, IReadOnlyList<string> errors, CancellationToken cancel)
    {
        if (request.Source is not ("push" or "merge_request_event"))
        {
            return new PipelineOutcome.Invalid(errors, null);
        }

        var id = await insert.InsertAsync(request, context, null, errors, cancel);
        return new PipelineOutcome.Invalid(errors, await pipelines.FindAsync(request.ProjectId, id, cancel));
    }

    [GeneratedRegex(@"\[(ci[ -]skip|skip[ -]ci)\]", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex SkipPattern();
}
