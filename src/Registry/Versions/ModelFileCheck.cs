using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>Finds the one file of a candidate that can serve: an ONNX model.</summary>
public sealed class ModelFileCheck(CandidateFiles files, BlobStore blobs)
{
    /// <summary>The file, or null with a sentence that says what is missing or wrong.</summary>
    public async Task<(CandidateFile? File, string? Reason)> FindAsync(Candidate candidate, CancellationToken cancel)
    {
        var models = (await files.AllAsync(candidate.ProjectId, candidate.Id, cancel))
            .Where(file => file.FileName.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)).ToList();
        var chosen = Choose(models, file => file.Path);
        if (chosen is null)
        {
            return (null, models.Count == 0
                ? $"Candidate {candidate.Label} has no ONNX file among its artifacts: log one as model.onnx."
                : $"Candidate {candidate.Label} has {models.Count} ONNX files and none is called model.onnx.");
        }

        await using var content = files.OpenRead(chosen);
        if (content is null)
        {
            return (null, $"The file {chosen.Path} of candidate {candidate.Label} is gone from the store.");
        }

        return OnnxFile.Read(content, out var reason) is null
            ? (null, $"The file {chosen.Path} of candidate {candidate.Label} is not an ONNX model: {reason}.")
            : (chosen, null);
    }

    /// <summary>The path of the one file of a version that can serve; null when none can.</summary>
    internal string? Servable(IReadOnlyList<VersionFile> all)
    {
        var chosen = Choose([.. all.Where(file => file.Path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))], file => file.Path);
        using var content = chosen is null ? null : blobs.OpenRead(chosen.Hash);
        return content is not null && OnnxFile.Read(content, out _) is not null ? chosen!.Path : null;
    }

    private static T? Choose<T>(List<T> models, Func<T, string> pathOf)
        where T : class =>
        models.Find(file => pathOf(file) == "model.onnx") ?? models.Find(file => pathOf(file) == "model/model.onnx") ?? (models.Count == 1 ? models[0] : null);
}
