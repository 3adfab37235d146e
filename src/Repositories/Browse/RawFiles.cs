using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Notebooks;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>
/// Files as they are. Somebody else wrote them: text is always plain text, pictures are drawn in a sandbox, everything else is
/// a download.
/// </summary>
internal static class RawFiles
{
    private const string Sandbox = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods("/project/{project}/raw/{**rest}", [HttpMethods.Get, HttpMethods.Head], ServeAsync).ForProject(Role.None, Scope.ReadRepository);
        app.MapGet("/project/{project}/notebook_images/{blobOid}/{sha256}", ImageAsync).ForProject(Role.None, Scope.ReadApi);
    }

    private static async Task ServeAsync(HttpContext context, ProjectAccess access, GitRepositories repositories, string rest, CancellationToken cancel)
    {
        access.RequireCode();
        var repository = repositories.Open(access.Project);
        var place = await CodePlace.FindAsync(repository, access.Project, rest, cancel);
        var blob = await repository.BlobAsync(place.Sha, place.Path, cancel) ?? throw CodePlace.NoPath(place.Path, place.Ref);
        await WriteAsync(context, repository, blob, cancel);
    }

    /// <summary>Also the raw files and blobs of the REST API.</summary>
    internal static async Task WriteAsync(HttpContext context, GitRepository repository, GitBlob blob, CancellationToken cancel)
    {
        var (type, inline) = TypeOf(blob);
        SetHeaders(context.Response, blob.Path, type, inline);
        var tag = new EntityTagHeaderValue($"\"{blob.Oid}\"");
        context.Response.GetTypedHeaders().ETag = tag;
        if (context.Request.GetTypedHeaders().IfNoneMatch.Any(given => given.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentLength = blob.Size;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        if (blob.IsLarge)
        {
            await repository.CopyBlobAsync(blob.Oid, context.Response.Body, cancel);
        }
        else
        {
            await context.Response.Body.WriteAsync(blob.Bytes, cancel);
        }
    }

    private static (string Type, bool Inline) TypeOf(GitBlob blob) =>
        FileShapes.ImageType(blob.Path) is { } image ? (image, true)
        : blob.IsBinary || blob.IsLarge ? ("application/octet-stream", false)
        : ("text/plain; charset=utf-8", true);

    private static void SetHeaders(HttpResponse response, string path, string type, bool inline)
    {
        response.ContentType = type;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = Sandbox;
        response.Headers.CacheControl = "private, no-cache";
        var disposition = new ContentDispositionHeaderValue(inline ? "inline" : "attachment");
        disposition.SetHttpFileName(new string([.. path[(path.LastIndexOf('/') + 1)..].Where(c => !char.IsControl(c))]));
        response.Headers.ContentDisposition = disposition.ToString();
    }

    private static async Task<IResult> ImageAsync(
        HttpContext context, ProjectAccess access, NotebookFiles notebooks, string blobOid, string sha256, CancellationToken cancel)
    {
        access.RequireCode();
        if (await notebooks.ReadAsync(access.Project, blobOid, cancel) is not { } notebook || NotebookImages.Find(notebook, sha256) is not { } picture)
        {
            throw Refusal.NotFound("There is no such picture.");
        }

        context.Response.Headers.ContentSecurityPolicy = Sandbox;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        return Results.Bytes(picture.Bytes, picture.MediaType);
    }
}
