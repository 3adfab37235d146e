using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>Calls of a runner about itself. Open to all: each checks the runner's token.</summary>
internal static class RunnerEndpoints
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var runners = app.MapGroup("/api/v4/runners").OpenToAll();
        runners.MapPost("", RegisterAsync);
        runners.MapDelete("", DeleteAsync);
        runners.MapPost("/verify", VerifyAsync);
        runners.MapDelete("/managers", DeleteMachineAsync);
        runners.MapGet("/router/discovery", () => Results.Json(new { message = "501 Not Implemented" }, statusCode: 501));
    }

    /// <summary>The old way: runners that register themselves with a shared token. Squero has no such token.</summary>
    private static IResult RegisterAsync() =>
        Results.Json(
            new { message = "410 Gone: runners are created by people here (POST /api/v4/user/runners); register with the glrt- token they get." },
            statusCode: StatusCodes.Status410Gone);

    private static async Task<IResult> VerifyAsync(HttpContext context, RunnerStore runners, CancellationToken cancel)
    {
        var (runner, identity, token) = await IdentifyAsync(context, runners, cancel);
        await runners.NoteContactAsync(runner, identity.SystemId ?? "", identity.Info, RunnerCalls.AddressOf(context), cancel);
        return RunnerCalls.Json(
            new RunnerCredentials { Id = runner.Id, Token = token }, ProtocolJson.Default.RunnerCredentials, StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, RunnerStore runners, CancellationToken cancel)
    {
        var (runner, _, _) = await IdentifyAsync(context, runners, cancel);
        await runners.DeleteAsync(runner.Id, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> DeleteMachineAsync(HttpContext context, RunnerStore runners, CancellationToken cancel)
    {
        var (runner, identity, _) = await IdentifyAsync(context, runners, cancel);
        return await runners.DeleteMachineAsync(runner.Id, identity.SystemId ?? "", cancel)
            ? Results.NoContent()
            : throw Refusal.NotFound("404 Not found");
    }

    private static async Task<(Runner Runner, RunnerIdentity Identity, string Token)> IdentifyAsync(
        HttpContext context, RunnerStore runners, CancellationToken cancel)
    {
        var identity = await RunnerCalls.ReadAsync(context, ProtocolJson.Default.RunnerIdentity, cancel);
        var token = RunnerCalls.TokenOf(context, identity.Token, RunnerHeaders.RunnerToken);
        var runner = await runners.FindByTokenAsync(token, cancel) ?? throw RunnerCalls.Forbidden();
        return (runner, identity, token);
    }
}
