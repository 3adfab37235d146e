using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Pipelines;

/// <summary>Gathers what planning must know: from an event, and later again from a pipeline's row.</summary>
internal sealed class PipelineContexts(ServerAddress address, PersonStore people, VariableStore variables)
{
    private const string NoCommit = RefUpdate.Nothing;

    public async Task<PipelineContext> OfRequestAsync(
        PipelineRequest request, Project project, GitCommit commit, string fileName, CancellationToken cancel)
    {
        var isProtected = request.Ref == project.DefaultBranch;
        var mergeRequest = request.MergeRequest is { } given ? FactsOf(given, project) : null;
        return new PipelineContext
        {
            Source = request.Source,
            Ref = request.Ref,
            RefKind = mergeRequest is not null ? RefKind.MergeRequest : request.IsTag ? RefKind.Tag : RefKind.Branch,
            RefProtected = isProtected,
            Commit = new CommitFacts
            {
                Sha = commit.Sha,
                BeforeSha = request.Source == "push" && !request.IsTag ? request.BeforeSha ?? NoCommit : NoCommit,
                Message = commit.Message,
                Author = $"{commit.AuthorName} <{commit.AuthorEmail}>",
                Timestamp = commit.AuthoredAt,
            },
            Project = FactsOf(project, fileName),
            Instance = Instance(),
            MergeRequest = mergeRequest,
            Person = request.PersonId is { } id && await people.FindAsync(id, cancel) is { } person ? FactsOf(person) : null,
            SettingVariables = await variables.ForRefAsync(project.Id, isProtected, cancel),
            PipelineVariables = [.. request.Variables.Select(given => new SettingVariable(given.Key, given.Value, given.Masked, given.File, given.Raw))],
        };
    }

    public async Task<PipelineContext> OfPipelineAsync(Pipeline pipeline, Project project, CancellationToken cancel)
    {
        var stored = StoredContext.Read(pipeline.Context);
        return new PipelineContext
        {
            Source = pipeline.Source,
            Ref = pipeline.Ref,
            RefKind = pipeline.RefKind,
            RefProtected = stored.RefProtected,
            Commit = stored.Commit,
            Project = FactsOf(project, stored.ConfigPath),
            Instance = Instance(),
            MergeRequest = stored.MergeRequest,
            Person = stored.Person,
            OpenMergeRequests = stored.OpenMergeRequests,
            SettingVariables = await variables.ForRefAsync(project.Id, stored.RefProtected, cancel),
            PipelineVariables = stored.PipelineVariables,
            PipelineIid = pipeline.Iid,
            CreatedAt = Micros.ToTime(pipeline.CreatedUs),
        };
    }

    private static PersonFacts FactsOf(Person person) => new(person.Id, person.Username, person.Name, person.Email);

    private static ProjectFacts FactsOf(Project project, string fileName) => new()
    {
        Id = project.Id,
        Name = project.Path,
        Title = project.Name,
        Description = project.Description,
        Path = project.FullPath,
        NamespaceId = project.NamespaceId,
        Visibility = project.Visibility.ToString().ToLowerInvariant(),
        DefaultBranch = project.DefaultBranch,
        ConfigPath = fileName,
    };

    private static MergeRequestFacts FactsOf(PipelineMergeRequest given, Project project) => new()
    {
        Id = given.Id,
        Iid = given.Iid,
        SourceBranch = given.SourceBranch,
        TargetBranch = given.TargetBranch,
        SourceProtected = given.SourceBranch == project.DefaultBranch,
        TargetProtected = given.TargetBranch == project.DefaultBranch,
        Title = given.Title,
        Description = given.Description,
        Draft = given.Draft,
        DiffBaseSha = given.DiffBaseSha,
    };

    private InstanceFacts Instance() => new(address.Link(""));
}
