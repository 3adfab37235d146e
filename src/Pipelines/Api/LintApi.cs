using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Pipelines;

/// <summary>REST: is this pipeline file right, and what would it do on a push to the default branch?</summary>
internal static class LintApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/api/v4/projects/{project}/ci/lint", LintTextAsync).ForProject(Role.Developer, Scope.Api);
        app.MapGet("/api/v4/projects/{project}/ci/lint", LintCommitAsync).ForProject(Role.None, Scope.ReadApi);
    }

    private static async Task<IResult> LintTextAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, PipelineContexts contexts, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var text = input.Required("content");
        if (text.Length > PlanCommit.FileBytesMax)
        {
            throw Refusal.Invalid("The file is larger than 4 MB.");
        }

        var name = input.Text("ref") ?? access.Project.DefaultBranch;
        return await AnswerAsync(access, repositories.Open(access.Project), contexts, name, _ => Task.FromResult<string?>(text), cancel);
    }

    private static async Task<IResult> LintCommitAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, PipelineContexts contexts, CancellationToken cancel)
    {
        access.RequireCode();
        var query = context.Request.Query;
        var name = new[] { query["content_ref"].ToString(), query["ref"].ToString(), access.Project.DefaultBranch }.First(given => given.Length > 0);
        var repository = repositories.Open(access.Project);
        return await AnswerAsync(
            access, repository, contexts, name, async sha => (await PlanCommit.FileAsync(repository, sha, cancel))?.Text, cancel);
    }

    private static async Task<IResult> AnswerAsync(
        ProjectAccess access, GitRepository repository, PipelineContexts contexts, string name, Func<string, Task<string?>> read, CancellationToken cancel)
    {
        var sha = (await PipelineApi.ResolveAsync(repository, name, cancel))?.Sha ?? await repository.ResolveAsync(name, cancel);
        var commit = sha is null ? null : await repository.CommitAsync(sha, cancel);
        if (commit is null)
        {
            return Write(["Reference not found"], [], "");
        }

        if (await read(commit.Sha) is not { } text)
        {
            return Write(["Please provide content of .squero-ci.yml"], [], "");
        }

        var request = new PipelineRequest { ProjectId = access.Project.Id, Ref = name, Sha = commit.Sha, Source = "push", PersonId = access.Caller.PersonId };
        var context = await contexts.OfRequestAsync(request, access.Project, commit, PipelineFile.Names[0], cancel);
        return await new PlanCommit(repository, commit.Sha).PlanAsync(text, PipelineFile.Names[0], context, null, cancel) switch
        {
            PlanOutcome.InvalidDefinition invalid => Write([.. invalid.Errors.Select(error => error.ToString())], [], text),
            PlanOutcome.NoPipeline none => Write([none.Sentence], [], text),
            PlanOutcome.Planned planned => Write([], planned.Pipeline.Warnings, text),
            _ => throw new InvalidOperationException("Not an outcome."),
        };
    }

    private static IResult Write(IReadOnlyList<string> errors, IReadOnlyList<string> warnings, string text) =>
        Results.Ok(new { valid = errors.Count == 0, errors, warnings, merged_yaml = text, includes = Array.Empty<object>() });
}
