using Squero.Experiments;

namespace Squero.Registry;

/// <summary>Finds the one file of a candidate that can serve: an ONNX model.</summary>
public sealed class ModelFileCheck(CandidateFiles files)
{
    /// <summary>The file, or null with a sentence that says what is missing or wrong.</summary>
    public async Task<(CandidateFile? File, string? Reason)> FindAsync(Candidate candidate, CancellationToken cancel)
    {
        var models = (await files.AllAsync(candidate.ProjectId, candidate.Id, cancel))
            .Where(file => file.FileName.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)).ToList();
        var chosen = models.Find(file => file.Path == "model.onnx") ?? models.Find(file => file.Path == "model/model.onnx")
            ?? (models.Count == 1 ? models[0] : null);
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
}
