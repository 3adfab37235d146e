using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Ui;

namespace Squero.Pipelines;

/// <summary>What the administrators' page of runners posts.</summary>
internal static class RunnerForms
{
    /// <summary>Where the page finds the token of the runner that was just made; it is shown this once.</summary>
    public static readonly object Token = new();

    public const string Page = "/-/admin/runners";
    private const int MaxDescription = 255;

    public static void Map(IEndpointRouteBuilder app)
    {
        var runners = app.MapGroup(Page).ForAdmins();
        runners.MapPost("", CreateAsync);
        runners.MapPost("/{id:long}/pause", (HttpContext context, long id, RunnerStore store, CancellationToken cancel) => SetPausedAsync(context, id, true, store, cancel));
        runners.MapPost("/{id:long}/resume", (HttpContext context, long id, RunnerStore store, CancellationToken cancel) => SetPausedAsync(context, id, false, store, cancel));
        runners.MapPost("/{id:long}/remove", RemoveAsync);
    }

    private static async Task<IResult> CreateAsync(HttpContext context, RunnerStore runners, CancellationToken cancel)
    {
        var form = await context.Request.ReadFormAsync(cancel);
        var untagged = form["run_untagged"] == "true";
        var description = form["description"].ToString().Trim();
        if (description.Length is 0 or > MaxDescription)
        {
            throw Refusal.Invalid($"Say in at most {MaxDescription} characters which machine the runner is.");
        }

        var (_, token) = await runners.CreateAsync(
            new Runner
            {
                Description = description,
                Tags = Runner.TagsOf(form["tags"].ToString().Split(','), untagged),
                RunUntagged = untagged,
                PersonId = context.Caller().PersonId,
            },
            cancel);
        context.Items[Token] = token;
        return new RazorComponentResult<RunnersPage>();
    }

    private static async Task<IResult> SetPausedAsync(HttpContext context, long id, bool paused, RunnerStore runners, CancellationToken cancel)
    {
        var runner = await FindAsync(runners, id, cancel);
        await runners.SetPausedAsync(id, paused, cancel);
        Flash.Leave(context, paused
            ? $"{runner.Description} gets no new job until it is resumed; what it runs now goes on."
            : $"{runner.Description} takes jobs again.");
        return Results.Redirect(Page);
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, long id, RunnerStore runners, CancellationToken cancel)
    {
        var runner = await FindAsync(runners, id, cancel);
        if (runner.BuiltIn)
        {
            throw Refusal.Invalid("The built-in runner belongs to the server. Pause it here, or start the server with --no-runner.");
        }

        await runners.DeleteAsync(id, cancel);
        Flash.Leave(context, $"{runner.Description} is removed; its token works no more.");
        return Results.Redirect(Page);
    }

    private static async Task<Runner> FindAsync(RunnerStore runners, long id, CancellationToken cancel) =>
        await runners.FindAsync(id, cancel) ?? throw Refusal.NotFound($"There is no runner #{id}.");
}
