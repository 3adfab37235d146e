using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Pipelines;

/// <summary>A job's log as text, for people and for the script that follows it (Range, X-Log-Final).</summary>
internal static class LogEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var job = app.MapGroup("/project/{project}/jobs/{id:long}").ForProject(Role.None, Scope.ReadApi);
        job.MapGet("/raw", RawAsync);
        job.MapGet("/state", StateAsync);
    }

    public static async Task<IResult> RawAsync(
        HttpContext context, ProjectAccess access, long id, JobStore jobs, LogStore logs, CancellationToken cancel)
    {
        var job = await jobs.FindAsync(access.Project.Id, id, cancel) ?? throw Refusal.NotFound("404 Job Not Found");
        context.Response.Headers["X-Log-Final"] = job.Status.IsFinished() ? "true" : "false";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        if (!job.Status.IsFinished())
        {
            logs.NoteReader(id);
        }

        return logs.OpenRead(job) is { } stream
            ? Results.Stream(stream, "text/plain; charset=utf-8", enableRangeProcessing: true)
            : Results.Text("", "text/plain");
    }

    private static async Task<IResult> StateAsync(ProjectAccess access, long id, JobStore jobs, CancellationToken cancel)
    {
        var job = await jobs.FindAsync(access.Project.Id, id, cancel) ?? throw Refusal.NotFound("404 Job Not Found");
        return Results.Json(new { status = job.Status.ToWord(), log_size = job.LogSize, final = job.Status.IsFinished() });
    }
}
