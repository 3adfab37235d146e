using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Experiments;

/// <summary>What the pages fetch besides themselves: curves, downloads, pictures.</summary>
internal static class CandidateEndpoints
{
    private const int MaxCurves = 20;

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/project/{project}/candidates/{iid:long}").ForProject(Role.None, Scope.ReadApi);
        group.MapGet("/curves/{**metric}", CurvesAsync);
        group.MapGet("/files/{**path}", DownloadAsync);
        group.MapGet("/pictures/{**path}", PictureAsync);
    }

    private static async Task CurvesAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, MetricHistory history, long iid, string metric, CancellationToken cancel)
    {
        var query = context.Request.Query;
        var asked = Iids.Parse(query["candidates"], MaxCurves);
        var candidates = await store.FindByIidsAsync(access.Project.Id, asked.Count > 0 ? asked : [iid], cancel);
        var axis = CurveJson.AxisOf(query["x"]);
        var range = CurveRange.Parse(query["from"], query["to"]);
        var curves = new List<Curve>();
        foreach (var candidate in candidates)
        {
            var steps = axis == CurveAxis.Step ? range : CurveRange.All;
            var points = await history.SeriesAsync(candidate, metric, steps.From, steps.To, cancel);
            curves.Add(Curve.Of(candidate.Label + " " + candidate.Name, points, axis, range));
        }

        context.Response.ContentType = "application/json";
        await CurveJson.WriteAsync(context.Response.BodyWriter, axis, curves, cancel);
    }

    private static Task DownloadAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, CandidateFiles files, BlobStore blobs, long iid, string path, CancellationToken cancel) =>
        SendAsync(context, access, store, files, blobs, iid, path, picture: false, cancel);

    private static Task PictureAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, CandidateFiles files, BlobStore blobs, long iid, string path, CancellationToken cancel) =>
        SendAsync(context, access, store, files, blobs, iid, path, picture: true, cancel);

    private static async Task SendAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, CandidateFiles files, BlobStore blobs, long iid, string path, bool picture, CancellationToken cancel)
    {
        var candidate = await store.FindByIidAsync(access.Project.Id, iid, cancel);
        var file = candidate is null ? null : await files.FindAsync(access.Project.Id, candidate.Id, path, cancel);
        var type = file is null ? null : picture ? ArtifactHeaders.PictureTypeOf(file.FileName) : ArtifactHeaders.DownloadTypeOf(file.FileName);
        if (file is null || type is null)
        {
            throw Refusal.NotFound($"There is no such file: {path}");
        }

        ArtifactHeaders.Write(context.Response, file.FileName, inline: picture);
        context.Response.ContentType = type;
        context.Response.ContentLength = file.Size;
        await context.Response.SendFileAsync(blobs.PathOf(file.Hash), cancel);
    }
}
