using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>REST: folders and blobs.</summary>
internal static class TreeApi
{
    private const int MaxFolders = 5000;

    public static void Map(RouteGroupBuilder read)
    {
        read.MapGet("/tree", ListAsync);
        read.MapGet("/blobs/{sha}", BlobAsync);
        read.MapGet("/blobs/{sha}/raw", RawAsync);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, ServerAddress address, CancellationToken cancel)
    {
        var query = context.Request.Query;
        var repository = ApiPlace.Open(repositories, access);
        var path = query["path"].ToString().Trim('/');
        var sha = await repository.ResolveAsync(ApiPlace.Ref(query["ref"], access.Project), cancel) ?? throw NotFound();
        var entries = await repository.TreeAsync(sha, path, cancel) ?? throw NotFound();
        var listed = ApiInput.Asks(context.Request, "recursive") ? await DeepAsync(repository, sha, entries, cancel) : entries;
        return Results.Ok(ApiPlace.Page(context, address, listed, ApiTreeEntry.From));
    }

    private static async Task<IResult> BlobAsync(ProjectAccess access, GitRepositories repositories, string sha, CancellationToken cancel)
    {
        var bytes = await ApiPlace.Open(repositories, access).BytesAsync(sha, GitBlob.Limit, cancel) ?? throw Refusal.NotFound("404 Blob Not Found");
        return Results.Ok(new { size = bytes.Length, encoding = "base64", content = Convert.ToBase64String(bytes), sha });
    }

    private static async Task RawAsync(HttpContext context, ProjectAccess access, GitRepositories repositories, string sha, CancellationToken cancel)
    {
        var repository = ApiPlace.Open(repositories, access);
        var size = await repository.BlobSizeAsync(sha, cancel) ?? throw Refusal.NotFound("404 Blob Not Found");

        // Without a name there is no type: always a download.
        await RawFiles.WriteAsync(context, repository, new GitBlob(sha, sha, size, "", await repository.BytesAsync(sha, GitBlob.Limit, cancel) ?? [], IsBinary: true), cancel);
    }

    private static async Task<IReadOnlyList<TreeEntry>> DeepAsync(
        GitRepository repository, string sha, IReadOnlyList<TreeEntry> top, CancellationToken cancel)
    {
        var all = new List<TreeEntry>();
        var folders = 0;
        var open = new Queue<IReadOnlyList<TreeEntry>>([top]);
        while (open.TryDequeue(out var entries) && folders < MaxFolders)
        {
            all.AddRange(entries);
            foreach (var folder in entries.Where(entry => entry.Kind == EntryKind.Folder))
            {
                folders++;
                open.Enqueue(await repository.TreeAsync(sha, folder.Path, cancel) ?? []);
            }
        }

        return [.. all.OrderBy(entry => entry.Path, StringComparer.Ordinal)];
    }

    private static Refusal NotFound() => Refusal.NotFound("404 Tree Not Found");
}

/// <summary>An entry of a folder in REST answers.</summary>
internal sealed record ApiTreeEntry(string Id, string Name, string Type, string Path, string Mode)
{
    public static ApiTreeEntry From(TreeEntry entry) =>
        new(
            entry.Oid, entry.Name, entry.Kind switch { EntryKind.Folder => "tree", EntryKind.Submodule => "commit", _ => "blob" }, entry.Path, entry.Mode);
}
