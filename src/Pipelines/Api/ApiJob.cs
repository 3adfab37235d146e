using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>A job in the REST API.</summary>
internal sealed record ApiJob(
    long Id, string Status, string Stage, string Name, string Ref, bool Tag, double? Coverage, bool AllowFailure, string? CreatedAt, string? StartedAt,
    string? FinishedAt, string? ErasedAt, double? Duration, double? QueuedDuration, ApiPerson? User, ApiJobCommit Commit, ApiJobPipeline Pipeline,
    string WebUrl, ApiJobProject Project, string? FailureReason, int? ExitCode, IReadOnlyList<ApiArtifact> Artifacts, ApiArtifactsFile? ArtifactsFile, string? ArtifactsExpireAt,
    ApiJobRunner? Runner, object? RunnerManager, IReadOnlyList<string> TagList, bool Archived)
{
    public static ApiJob From(Job job, JobSurroundings around)
    {
        var (project, address) = (around.Project, around.Address);
        var pipeline = around.Pipelines[job.PipelineId];
        var commit = StoredContext.Read(pipeline.Context).Commit;
        var artifacts = around.Artifacts.Where(artifact => artifact.JobId == job.Id).ToArray();
        var archive = artifacts.FirstOrDefault(artifact => artifact.Type == ArtifactTypes.Archive);
        var runner = job.RunnerId is { } id ? around.Runners.GetValueOrDefault(id) : null;
        return new ApiJob(
            job.Id, job.Status.ToWord(), job.Stage, job.Name, job.Ref, pipeline.IsTag, null, job.AllowFailure, Micros.ToIso(job.CreatedUs),
            Micros.ToIso(job.StartedUs), Micros.ToIso(job.FinishedUs), null, job.DurationSeconds(around.NowUs),
            job.QueuedUs is { } queued ? ((job.StartedUs ?? around.NowUs) - queued) / 1e6 : null,
            job.PersonId is { } personId && around.People.GetValueOrDefault(personId) is { } person ? ApiPerson.From(person, address) : null,
            ApiJobCommit.From(job.Sha, commit), ApiJobPipeline.From(pipeline, project, address), address.Link(project.Area($"jobs/{job.Id}")),
            new ApiJobProject(true), job.FailureReason, job.ExitCode,
            [.. artifacts.Select(artifact => new ApiArtifact(artifact.Type, artifact.Size, artifact.Filename, artifact.Format))],
            archive is null ? null : new ApiArtifactsFile(archive.Filename, archive.Size), Micros.ToIso(archive?.ExpiresUs),
            runner is null ? null : ApiJobRunner.From(runner, around.NowUs), null, PlannedJobJson.Read(job.Plan).Tags, false);
    }
}

internal sealed record ApiJobCommit(string Id, string ShortId, string Title, string Message, string AuthorName, string AuthorEmail, string? CreatedAt)
{
    public static ApiJobCommit From(string sha, CommitFacts commit)
    {
        var open = commit.Author.LastIndexOf(" <", StringComparison.Ordinal);
        var (name, email) = open < 0 ? (commit.Author, "") : (commit.Author[..open], commit.Author[(open + 2)..].TrimEnd('>'));
        return new ApiJobCommit(
            sha, sha[..8], commit.Message.Split('\n', 2)[0], commit.Message, name, email, Micros.ToIso(commit.Timestamp is { } at ? Micros.FromTime(at) : null));
    }
}

internal sealed record ApiJobPipeline(
    long Id, long Iid, long ProjectId, string Ref, string Sha, string Status, string Source, string? CreatedAt, string? UpdatedAt, string WebUrl)
{
    public static ApiJobPipeline From(Pipeline pipeline, Project project, ServerAddress address) => new(
        pipeline.Id, pipeline.Iid, pipeline.ProjectId, pipeline.Ref, pipeline.Sha, pipeline.Status.ToWord(), pipeline.Source,
        Micros.ToIso(pipeline.CreatedUs), Micros.ToIso(pipeline.UpdatedUs), address.Link(project.Area($"pipelines/{pipeline.Id}")));
}

internal sealed record ApiJobProject(bool CiJobTokenScopeEnabled);

internal sealed record ApiArtifact(string FileType, long Size, string Filename, string FileFormat);

internal sealed record ApiArtifactsFile(string Filename, long Size);

/// <summary>A runner in the REST API, as lists and jobs name it.</summary>
internal sealed record ApiJobRunner(
    long Id, string Description, string? IpAddress, bool Active, bool Paused, bool IsShared, string RunnerType, string? Name, bool Online, string Status,
    string? CreatedAt)
{
    public static ApiJobRunner From(Runner runner, long nowUs)
    {
        var status = runner.StatusAt(nowUs);
        return new ApiJobRunner(
            runner.Id, runner.Description, null, !runner.Paused, runner.Paused, runner.Kind == "instance_type", runner.Kind, runner.Description,
            status == "online", status, Micros.ToIso(runner.CreatedUs));
    }
}

/// <summary>What jobs in an answer refer to, loaded once for all of them.</summary>
internal sealed record JobSurroundings(
    Project Project, ServerAddress Address, long NowUs, IReadOnlyDictionary<long, Pipeline> Pipelines, IReadOnlyList<Artifact> Artifacts,
    IReadOnlyDictionary<long, Person> People, IReadOnlyDictionary<long, Runner> Runners);

/// <summary>Writes jobs with everything that their answer names.</summary>
internal sealed class JobAnswers(
    PipelineStore pipelines, ArtifactStore artifacts, PersonStore people, RunnerStore runners, ServerAddress address, TimeProvider time)
{
    public async Task<IReadOnlyList<ApiJob>> OfAsync(Project project, IReadOnlyList<Job> jobs, CancellationToken cancel)
    {
        var of = new Dictionary<long, Pipeline>();
        foreach (var id in jobs.Select(job => job.PipelineId).Distinct())
        {
            of[id] = (await pipelines.FindAsync(project.Id, id, cancel))!;
        }

        var hands = new Dictionary<long, Runner>();
        foreach (var id in jobs.Select(job => job.RunnerId).OfType<long>().Distinct())
        {
            if (await runners.FindAsync(id, cancel) is { } runner)
            {
                hands[id] = runner;
            }
        }

        var around = new JobSurroundings(
            project, address, time.NowMicros(), of, await artifacts.ListAsync([.. jobs.Select(job => job.Id)], cancel),
            await people.FindAllAsync(jobs.Select(job => job.PersonId).OfType<long>(), cancel), hands);
        return [.. jobs.Select(job => ApiJob.From(job, around))];
    }

    public async Task<ApiJob> OfAsync(Project project, Job job, CancellationToken cancel) => (await OfAsync(project, [job], cancel))[0];
}
