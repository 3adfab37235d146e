using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Squero.Repositories;

/// <summary>Clone and fetch: upload-pack with the request as its input and the response as its output.</summary>
internal sealed partial class ServeFetch(
    GitDoor door, GitRepositories repositories, GitProcess git, TransferTurns turns, RepositoryLimits limits, TimeProvider time, ILogger<ServeFetch> logger)
{
    public static string[] Arguments(string repository, params string[] mode) =>
        ["-c", "uploadpack.allowFilter=true", "upload-pack", "--strict", "--stateless-rpc", .. mode, repository];

    public async Task ServeAsync(HttpContext context)
    {
        var project = await door.ForFetchAsync(context);
        await using var body = GitTransport.OpenBody(context);
        var repository = repositories.Open(project).Path;
        using var timeout = new CancellationTokenSource(limits.MaxTransferTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timeout.Token);
        using var turn = await turns.TakeAsync(either.Token);
        GitTransport.Begin(context, "application/x-git-upload-pack-result");
        await using var process = git.Start(repository, Arguments(repository), GitTransport.Protocol(context));
        try
        {
            var feeding = FeedAsync(body, process, either.Token);
            await process.Output.CopyToAsync(context.Response.Body, 64 * 1024, either.Token);
            await feeding;
            if (await process.WaitAsync(either.Token) is not 0 and var code)
            {
                LogFailed(project.Id, code, process.ErrorText);
            }
        }
        catch (OperationCanceledException)
        {
            // The client went away (or took too long): dispose kills git and all it started.
            context.Abort();
        }
    }

    private static async Task FeedAsync(Stream body, GitStream process, CancellationToken cancel)
    {
        try
        {
            await body.CopyToAsync(process.Input, 64 * 1024, cancel);
            process.CloseInput();
        }
        catch (IOException)
        {
            // Git has heard enough, or the client stopped talking: git's answer and exit code tell.
            process.CloseInput();
        }
    }

    [LoggerMessage(LogLevel.Information, "Project {ProjectId}: upload-pack ended with {Code}: {Error}")]
    private partial void LogFailed(long projectId, int code, string error);
}
