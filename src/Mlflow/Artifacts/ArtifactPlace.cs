using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>
/// Where a path of the artifacts proxy leads: <c>1/RUN/artifacts/model/x.onnx</c> is the file <c>model/x.onnx</c> of that
/// candidate. Anything else is a file of the project under its whole path.
/// </summary>
internal sealed record ArtifactPlace(Candidate? Candidate, string Path)
{
    private const string Marker = "/mlflow-artifacts/artifacts";

    public long CandidateId => Candidate?.Id ?? 0;

    public static async Task<ArtifactPlace> FindAsync(MlflowCall call, string path)
    {
        var parts = ArtifactPath.Parse(path).Split('/');
        for (var index = 0; index + 1 < parts.Length; index++)
        {
            if (parts[index].Length == 32 && parts[index + 1] == "artifacts"
                && await call.Get<CandidateStore>().FindAsync(call.ProjectId, parts[index], call.Cancel) is { } candidate)
            {
                return new ArtifactPlace(candidate, string.Join('/', parts[(index + 2)..]));
            }
        }

        return new ArtifactPlace(null, path);
    }

    /// <summary>
    /// A job writes files of runs, of logged models of runs, and of traces that its own pipeline made.
    /// </summary>
    public async Task CheckWritableAsync(MlflowCall call)
    {
        if (Candidate is not null)
        {
            call.CheckOwner(Candidate);
            return;
        }

        if (call.Access.Caller.Job is null)
        {
            return;
        }

        var parts = Path.Split('/');
        if (parts is [_, "models", var model, "artifacts", _, ..])
        {
            var checkpoint = await LoggedModelCalls.FindWritableAsync(call, model);
            if (Path.StartsWith(await LoggedModelCalls.FolderAsync(call, checkpoint) + "/", StringComparison.Ordinal))
            {
                return;
            }
        }

        if (parts is [_, "traces", var uid, "artifacts", _])
        {
            var trace = await call.WritableTraceAsync(uid);
            if (Path.StartsWith(await TraceFind.FolderAsync(call, trace) + "/", StringComparison.Ordinal))
            {
                return;
            }
        }

        throw MlflowError.Denied($"A job writes artifacts of its own pipeline's runs, logged models and traces only; `{Path}` is of none.");
    }

    /// <summary>
    /// The path as the client wrote it. The server's own tidied form of it has lost dot segments and doubled slashes, which
    /// must be refused, not resolved.
    /// </summary>
    public static string Raw(HttpContext context, string marker = Marker)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var end = target.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? target : target[..end];
        var at = path.IndexOf(marker, StringComparison.Ordinal);
        if (at < 0)
        {
            throw MlflowError.Invalid("Invalid path");
        }

        var rest = path[(at + marker.Length)..];
        return rest.Length == 0 ? "" : Uri.UnescapeDataString(rest[1..]);
    }

    /// <summary>True when the request names a folder by dots, in whatever encoding.</summary>
    public static bool HasDotSegments(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        for (var round = 0; round < 4; round++)
        {
            var next = Uri.UnescapeDataString(target);
            if (next.Split('/', '\\', '?').Any(part => part is ".." or "."))
            {
                return true;
            }

            if (next == target)
            {
                return false;
            }

            target = next;
        }

        return true;
    }
}
