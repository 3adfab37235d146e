using System.Net;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>Makes and sends the artifacts of a job when its processes are gone.</summary>
internal sealed class ArtifactUploads(
    ServerConnection server, JobPayload job, JobFolder folder, JobVariables variables, TraceLog log, RunnerOptions options,
    Func<CancellationToken, Task<IReadOnlyList<string>>> listUntracked)
{
    /// <summary>Those that belong to this ending of the job.</summary>
    public IReadOnlyList<JobArtifact> Wanted(bool success) =>
    [
        .. (job.Artifacts ?? []).Where(artifact => artifact.Untracked || artifact.Paths is { Count: > 0 }).Where(artifact => artifact.When switch
        {
            ArtifactOccasions.Always => true,
            ArtifactOccasions.OnFailure => !success,
            _ => success,
        }),
    ];

    public async Task RunAsync(IReadOnlyList<JobArtifact> wanted, CancellationToken cancel)
    {
        foreach (var artifact in wanted)
        {
            await SendAsync(artifact, cancel).ConfigureAwait(false);
        }
    }

    private async Task SendAsync(JobArtifact artifact, CancellationToken cancel)
    {
        var path = Path.Combine(folder.Private, "artifact");
        try
        {
            var files = await FindAsync(artifact, cancel).ConfigureAwait(false);
            if (files.Count == 0)
            {
                log.Warning($"{string.Join(", ", artifact.Paths ?? [])}: no matching files. Nothing is uploaded as {artifact.ArtifactType ?? ArtifactTypes.Archive}.");
                return;
            }

            await ArtifactFile.WriteAsync(path, artifact.ArtifactFormat ?? ArtifactFormats.Zip, files, options.MaxArtifactBytes, cancel).ConfigureAwait(false);
            log.Line($"{string.Join(", ", artifact.Paths ?? ["untracked"])}: found {files.Count} matching {(files.Count == 1 ? "file" : "files")}");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new StageFailure(FailureReasons.RunnerSystem, $"the artifacts could not be collected: {problem.Message}");
        }

        await UploadAsync(artifact, path, cancel).ConfigureAwait(false);
        File.Delete(path);
    }

    private async Task<IReadOnlyList<SelectedFile>> FindAsync(JobArtifact artifact, CancellationToken cancel)
    {
        var untracked = artifact.Untracked ? await listUntracked(cancel).ConfigureAwait(false) : [];
        var files = ArtifactSelection.Find(
            folder.Project, folder.InsideProject, (artifact.Paths ?? []).Select(variables.Expand), (artifact.Exclude ?? []).Select(variables.Expand),
            untracked, options.MaxArchiveEntries);
        return artifact.ArtifactFormat is null or ArtifactFormats.Zip ? files : [.. files.Where(file => file.Kind == FileKind.Regular)];
    }

    private async Task UploadAsync(JobArtifact artifact, string path, CancellationToken cancel)
    {
        var bytes = new FileInfo(path).Length;
        var status = await server.UploadAsync(job, artifact, path, FileName(artifact), cancel).ConfigureAwait(false);
        var what = artifact.ArtifactType ?? ArtifactTypes.Archive;
        if (status != HttpStatusCode.Created)
        {
            throw new StageFailure(FailureReasons.RunnerSystem, status == HttpStatusCode.RequestEntityTooLarge
                ? $"the artifact “{what}” of {bytes} bytes is too large for the server"
                : $"the artifact “{what}” of {bytes} bytes could not be uploaded (answer {(int)status})");
        }

        log.Line($"Uploading artifacts as \"{what}\" to coordinator... 201 Created ({bytes} bytes)");
    }

    private string FileName(JobArtifact artifact)
    {
        var name = Path.GetFileName(variables.Expand(artifact.Name ?? "").Replace('\\', '/').Trim());
        name = name.Length == 0 ? "artifacts" : name;
        return artifact.ArtifactFormat switch
        {
            null or ArtifactFormats.Zip => name + ".zip",
            ArtifactFormats.Gzip => name + ".gz",
            _ => name,
        };
    }
}
