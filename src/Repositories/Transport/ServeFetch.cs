using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>Clone and fetch: upload-pack with the request as its input and the response as its output.</summary>
internal sealed partial class ServeFetch(
    GitDoor door, GitRepositories repositories, GitProcess git, TransferTurns turns, RepositoryLimits limits, TimeProvider time, ILogger<ServeFetch> logger)
{
    // 160,000 lines of wants and haves; git itself stops far below.
    private const long MaxWishBytes = 8 * 1024 * 1024;

    public static string[] Arguments(string repository, params string[] mode) =>
        ["-c", "uploadpack.allowFilter=true", "upload-pack", "--strict", "--stateless-rpc", .. mode, repository];

    public async Task ServeAsync(HttpContext context)
    {
        var project = await door.ForFetchAsync(context);
        var wishes = await ReadAsync(context);
        var repository = repositories.Open(project).Path;
        using var timeout = new CancellationTokenSource(limits.MaxTransferTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, timeout.Token);
        using var turn = await turns.TakeAsync(either.Token);
        GitTransport.Begin(context, "application/x-git-upload-pack-result");
        await using var process = git.Start(repository, Arguments(repository), GitTransport.Protocol(context));
        process.Widen();
        try
        {
            var feeding = FeedAsync(wishes, process, either.Token);
            await process.Output.CopyToAsync(context.Response.Body, 256 * 1024, either.Token);
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

    /// <summary>Read before a turn is taken: whoever speaks slowly, or unpacks to gigabytes, keeps nobody waiting.</summary>
    private static async Task<MemoryStream> ReadAsync(HttpContext context)
    {
        var wishes = new MemoryStream();
        try
        {
            await using var body = GitTransport.Unpacked(context);
            if (!await BoundedCopy.CopyAsync(body, wishes, MaxWishBytes, context.RequestAborted))
            {
                throw new Refusal(RefusalKind.TooLarge, "This fetch asks for too many things at once.");
            }
        }
        catch (InvalidDataException)
        {
            throw Refusal.Invalid("The body is not valid gzip.");
        }

        wishes.Position = 0;
        return wishes;
    }

    private static async Task FeedAsync(Stream wishes, GitStream process, CancellationToken cancel)
    {
        try
        {
            await wishes.CopyToAsync(process.Input, 64 * 1024, cancel);
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
