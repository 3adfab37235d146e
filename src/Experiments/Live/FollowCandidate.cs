using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Squero.Projects;

namespace Squero.Experiments;

/// <summary>How long things take for those who watch; tests are less patient.</summary>
public sealed record LiveLimits
{
    /// <summary>What comes within it is told at once.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether one may still see the candidate, and how it stands, is looked up this often at least.</summary>
    public TimeSpan Check { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Then the browser asks again, as whoever it is by then.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromMinutes(5);

    public int MaxWatchers { get; init; } = 500;
}

/// <summary>
/// Server-sent events of a running candidate: <c>more</c> when something was logged, <c>end</c> when it has ended or may no longer
/// be seen. They say that there is news, not what: pages fetch that as they always do, under the same rules.
/// </summary>
internal sealed class FollowCandidate(
    CandidatePulse pulse, CandidateStore store, ProjectDoor door, IHostApplicationLifetime lifetime, LiveLimits limits, TimeProvider time)
{
    public async Task AnswerAsync(HttpContext context, ProjectAccess access, Candidate candidate, CancellationToken cancel)
    {
        var isFull = pulse.Watchers >= limits.MaxWatchers;
        if (isFull || !IsOpen(candidate))
        {
            // Either tells a browser not to ask again.
            context.Response.StatusCode = isFull ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status204NoContent;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, lifetime.ApplicationStopping);
        try
        {
            using var watch = pulse.Begin(candidate.Id);
            await context.Response.WriteAsync("retry: 3000\n\n", either.Token);
            await FollowAsync(context, access, candidate, watch, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The reader left, or the server stops.
        }
    }

    private async Task FollowAsync(HttpContext context, ProjectAccess access, Candidate candidate, CandidatePulse.Watch watch, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (time.GetElapsedTime(began) < limits.Life)
        {
            var isBeaten = await watch.WaitAsync(limits.Check, cancel);
            if (isBeaten)
            {
                await Task.Delay(limits.Pause, time, cancel);
            }

            var now = await door.EnterAsync(access.Project, access.Caller, cancel) is null ? null : await store.FindByIdAsync(candidate.Id, cancel);
            var isOver = now is null || !IsOpen(now);
            await context.Response.WriteAsync(isOver ? "event: end\ndata: 1\n\n" : isBeaten ? "event: more\ndata: 1\n\n" : ": still here\n\n", cancel);
            await context.Response.Body.FlushAsync(cancel);
            if (isOver)
            {
                return;
            }
        }
    }

    private static bool IsOpen(Candidate candidate) => candidate is { Deleted: false, HasEnded: false };
}
