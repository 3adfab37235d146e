using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>REST: one file, read and written.</summary>
internal static class FileApi
{
    public static void Map(RouteGroupBuilder read, RouteGroupBuilder write)
    {
        read.MapGet("/files/{path}", GetAsync);
        read.MapMethods("/files/{path}", [HttpMethods.Head], HeadAsync);
        read.MapMethods("/files/{path}/raw", [HttpMethods.Get, HttpMethods.Head], RawAsync);
        write.MapPost("/files/{path}", (HttpContext context, ProjectAccess access, WriteCommit commit, CancellationToken cancel) =>
            ChangeAsync(context, access, commit, "create", cancel));
        write.MapPut("/files/{path}", (HttpContext context, ProjectAccess access, WriteCommit commit, CancellationToken cancel) =>
            ChangeAsync(context, access, commit, "update", cancel));
        write.MapDelete("/files/{path}", (HttpContext context, ProjectAccess access, WriteCommit commit, CancellationToken cancel) =>
            ChangeAsync(context, access, commit, "delete", cancel));
    }

    private static async Task<IResult> GetAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, CancellationToken cancel)
    {
        var (reference, sha, blob, last) = await FindAsync(context, access, repositories, cancel);
        return Results.Ok(new
        {
            file_name = blob.Path[(blob.Path.LastIndexOf('/') + 1)..],
            file_path = blob.Path,
            size = blob.Size,
            encoding = "base64",
            content_sha256 = Convert.ToHexStringLower(SHA256.HashData(blob.Bytes)),
            @ref = reference,
            blob_id = blob.Oid,
            commit_id = sha,
            last_commit_id = last,
            execute_filemode = blob.Mode == "100755",
            content = Convert.ToBase64String(blob.Bytes),
        });
    }

    private static async Task HeadAsync(HttpContext context, ProjectAccess access, GitRepositories repositories, CancellationToken cancel)
    {
        var (reference, sha, blob, last) = await FindAsync(context, access, repositories, cancel);
        var headers = context.Response.Headers;
        headers["X-Gitlab-Blob-Id"] = blob.Oid;
        headers["X-Gitlab-Commit-Id"] = sha;
        headers["X-Gitlab-Content-Sha256"] = Convert.ToHexStringLower(SHA256.HashData(blob.Bytes));
        headers["X-Gitlab-Encoding"] = "base64";
        headers["X-Gitlab-File-Name"] = Uri.EscapeDataString(blob.Path[(blob.Path.LastIndexOf('/') + 1)..]);
        headers["X-Gitlab-File-Path"] = CodeLinks.Escape(blob.Path);
        headers["X-Gitlab-Last-Commit-Id"] = last;
        headers["X-Gitlab-Ref"] = Uri.EscapeDataString(reference);
        headers["X-Gitlab-Size"] = blob.Size.ToString(CultureInfo.InvariantCulture);
        headers["X-Gitlab-Execute-Filemode"] = blob.Mode == "100755" ? "true" : "false";
    }

    private static async Task RawAsync(HttpContext context, ProjectAccess access, GitRepositories repositories, CancellationToken cancel)
    {
        var (_, _, blob, _) = await FindAsync(context, access, repositories, cancel);
        await RawFiles.WriteAsync(context, repositories.Open(access.Project), blob, cancel);
    }

    private static async Task<(string Ref, string Sha, GitBlob Blob, string Last)> FindAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, CancellationToken cancel)
    {
        var repository = ApiPlace.Open(repositories, access);
        var reference = ApiPlace.Ref(context.Request.Query["ref"], access.Project);
        var sha = await repository.ResolveAsync(reference, cancel) ?? throw Refusal.NotFound("404 Commit Not Found");
        var blob = await repository.BlobAsync(sha, PathName.Of(context, "path"), cancel) ?? throw Refusal.NotFound("404 File Not Found");
        var last = await repository.LogAsync(sha, null, 0, 1, blob.Path, cancel);
        return (reference, sha, blob, last.FirstOrDefault()?.Sha ?? sha);
    }

    private static async Task<IResult> ChangeAsync(
        HttpContext context, ProjectAccess access, WriteCommit commit, string verb, CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var branch = input.Required("branch");
        var file = PathName.Of(context, "path");
        var action = new FileAction(verb, file, null, CommitApi.Content(input), input.Flag("execute_filemode"), input.Text("last_commit_id"));
        await commit.WriteAsync(CommitApi.DraftOf(input, access, [action]), cancel);
        return verb switch
        {
            "delete" => Results.NoContent(),
            "create" => Results.Json(new { file_path = file, branch }, statusCode: 201),
            _ => Results.Ok(new { file_path = file, branch }),
        };
    }
}
