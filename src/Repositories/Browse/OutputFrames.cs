using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;
using Squero.Ui;

namespace Squero.Repositories;

/// <summary>
/// One output of a notebook as a page for a frame without rights. The answer itself takes the origin and every request away, so
/// that it is as harmless when somebody opens it by its address.
/// </summary>
internal static class OutputFrames
{
    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/project/{project}/notebook_outputs/{blobOid}/{cell:int}/{output:int}", ServeAsync).ForProject(Role.None, Scope.ReadApi);

    private static async Task<IResult> ServeAsync(
        HttpContext context, ProjectAccess access, NotebookFiles notebooks, AssetUrls assets, string blobOid, int cell, int output, CancellationToken cancel)
    {
        access.RequireCode();
        var notebook = await notebooks.ReadAsync(access.Project, blobOid, cancel);
        var document = (notebook is null ? null : OutputDocument.Of(notebook, cell, output))
            ?? throw Refusal.NotFound("There is no such output, or it is too large for a frame.");
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        SetHeaders(context.Response, document.Kind, nonce);
        return Results.Text(document.Kind == FrameKind.Html ? Page(document.Content) : ChartPage(document, nonce, assets), "text/html; charset=utf-8");
    }

    private static void SetHeaders(HttpResponse response, FrameKind kind, string nonce)
    {
        response.Headers.ContentSecurityPolicy = kind == FrameKind.Html
            ? "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'; sandbox"
            : $"default-src 'none'; script-src 'nonce-{nonce}'; style-src 'unsafe-inline'; img-src data: blob:; frame-ancestors 'self'; form-action 'none'; base-uri 'none'; sandbox allow-scripts";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["X-DNS-Prefetch-Control"] = "off";
        response.Headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), clipboard-read=(), clipboard-write=(), payment=(), usb=()";
        response.Headers.CacheControl = "private, no-store";
    }

    private static string ChartPage(OutputDocument document, string nonce, AssetUrls assets)
    {
        var script = assets[document.Kind == FrameKind.Plotly ? "frame-plotly.js" : "frame-vega.js"];
        return Page(
            $"""
            <div id="chart" data-mime="{Html.Encode(document.Mime)}"></div>
            <script type="application/json" id="spec">{document.Content}</script>
            <script nonce="{nonce}" src="{script}"></script>
            """);
    }

    // The sheet stays white in the dark: the styles of outputs are written for paper.
    private static string Page(string body) =>
        $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Output</title>
        <style>:root{color-scheme:light}body{margin:8px;background:#fff;color:#1f2328;font:13px/1.45 system-ui,sans-serif}table{border-collapse:collapse}td,th{padding:2px 8px}#chart{min-height:20px}.refused{color:#8a3a1c}</style></head>
        <body>{{body}}</body>
        </html>
        """;
}
