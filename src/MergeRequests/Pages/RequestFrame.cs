using System.Globalization;
using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Projects;
using Squero.Registry;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>Everything that the head of a merge request's page says; its tabs take from it what they need.</summary>
public sealed record RequestFrame(ProjectAccess Access, MergeRequest Request, IReadOnlyList<RequestVersion> Versions)
{
    public IReadOnlyList<FileChange> Files { get; init; } = [];

    public IReadOnlyList<string> NotebookLines { get; init; } = [];

    /// <summary>Some output of the notebooks holds what should perhaps not be published.</summary>
    public bool HasNotebookWarnings { get; init; }

    public IReadOnlyList<DiscussionThread> Threads { get; init; } = [];

    /// <summary>By comment; what of it the newest version can take.</summary>
    public IReadOnlyDictionary<long, IReadOnlyList<Suggestion>> Suggestions { get; init; } = new Dictionary<long, IReadOnlyList<Suggestion>>();

    public CandidateReport Report { get; init; } = CandidateReport.Empty;

    public IReadOnlyList<Pipeline> Pipelines { get; init; } = [];

    public IReadOnlyList<GitCommit> Commits { get; init; } = [];

    public Mergeability Mergeability { get; init; } = Mergeability.Yes;

    public RequestChoice? Choice { get; init; }

    /// <summary>The version that merging made of the chosen candidate.</summary>
    public ModelVersion? Version { get; init; }

    public IReadOnlyDictionary<long, Person> People { get; init; } = new Dictionary<long, Person>();

    public Project Project => Access.Project;

    public RequestVersion Newest => Versions[0];

    /// <summary>Suggestions that this reader could apply now.</summary>
    public IEnumerable<Suggestion> ApplicableSuggestions =>
        Request.State == MergeRequestState.Opened && MergeRequestRules.MayApply(Access)
            ? Suggestions.Values.SelectMany(some => some).Where(one => one.State == SuggestionState.Applicable)
            : [];

    public int OpenThreads => Threads.Count(thread => thread.IsOpen);

    public int BlockingThreads => Threads.Count(thread => thread.Blocks);

    /// <summary>The choice that a merge would deploy.</summary>
    public RequestChoice? CurrentChoice => Choice is { } choice && choice.IsCurrent(Request) ? choice : null;

    /// <summary>The newest pipeline of the present head.</summary>
    public Pipeline? HeadPipeline => Pipelines.FirstOrDefault(pipeline => pipeline.Sha == Request.HeadSha);

    public string Href(string tab = "") => Request.Href(Project, tab);

    /// <summary>A thread where all of them stand; where it is in the files, it says itself.</summary>
    public string HrefOfThread(long threadId) => string.Create(CultureInfo.InvariantCulture, $"{Href()}#thread-{threadId}");

    public string NameOf(long personId) => People.TryGetValue(personId, out var person) ? person.Name.Length > 0 ? person.Name : person.Username : "somebody";

    public string HrefOf(long personId) => People.TryGetValue(personId, out var person) ? "/" + person.Username : "#";
}

/// <summary>Loads what a page of a merge request shows.</summary>
internal sealed class LoadRequest(
    MergeRequestStore requests, ThreadStore threads, PersonStore people, PipelineStore pipelines, GitRepositories repositories, ChangeLists changes,
    NotebookCounts notebooks, CheckMergeability mergeability, BuildReport reports, ModelStore models,
    FindSuggestions suggestions)
{
    private const int MaxCommits = 500;
    private const int MaxNotebooks = 20;
    private const int MaxNamed = 3;

    /// <summary>Refuses with 404 when the project has no such merge request.</summary>
    public async Task<RequestFrame> LoadAsync(ProjectAccess access, long iid, string? metric, CancellationToken cancel)
    {
        var project = access.Project;
        access.RequireCode();
        var request = await requests.FindAsync(project.Id, iid, cancel) ?? throw Refusal.NotFound($"This project has no merge request !{iid}.");
        var versions = await requests.VersionsAsync(request.Id, cancel);
        var newest = versions[0];
        var repository = repositories.Open(project);
        var said = await threads.ListAsync(request.Subject, cancel);
        var files = await changes.BetweenAsync(project.Id, newest.BaseSha, newest.HeadSha, cancel);
        var counted = await CountAsync(repository, files, cancel);
        var frame = new RequestFrame(access, request, versions)
        {
            Threads = said,
            Suggestions = await suggestions.LoadAsync(project, request, versions, said, cancel),
            Files = files,
            NotebookLines = LinesOf(counted, files.Count(file => file.IsNotebook)),
            HasNotebookWarnings = counted.Any(one => one.Counts?.Warnings > 0),
            Commits = await repository.LogAsync(newest.HeadSha, newest.BaseSha, 0, MaxCommits, null, cancel),
            Pipelines = await pipelines.ForCommitsAsync(project.Id, [.. versions.Select(version => version.HeadSha)], cancel),
            Mergeability = await mergeability.CheckAsync(project, request, newest, cancel),
            Choice = await requests.ChoiceAsync(request.Id, cancel),
            Report = await reports.BuildAsync(project, request, versions, metric, cancel),
        };
        frame = frame with { Version = await VersionAsync(frame, cancel) };
        return frame with { People = await people.FindAllAsync(PersonIds(frame), cancel) };
    }

    private async Task<ModelVersion?> VersionAsync(RequestFrame frame, CancellationToken cancel) =>
        frame.Request.State == MergeRequestState.Merged && frame.Choice is { } choice
        && await models.FindAsync(frame.Project.Id, choice.ModelName, cancel) is { } model
            ? (await models.VersionsAsync(model.Id, new PageRequest(1, PageRequest.MaxSize), cancel)).Rows.FirstOrDefault(version => version.MergeRequestIid == frame.Request.Iid)
            : null;

    /// <summary>A few notebooks each for itself, many in one sentence.</summary>
    private static IReadOnlyList<string> LinesOf(List<(string Path, CellCounts? Counts)> counted, int all)
    {
        if (all <= MaxNamed)
        {
            return [.. counted.Select(one => one.Counts is { } counts ? $"{one.Path}: {counts.Sentence}" : one.Path)];
        }

        var known = counted.Where(one => one.Counts is not null).Select(one => one.Counts!).ToList();
        var (cells, warnings) = (known.Sum(counts => counts.Touched ?? 0), known.Sum(counts => counts.Warnings));
        var more = known.Count < all ? "at least " : "";
        return [$"{all} notebooks, {more}{cells} {(cells == 1 ? "cell" : "cells")} changed{(warnings == 0 ? "" : warnings == 1 ? ", 1 warning" : $", {warnings} warnings")}"];
    }

    private async Task<List<(string Path, CellCounts? Counts)>> CountAsync(GitRepository repository, IReadOnlyList<FileChange> files, CancellationToken cancel)
    {
        var counted = new List<(string Path, CellCounts? Counts)>();
        foreach (var file in files.Where(file => file.IsNotebook).Take(MaxNotebooks))
        {
            counted.Add((file.Path, await notebooks.CountAsync(repository, file, cancel)));
        }

        return counted;
    }

    private static IEnumerable<long> PersonIds(RequestFrame frame) =>
        new[] { frame.Request.PersonId, frame.Request.MergedBy ?? 0, frame.Request.ClosedBy ?? 0, frame.Choice?.PersonId ?? 0 }
            .Concat(frame.Versions.Select(version => version.PersonId))
            .Concat(frame.Threads.SelectMany(thread => thread.Comments.Select(comment => comment.PersonId).Append(thread.PersonId).Append(thread.ResolvedBy ?? 0)))
            .Where(id => id > 0);
}
