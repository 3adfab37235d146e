using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Mlflow;

/// <summary>
/// Uploads in parts: <c>mpu/create</c> answers with an address for each part, to which clients send it without their token, as they
/// would to a cloud's storage; <c>mpu/complete</c> makes the file.
/// </summary>
internal static class MultipartCalls
{
    private const string PartPath = "/api/v4/uploads";
    private static readonly string[] Prefixes = ["/api/2.0/mlflow-artifacts/mpu", "/ajax-api/2.0/mlflow-artifacts/mpu"];

    public static void Map(IEndpointRouteBuilder app, RouteGroupBuilder group)
    {
        foreach (var prefix in Prefixes)
        {
            Write(group, prefix + "/create/{**path}", CreateAsync);
            Write(group, prefix + "/complete/{**path}", CompleteAsync);
            Write(group, prefix + "/abort/{**path}", AbortAsync);
        }

        // The key in the address says who may, as it does in the presigned addresses that it stands for.
        app.MapPut(PartPath + "/{id}/{number:int}", PutPartAsync).OpenToAll().WithMetadata(new AnySize());
    }

    private static void Write(RouteGroupBuilder group, string path, Func<MlflowCall, Task> answer) =>
        group.MapPost(path, MlflowRoutes.Answer(answer, writes: true)).ForProject(Role.None, Scope.Api);

    private static async Task CreateAsync(MlflowCall call)
    {
        var place = await PlaceAsync(call, "/create");
        var upload = await call.Get<FileUploads>().BeginAsync(call.ProjectId, place.CandidateId, place.Path, call.Fields.Long("num_parts") ?? throw MlflowError.Missing("num_parts"), call.Cancel);
        var address = call.Get<ServerAddress>();
        await call.WriteAsync(writer =>
        {
            writer.WriteString("upload_id", upload.Id);
            ExperimentCalls.WriteArray(writer, "credentials", [.. Enumerable.Range(1, upload.Parts)], number =>
            {
                writer.WriteStartObject();
                writer.WriteString("url", address.Link(string.Create(CultureInfo.InvariantCulture, $"{PartPath}/{upload.Id}/{number}?key={upload.Key}")).ToString());
                writer.WriteNumber("part_number", number);
                writer.WriteStartObject("headers");
                writer.WriteEndObject();
                writer.WriteEndObject();
            });
        });
    }

    private static async Task CompleteAsync(MlflowCall call)
    {
        var parts = call.Fields.Objects("parts").Select(part => new FilePart(
            (int)Math.Clamp(part.Long("part_number") ?? throw MlflowError.Missing("part_number"), 0, FileUploads.MaxParts + 1), part.Required("etag").Trim('"'))).ToList();
        var place = await PlaceAsync(call, "/complete");
        await call.Get<FileUploads>().CompleteAsync(call.ProjectId, place.CandidateId, place.Path, call.Fields.Required("upload_id"), parts, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task AbortAsync(MlflowCall call)
    {
        var place = await PlaceAsync(call, "/abort");
        await call.Get<FileUploads>().AbortAsync(call.ProjectId, place.CandidateId, place.Path, call.Fields.Required("upload_id"), call.Cancel);
        await call.DoneAsync();
    }

    /// <summary>The folder is in the address, the file's name is the last of the sender's own path.</summary>
    private static async Task<ArtifactPlace> PlaceAsync(MlflowCall call, string act)
    {
        var name = call.Fields.Required("path").Split('/', '\\')[^1];
        var folder = ArtifactPlace.Raw(call.Context, "/mlflow-artifacts/mpu" + act).TrimEnd('/');
        var place = await ArtifactPlace.FindAsync(call, folder.Length == 0 ? name : $"{folder}/{name}");
        await place.CheckWritableAsync(call);
        return place;
    }

    private static async Task PutPartAsync(HttpContext context, string id, int number, FileUploads uploads, CancellationToken cancel)
    {
        var part = await uploads.PutPartAsync(id, context.Request.Query["key"].ToString(), number, context.Request.Body, cancel)
            ?? throw new Refusal(RefusalKind.Forbidden, "This address of a part is not valid any more: the upload was completed, aborted, or begun more than a day ago.");
        context.Response.Headers.ETag = $"\"{part.Hash}\"";
    }
}
