using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Pipelines;

/// <summary>REST: jobs of a project.</summary>
internal static class JobApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var read = app.MapGroup("/api/v4/projects/{project}/jobs").ForProject(Role.None, Scope.ReadApi);
        read.MapGet("", ListAsync);
        read.MapGet("/{id:long}", GetAsync);
        read.MapGet("/{id:long}/trace", LogEndpoints.RawAsync);
        read.MapGet("/{id:long}/artifacts", ArtifactFiles.ArchiveAsync);
        read.MapGet("/{id:long}/artifacts/{**path}", ArtifactFiles.FileAsync);
        var write = app.MapGroup("/api/v4/projects/{project}/jobs").ForProject(Role.Developer, Scope.Api);
        write.MapPost("/{id:long}/play", PlayAsync);
        write.MapPost("/{id:long}/retry", RetryAsync);
        write.MapPost("/{id:long}/cancel", CancelAsync);
        app.MapGet("/api/v4/job", OwnAsync).OpenToAll();
    }

    public static async Task<Job> FindAsync(ProjectAccess access, JobStore jobs, long id, CancellationToken cancel) =>
        await jobs.FindAsync(access.Project.Id, id, cancel) ?? throw Refusal.NotFound("404 Job Not Found");

    /// <summary>?scope=failed or ?scope[]=failed&amp;scope[]=success; null without.</summary>
    public static IReadOnlyList<JobStatus>? StatusesOf(HttpContext context)
    {
        var words = context.Request.Query["scope"].Concat(context.Request.Query["scope[]"]).OfType<string>().Where(word => word.Length > 0).ToArray();
        return words.Length == 0 ? null
            : [.. words.Select(word => JobStatusWords.Parse(word) ?? throw new MissingParameter("scope does not have a valid value"))];
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, JobStore jobs, JobAnswers answers, ServerAddress address, CancellationToken cancel)
    {
        var page = await jobs.ListAsync(access.Project.Id, ApiPage.Request(context), StatusesOf(context), cancel);
        var rows = await answers.OfAsync(access.Project, page.Rows, cancel);
        return Results.Ok(ApiPage.Write(context, address, new Page<ApiJob>(rows, page.Total, page.Request), row => row));
    }

    private static async Task<IResult> GetAsync(ProjectAccess access, long id, JobStore jobs, JobAnswers answers, CancellationToken cancel) =>
        Results.Ok(await answers.OfAsync(access.Project, await FindAsync(access, jobs, id, cancel), cancel));

    private static async Task<IResult> PlayAsync(
        ProjectAccess access, long id, JobStore jobs, PlayJob play, JobAnswers answers, CancellationToken cancel) =>
        await CreatedAsync(access, await play.PlayAsync(await FindAsync(access, jobs, id, cancel), access.PersonId, cancel), answers, cancel);

    private static async Task<IResult> RetryAsync(
        ProjectAccess access, long id, JobStore jobs, RetryJob retry, JobAnswers answers, CancellationToken cancel) =>
        await CreatedAsync(access, await retry.RetryAsync(await FindAsync(access, jobs, id, cancel), access.PersonId, cancel), answers, cancel);

    private static async Task<IResult> CancelAsync(
        HttpContext context, ProjectAccess access, long id, JobStore jobs, CancelJob cancelJob, JobAnswers answers, CancellationToken cancel)
    {
        var force = (await ApiInput.ReadAsync(context, cancel)).Flag("force") == true;
        return await CreatedAsync(access, await cancelJob.CancelAsync(await FindAsync(access, jobs, id, cancel), force, cancel), answers, cancel);
    }

    /// <summary>The job whose token calls.</summary>
    private static async Task<IResult> OwnAsync(
        HttpContext context, JobStore jobs, ProjectStore projects, JobAnswers answers, CancellationToken cancel)
    {
        if (context.Caller().Job is not { } identity || await jobs.FindAsync(identity.JobId, cancel) is not { } job)
        {
            throw new Refusal(RefusalKind.Unauthenticated, "401 Unauthorized");
        }

        var project = (await projects.FindAsync(job.ProjectId, cancel))!;
        return Results.Ok(await answers.OfAsync(project, job, cancel));
    }

    private static async Task<IResult> CreatedAsync(ProjectAccess access, Job job, JobAnswers answers, CancellationToken cancel) =>
        Results.Json(await answers.OfAsync(access.Project, job, cancel), statusCode: StatusCodes.Status201Created);
}
