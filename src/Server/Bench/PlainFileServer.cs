namespace Squero.Server;

/// <summary>
/// What a server of files costs at the least: requests are copied to files, files to answers, on the HTTP stack of this program.
/// For benchmarks only; it asks nobody who they are.
/// </summary>
internal static class PlainFileServer
{
    public const string CommandName = "plain-files";

    public static async Task<int> RunAsync(string url, string folder, CancellationToken cancel)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        await using var app = builder.Build();
        var file = Path.Combine(folder, "plain.bin");
        app.MapGet("/health", () => Results.Text("OK"));
        app.MapPut("/big.bin", async (HttpContext context) =>
        {
            await using var kept = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            await context.Request.Body.CopyToAsync(kept, 128 * 1024, context.RequestAborted);
            kept.Flush(flushToDisk: true);
        });
        app.MapGet("/big.bin", async (HttpContext context) =>
        {
            context.Response.ContentLength = new FileInfo(file).Length;
            await context.Response.SendFileAsync(file, context.RequestAborted);
        });
        await app.RunAsync(cancel);
        return 0;
    }
}
