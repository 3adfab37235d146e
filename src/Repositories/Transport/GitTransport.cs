using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Repositories;

/// <summary>
/// Git over HTTP (gitprotocol-http), protocol versions 0 to 2. People's addresses (<c>/demo/churn.git/…</c>) have become
/// <c>/git/{project}/…</c> before routing. Bodies stream both ways; a repository of any size takes constant memory.
/// </summary>
internal static partial class GitTransport
{
    public const string UploadPack = "git-upload-pack";
    public const string ReceivePack = "git-receive-pack";

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/git/{project}").OpenToAll().WithMetadata(new GitDialect());
        group.MapGet("/info/refs", (HttpContext context, ServeRefs serve) => serve.ServeAsync(context));
        group.MapPost("/git-upload-pack", (HttpContext context, ServeFetch serve) => serve.ServeAsync(context));
        group.MapPost("/git-receive-pack", (HttpContext context, ServePush serve) => serve.ServeAsync(context));
    }

    /// <summary>The version the client asked for, as git's child process wants to hear it. Anything else is not passed on.</summary>
    public static IReadOnlyDictionary<string, string> Protocol(HttpContext context)
    {
        var asked = context.Request.Headers["Git-Protocol"].ToString();
        return ProtocolHeader().IsMatch(asked) ? new Dictionary<string, string> { ["GIT_PROTOCOL"] = asked } : new Dictionary<string, string>();
    }

    /// <summary>Lifts the limits that are made for small requests and gives the body unpacked.</summary>
    public static Stream OpenBody(HttpContext context)
    {
        Unleash(context);
        return Unpacked(context);
    }

    /// <summary>The body unpacked, under the server's ordinary limits of size and slowness.</summary>
    public static Stream Unpacked(HttpContext context) =>
        context.Request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => context.Request.Body,
            "gzip" or "x-gzip" => new GZipStream(context.Request.Body, CompressionMode.Decompress),
            var other => throw Refusal.Invalid($"The content encoding {other} is not known here; use gzip or none."),
        };

    public static void Unleash(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } upload)
        {
            upload.MinDataRate = null;
        }

        if (context.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinResponseDataRateFeature>() is { } download)
        {
            download.MinDataRate = null;
        }
    }

    public static void Begin(HttpContext context, string contentType)
    {
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-cache, max-age=0, must-revalidate";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    [GeneratedRegex("^version=[0-2]$", RegexOptions.CultureInvariant)]
    private static partial Regex ProtocolHeader();
}
