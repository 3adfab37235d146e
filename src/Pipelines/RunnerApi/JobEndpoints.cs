using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;

namespace Squero.Pipelines;

/// <summary>Calls of a runner about jobs. Open to all: each checks the runner's or the job's token.</summary>
internal static class JobEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var jobs = app.MapGroup("/api/v4/jobs").OpenToAll();
        jobs.MapPost("/request", (HttpContext context, JobRequests requests, CancellationToken cancel) => requests.AnswerAsync(context, cancel));
        jobs.MapPut("/{id:long}", (HttpContext context, long id, JobReports reports, CancellationToken cancel) => reports.UpdateAsync(context, id, cancel));
        jobs.MapPatch("/{id:long}/trace", (HttpContext context, long id, JobReports reports, CancellationToken cancel) => reports.TraceAsync(context, id, cancel));
        jobs.MapPost("/{id:long}/artifacts", (HttpContext context, long id, ArtifactCalls calls, CancellationToken cancel) => calls.UploadAsync(context, id, cancel));
        jobs.MapGet("/{id:long}/artifacts", (HttpContext context, long id, ArtifactCalls calls, CancellationToken cancel) => calls.DownloadAsync(context, id, cancel));
    }
}
