using Microsoft.AspNetCore.Http;
using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>The first request of every fetch and push: which refs there are and what the server can do.</summary>
internal sealed class ServeRefs(GitDoor door, GitRepositories repositories, GitProcess git, ReceiveSettings receive)
{
    public async Task ServeAsync(HttpContext context)
    {
        var (service, repository, arguments) = await ChooseAsync(context);
        var protocol = GitTransport.Protocol(context);
        GitTransport.Begin(context, $"application/x-{service}-advertisement");

        // In version 2 upload-pack's answer stands alone; receive-pack knows no version 2.
        var isSecond = service == GitTransport.UploadPack && protocol.TryGetValue("GIT_PROTOCOL", out var version) && version == "version=2";
        await using var process = git.Start(repository, arguments, protocol);
        process.CloseInput();
        if (!isSecond)
        {
            await context.Response.Body.WriteAsync(PktLine.Text($"# service={service}\n"), context.RequestAborted);
            await context.Response.Body.WriteAsync(PktLine.Flush, context.RequestAborted);
        }

        await process.Output.CopyToAsync(context.Response.Body, 64 * 1024, context.RequestAborted);
        await process.WaitAsync(context.RequestAborted);
    }

    private async Task<(string Service, string Repository, string[] Arguments)> ChooseAsync(HttpContext context)
    {
        switch (context.Request.Query["service"].ToString())
        {
            case GitTransport.UploadPack:
                var fetched = repositories.Open(await door.ForFetchAsync(context)).Path;
                return (GitTransport.UploadPack, fetched, ServeFetch.Arguments(fetched, "--http-backend-info-refs"));
            case GitTransport.ReceivePack:
                var pushed = await door.ForPushAsync(context) is { } project ? repositories.Open(project).Path : repositories.EmptyPath;
                return (GitTransport.ReceivePack, pushed, receive.Arguments(pushed, "--http-backend-info-refs"));
            default:
                throw Refusal.Forbidden("This server speaks git's smart HTTP protocol only; use git 1.6.6 or newer.");
        }
    }
}
