using Squero.Experiments;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Registry;

/// <summary>A version that a client registers. Of the texts none is followed: the files are those of the candidate, checkpoint or version named here.</summary>
public sealed record Registration(Model Model, ModelVersion Version, IReadOnlyList<NamedText> Tags, FileOrigin? Files);

/// <summary>
/// Where a version's files are taken from, by our own ids: a folder of a candidate (0 is the project itself), or another version.
/// </summary>
public sealed record FileOrigin(long CandidateId, string Folder, long? VersionId = null);

/// <summary>Makes a version with the files that its origin holds at this moment; later changes of the origin do not reach it.</summary>
public sealed class RegisterVersion(Database database, CandidateFiles candidates, ModelStore models, ModelFileCheck check)
{
    public async Task<ModelVersion> RegisterAsync(ProjectAccess access, Registration registration, CancellationToken cancel)
    {
        var (model, wanted) = (registration.Model, registration.Version);
        var files = registration.Files is { } origin && model.Kind == ModelKind.Model ? await FilesAsync(access.Project.Id, origin, cancel) : [];
        var version = wanted with { ModelId = model.Id, PersonId = access.PersonId, ModelPath = check.Servable(files) };
        return await database.WriteAsync(
            session => NewVersion.InsertAsync(session, model.ProjectId, version, files, registration.Tags), cancel);
    }

    private async Task<IReadOnlyList<VersionFile>> FilesAsync(long projectId, FileOrigin origin, CancellationToken cancel)
    {
        if (origin.VersionId is { } id)
        {
            return await models.FilesAsync(id, cancel);
        }

        var start = origin.Folder.Length == 0 ? "" : origin.Folder + "/";
        var found = await candidates.BelowAsync(projectId, origin.CandidateId, origin.Folder, cancel);
        if (found.Count == CandidateFiles.MaxEntries)
        {
            throw Refusal.Invalid($"A version has fewer than {CandidateFiles.MaxEntries} files: pack them, or register a folder of the artifacts.");
        }

        return [.. found.Select(file => new VersionFile { Path = file.Path[start.Length..], Hash = file.Hash, Size = file.Size })];
    }
}
