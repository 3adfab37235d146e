using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;
using Wire = Squero.RunnerProtocol;

namespace Squero.Pipelines;

/// <summary>Writes down for a runner all it must know of a job.</summary>
internal sealed class JobPayloads(
    PipelineStore pipelines, ProjectStore projects, PipelineContexts contexts, GitRepositories repositories, ServerAddress address,
    JobSources sources, IEnumerable<IJobContribution> contributions, TimeProvider time)
{
    private const int DefaultDepth = 20;

    public async Task<Wire.JobPayload> WriteAsync(ClaimedJob claimed, Runner runner, CancellationToken cancel)
    {
        var job = claimed.Job;
        var plan = PlannedJobJson.Read(job.Plan);
        var project = await projects.FindAsync(job.ProjectId, cancel) ?? throw new InvalidOperationException($"Project {job.ProjectId} is gone.");
        var pipeline = (await pipelines.FindAsync(job.ProjectId, job.PipelineId, cancel))!;
        var repository = repositories.Open(project);
        var context = await contexts.OfPipelineAsync(pipeline, project, cancel);
        var given = await sources.OfAsync(job, plan, cancel);
        var variables = await VariablesAsync(claimed, plan, project, context, runner, given, cancel);
        return new Wire.JobPayload
        {
            Id = job.Id,
            Token = claimed.Token,
            AllowGitFetch = true,
            JobInfo = OriginOf(job, project),
            GitInfo = await GitAsync(claimed, pipeline, project, repository, context, variables, cancel),
            RunnerInfo = new Wire.JobLimits { Timeout = job.TimeoutSeconds },
            Variables = [.. variables.Select(PayloadParts.Of)],
            Steps = PayloadParts.StepsOf(plan, job.TimeoutSeconds),
            Image = plan.Image is { } image ? PayloadParts.Of(image) : null,
            Services = [.. plan.Services.Select(PayloadParts.Of)],
            Artifacts = PayloadParts.ArtifactsOf(plan.Artifacts),
            Cache = await PayloadParts.CachesOfAsync(plan, repository, job.Sha, context.RefProtected, cancel),
            Credentials = [],
            Dependencies = [.. given.Archives.Select(archive => PayloadParts.Of(archive, claimed.Token))],
            Features = new Wire.JobFeatures
            {
                TraceSections = true,
                TokenMaskPrefixes = [ClaimJob.TokenPrefix, "sqpat-", Wire.RunnerCredentials.TokenPrefix],
                FailureReasons = Wire.FailureReasons.All,
            },
        };
    }

    private async Task<IReadOnlyList<JobVariable>> VariablesAsync(
        ClaimedJob claimed, PlannedJob plan, Project project, PipelineContext context, Runner runner, GivenFiles given, CancellationToken cancel)
    {
        var job = claimed.Job;
        var phase = new List<JobVariable>
        {
            new("CI_JOB_ID", $"{job.Id}"),
            new("CI_JOB_URL", address.Link(project.Area($"jobs/{job.Id}"))),
            new("CI_JOB_TOKEN", claimed.Token, Public: false, Masked: true),
            new("CI_JOB_STARTED_AT", Iso(job.StartedUs)),
            new("CI_PIPELINE_ID", $"{job.PipelineId}"),
            new("CI_PIPELINE_URL", address.Link(project.Area($"pipelines/{job.PipelineId}"))),
            new("CI_REPOSITORY_URL", CloneUrl(project, claimed.Token), Public: false, Masked: false),
            new("CI_RUNNER_ID", $"{runner.Id}"),
            new("CI_RUNNER_DESCRIPTION", runner.Description),
            new("CI_RUNNER_TAGS", $"[{string.Join(", ", runner.TagList.Select(tag => $"\"{tag}\""))}]"),
        };
        foreach (var contribution in contributions)
        {
            phase.AddRange(await contribution.ForAsync(job, project, claimed.Token, cancel));
        }

        return JobVariables.Assemble(context, plan, phase, given.Dotenv);
    }

    private async Task<Wire.JobSource> GitAsync(
        ClaimedJob claimed, Pipeline pipeline, Project project, GitRepository repository, PipelineContext context,
        IReadOnlyList<JobVariable> variables, CancellationToken cancel)
    {
        var depth = int.TryParse(variables.LastOrDefault(variable => variable.Key == "GIT_DEPTH")?.Value, out var wanted) && wanted >= 0 ? wanted : DefaultDepth;
        return new Wire.JobSource
        {
            RepoUrl = CloneUrl(project, claimed.Token),
            RepoObjectFormat = "sha1",
            Ref = pipeline.Ref,
            Sha = pipeline.Sha,
            BeforeSha = context.Commit.BeforeSha is { Length: > 0 } before ? before : RefUpdate.Nothing,
            RefType = pipeline.IsTag ? "tag" : "branch",
            Refspecs = await RefspecsAsync(pipeline, repository, depth, cancel),
            Depth = depth,
            Protected = context.RefProtected,
        };
    }

    /// <summary>The pipeline's own ref is always there; a branch may be gone, and asking for it would fail the fetch.</summary>
    private static async Task<IReadOnlyList<string>> RefspecsAsync(Pipeline pipeline, GitRepository repository, int depth, CancellationToken cancel)
    {
        var own = StartPipeline.RefOf(pipeline.Id);
        var specs = new List<string> { $"+{own}:{own}" };
        if (depth == 0)
        {
            specs.AddRange(["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"]);
        }
        else if (pipeline.RefKind == RefKind.Branch && await repository.ResolveAsync($"refs/heads/{pipeline.Ref}", cancel) is not null)
        {
            specs.Add($"+refs/heads/{pipeline.Ref}:refs/remotes/origin/{pipeline.Ref}");
        }
        else if (pipeline.IsTag && await repository.ResolveAsync($"refs/tags/{pipeline.Ref}", cancel) is not null)
        {
            specs.Add($"+refs/tags/{pipeline.Ref}:refs/tags/{pipeline.Ref}");
        }

        return specs;
    }

    private Wire.JobOrigin OriginOf(Job job, Project project) => new()
    {
        Id = job.Id,
        Name = job.Name,
        Stage = job.Stage,
        PipelineId = job.PipelineId,
        ProjectId = project.Id,
        ProjectName = project.Path,
        ProjectFullPath = project.FullPath,
        NamespaceId = project.NamespaceId,
        RootNamespaceId = project.NamespaceId,
        UserId = job.PersonId ?? 0,
        TimeInQueueSeconds = job.QueuedUs is { } queued ? Math.Round((time.NowMicros() - queued) / 1e6, 3) : 0,
        ProjectJobsRunningOnInstanceRunnersCount = "0",
    };

    private string CloneUrl(Project project, string token)
    {
        var url = new UriBuilder(address.Link($"{project.Href}.git")) { UserName = "gitlab-ci-token", Password = token };
        return url.Uri.AbsoluteUri;
    }

    private static string Iso(long? micros) =>
        micros is { } value ? Micros.ToTime(value).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) : "";
}
