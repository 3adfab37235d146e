using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;
using Squero.Ui;

namespace Squero.Pipelines;

/// <summary>What the pages of this module post, and the fragments that they fetch again.</summary>
internal static class PipelineForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var read = app.MapGroup("/project/{project}").ForProject(Role.None, Scope.ReadApi);
        read.MapGet("/pipelines/{id:long}/graph", GraphAsync);
        read.MapGet("/jobs/{id:long}/summary", SummaryAsync);
        var write = app.MapGroup("/project/{project}").ForProject(Role.Developer, Scope.Api);
        write.MapPost("/pipelines", StartAsync);
        write.MapPost("/pipelines/{id:long}/cancel", CancelPipelineAsync);
        write.MapPost("/pipelines/{id:long}/retry", RetryPipelineAsync);
        write.MapPost("/jobs/{id:long}/cancel", CancelJobAsync);
        write.MapPost("/jobs/{id:long}/retry", RetryJobAsync);
        write.MapPost("/jobs/{id:long}/play", PlayJobAsync);
        var settings = app.MapGroup("/project/{project}/settings/variables").ForProject(Role.Maintainer, Scope.Api);
        settings.MapPost("", PutVariableAsync);
        settings.MapPost("/{id:long}/delete", DeleteVariableAsync);
    }

    private static async Task<IResult> GraphAsync(ProjectAccess access, long id, PipelineStore pipelines, CancellationToken cancel)
    {
        var pipeline = await PipelineApi.FindAsync(access, pipelines, id, cancel);
        return new RazorComponentResult<PipelineColumns>(new { Access = access, Pipeline = pipeline });
    }

    private static async Task<IResult> SummaryAsync(ProjectAccess access, long id, JobStore jobs, CancellationToken cancel) =>
        new RazorComponentResult<JobSummary>(new { Job = await JobApi.FindAsync(access, jobs, id, cancel) });

    private static async Task<IResult> StartAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, CreatePipeline create, CancellationToken cancel)
    {
        var name = (await context.Request.ReadFormAsync(cancel))["ref"].ToString().Trim();
        var target = await PipelineApi.ResolveAsync(repositories.Open(access.Project), name, cancel)
            ?? throw Refusal.Invalid($"There is no branch or tag `{name}`.");
        var outcome = await create.CreateAsync(
            new PipelineRequest
            {
                ProjectId = access.Project.Id,
                Ref = name,
                Sha = target.Sha,
                IsTag = target.IsTag,
                Source = "web",
                PersonId = access.PersonId,
            },
            cancel);
        switch (outcome)
        {
            case PipelineOutcome.Created created:
                return Results.Redirect(access.Project.Area($"pipelines/{created.Pipeline.Id}"));
            case PipelineOutcome.Invalid invalid:
                Flash.Leave(context, $"The pipeline file is not valid: {invalid.Errors[0]}", Tone.Bad);
                break;
            case PipelineOutcome.Nothing nothing:
                Flash.Leave(context, nothing.Sentence, Tone.Warn);
                break;
        }

        return Results.Redirect(access.Project.Area("pipelines"));
    }

    private static async Task<IResult> CancelPipelineAsync(
        ProjectAccess access, long id, PipelineStore pipelines, CancelJob cancelJob, CancellationToken cancel)
    {
        await cancelJob.CancelPipelineAsync((await PipelineApi.FindAsync(access, pipelines, id, cancel)).Id, cancel);
        return Results.Redirect(access.Project.Area($"pipelines/{id}"));
    }

    private static async Task<IResult> RetryPipelineAsync(
        ProjectAccess access, long id, PipelineStore pipelines, RetryJob retry, CancellationToken cancel)
    {
        await retry.RetryPipelineAsync((await PipelineApi.FindAsync(access, pipelines, id, cancel)).Id, access.PersonId, cancel);
        return Results.Redirect(access.Project.Area($"pipelines/{id}"));
    }

    private static async Task<IResult> CancelJobAsync(ProjectAccess access, long id, JobStore jobs, CancelJob cancelJob, CancellationToken cancel) =>
        ToJob(access, await cancelJob.CancelAsync(await JobApi.FindAsync(access, jobs, id, cancel), force: false, cancel));

    private static async Task<IResult> RetryJobAsync(ProjectAccess access, long id, JobStore jobs, RetryJob retry, CancellationToken cancel) =>
        ToJob(access, await retry.RetryAsync(await JobApi.FindAsync(access, jobs, id, cancel), access.PersonId, cancel));

    private static async Task<IResult> PlayJobAsync(ProjectAccess access, long id, JobStore jobs, PlayJob play, CancellationToken cancel) =>
        ToJob(access, await play.PlayAsync(await JobApi.FindAsync(access, jobs, id, cancel), access.PersonId, cancel));

    private static async Task<IResult> PutVariableAsync(HttpContext context, ProjectAccess access, VariableStore variables, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var variable = new ProjectVariable
        {
            ProjectId = access.Project.Id,
            Key = form["key"].ToString().Trim(),
            Value = form["value"].ToString().ReplaceLineEndings("\n"),
            Masked = form["masked"] == "true",
            Protected = form["protected"] == "true",
            File = form["file"] == "true",
        };
        await variables.PutAsync(variable, cancel);
        Flash.Leave(context, $"{variable.Key} is saved; jobs that start from now on get it.");
        return Results.Redirect(access.Project.Area("settings/variables"));
    }

    private static async Task<IResult> DeleteVariableAsync(
        HttpContext context, ProjectAccess access, long id, VariableStore variables, CancellationToken cancel)
    {
        Flash.Leave(context, await variables.DeleteAsync(access.Project.Id, id, cancel) ? "Deleted." : "It was already gone.");
        return Results.Redirect(access.Project.Area("settings/variables"));
    }

    private static IResult ToJob(ProjectAccess access, Job job) => Results.Redirect(access.Project.Area($"jobs/{job.Id}"));
}
