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

/// <summary>The artifacts proxy, and the two calls that list and fetch artifacts by run.</summary>
internal static class ArtifactCalls
{
    public static void Map(RouteGroupBuilder group, MlflowRoutes tracking)
    {
        tracking.Read("GET", "artifacts/list", ListOfRunAsync);
        foreach (var prefix in (string[])["/api/2.0/mlflow-artifacts", "/ajax-api/2.0/mlflow-artifacts"])
        {
            MapRaw(group, [HttpMethods.Get, HttpMethods.Head], prefix + "/artifacts/{**path}", ReadAsync, writes: false);
            MapRaw(group, [HttpMethods.Put], prefix + "/artifacts/{**path}", PutAsync, writes: true);
            MapRaw(group, [HttpMethods.Delete], prefix + "/artifacts/{**path}", DeleteAsync, writes: true);
        }

        MapRaw(group, [HttpMethods.Get], "/get-artifact", ReadOfRunAsync, writes: false);
        MapRaw(group, [HttpMethods.Get], "/model-versions/get-artifact", VersionCalls.SendFileAsync, writes: false);
        MapRaw(group, [HttpMethods.Post], "/ajax-api/2.0/mlflow/upload-artifact", UploadOfRunAsync, writes: true);
    }

    public static void WriteFiles(Utf8JsonWriter writer, IReadOnlyList<FileEntry> files, Func<FileEntry, string> nameOf) =>
        ExperimentCalls.WriteArray(writer, "files", files, file =>
        {
            writer.WriteStartObject();
            writer.WriteString("path", nameOf(file));
            writer.WriteBoolean("is_dir", file.IsFolder);
            if (!file.IsFolder && file.Size > 0)
            {
                writer.WriteNumber("file_size", file.Size);
            }

            writer.WriteEndObject();
        });

    /// <summary>Sends a stored file as a download that no browser shows or runs.</summary>
    public static async Task SendAsync(MlflowCall call, ArtifactPlace place)
    {
        var file = place.Path.Length == 0 ? null : await call.Get<CandidateFiles>().FindAsync(call.ProjectId, place.CandidateId, place.Path, call.Cancel);
        if (file is null)
        {
            throw MlflowError.NotFound($"No such artifact: '{place.Path}'");
        }

        await SendAsync(call, file.FileName, file.Hash, file.Size);
    }

    public static async Task SendAsync(MlflowCall call, string fileName, string hash, long size)
    {
        var response = call.Context.Response;
        ArtifactHeaders.Write(response, fileName);
        response.ContentType = ArtifactHeaders.DownloadTypeOf(fileName);
        response.ContentLength = size;
        if (!HttpMethods.IsHead(call.Context.Request.Method))
        {
            await response.SendFileAsync(call.Get<BlobStore>().PathOf(hash), call.Cancel);
        }
    }

    private static void MapRaw(RouteGroupBuilder group, string[] methods, string path, Func<MlflowCall, Task> answer, bool writes) =>
        group.MapMethods(path, methods, MlflowRoutes.Answer(answer, writes, readsFields: false))
            .ForProject(Role.None, writes ? Scope.Api : Scope.ReadApi)
            .WithMetadata(new AnySize());

    private static async Task ListOfRunAsync(MlflowCall call)
    {
        var candidate = await call.CandidateAsync(call.Fields.RunId);
        var experiment = await call.Get<ExperimentStore>().FindByIdAsync(candidate.ExperimentId, call.Cancel);
        var files = await call.Get<CandidateFiles>().ListAsync(call.ProjectId, candidate.Id, ArtifactPath.Folder(call.Fields.Text("path") ?? ""), call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WriteString("root_uri", Words.ArtifactUri(experiment!.Iid, candidate));
            WriteFiles(writer, files, file => file.Path);
        });
    }

    private static async Task ReadAsync(MlflowCall call)
    {
        var path = ArtifactPlace.Raw(call.Context);
        if (path.Length > 0)
        {
            await SendAsync(call, await ArtifactPlace.FindAsync(call, path));
            return;
        }

        var folder = call.Context.Request.Query["path"].ToString();
        var place = await ArtifactPlace.FindAsync(call, ArtifactPath.Folder(folder));
        var files = await call.Get<CandidateFiles>().ListAsync(call.ProjectId, place.CandidateId, place.Path, call.Cancel);
        await call.WriteAsync(writer => WriteFiles(writer, files, file => file.FileName));
    }

    private static async Task PutAsync(MlflowCall call)
    {
        var place = await ArtifactPlace.FindAsync(call, ArtifactPlace.Raw(call.Context));
        await PutAsync(call, place);
        await call.DoneAsync();
    }

    private static async Task PutAsync(MlflowCall call, ArtifactPlace place)
    {
        await place.CheckWritableAsync(call);
        await call.Get<CandidateFiles>().PutAsync(call.ProjectId, place.CandidateId, place.Path, call.Context.Request.Body, call.Cancel);
    }

    private static async Task DeleteAsync(MlflowCall call)
    {
        var place = await ArtifactPlace.FindAsync(call, ArtifactPlace.Raw(call.Context));
        call.RequirePerson("delete artifacts");
        if (place.Path.Length == 0)
        {
            throw MlflowError.Invalid("Invalid path");
        }

        await call.Get<CandidateFiles>().DeleteAsync(call.ProjectId, place.CandidateId, place.Path, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task ReadOfRunAsync(MlflowCall call) => await SendAsync(call, await PlaceOfRunAsync(call, false));

    private static async Task UploadOfRunAsync(MlflowCall call)
    {
        var query = call.Context.Request.Query;
        var missing = query["run_uuid"].ToString().Length == 0 && query["run_id"].ToString().Length == 0 ? "run_uuid"
            : query["path"].ToString().Length == 0 ? "path"
            : null;
        if (missing is not null)
        {
            throw MlflowError.Invalid($"Request must specify {missing}.");
        }

        await PutAsync(call, await PlaceOfRunAsync(call, true));
    }

    private static async Task<ArtifactPlace> PlaceOfRunAsync(MlflowCall call, bool writes)
    {
        var query = call.Context.Request.Query;
        var uid = query["run_id"].ToString() is { Length: > 0 } id ? id : query["run_uuid"].ToString();
        var candidate = writes ? await call.WritableAsync(uid) : await call.CandidateAsync(uid);
        return new ArtifactPlace(candidate, ArtifactPath.Parse(query["path"].ToString()));
    }
}
