using System.Net;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>Brings the archives of earlier jobs into the work tree.</summary>
internal sealed class DependencyDownload(ServerConnection server, JobFolder folder, TraceLog log, RunnerOptions options)
{
    public async Task RunAsync(IReadOnlyList<JobDependency> wanted, CancellationToken cancel)
    {
        var unpack = new ArchiveUnpack(folder.Project, options, folder.Give);
        foreach (var dependency in wanted)
        {
            var path = Path.Combine(folder.Private, "dependency.zip");
            await DownloadAsync(dependency, path, cancel).ConfigureAwait(false);
            try
            {
                var count = await unpack.UnpackAsync(path, cancel).ConfigureAwait(false);
                log.Line($"{dependency.Name} ({dependency.Id}): {count} files");
            }
            catch (Exception problem) when (problem is ArchiveRefused or InvalidDataException)
            {
                throw new StageFailure(FailureReasons.RunnerSystem, $"the artifacts of {dependency.Name} ({dependency.Id}) are refused: {problem.Message}");
            }

            File.Delete(path);
        }
    }

    private async Task DownloadAsync(JobDependency dependency, string path, CancellationToken cancel)
    {
        for (var turn = 1; ; turn++)
        {
            var status = await TryDownloadAsync(dependency, path, cancel).ConfigureAwait(false);
            if (status == HttpStatusCode.OK)
            {
                return;
            }

            if (turn == 3 || (int)status is >= 400 and < 500)
            {
                var reason = status == HttpStatusCode.NotFound ? FailureReasons.MissingDependency : FailureReasons.RunnerExternalDependency;
                throw new StageFailure(reason, $"the artifacts of {dependency.Name} ({dependency.Id}) could not be downloaded (answer {(int)status})");
            }
        }
    }

    private async Task<HttpStatusCode> TryDownloadAsync(JobDependency dependency, string path, CancellationToken cancel)
    {
        try
        {
            return await server.DownloadAsync(dependency, path, options.MaxArtifactBytes, cancel).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is HttpRequestException or HttpIOException)
        {
            return 0;
        }
    }
}
