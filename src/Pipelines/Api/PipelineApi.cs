using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.Pipelines;

/// <summary>REST: pipelines of a project.</summary>
internal static class PipelineApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var read = app.MapGroup("/api/v4/projects/{project}").ForProject(Role.None, Scope.ReadApi);
        read.MapGet("/pipelines", ListAsync);
        read.MapGet("/pipelines/latest", LatestAsync);
        read.MapGet("/pipelines/{id:long}", GetAsync);
        read.MapGet("/pipelines/{id:long}/jobs", JobsAsync);
        read.MapGet("/pipelines/{id:long}/bridges", () => Results.Json(Array.Empty<object>()));
        var write = app.MapGroup("/api/v4/projects/{project}").ForProject(Role.Developer, Scope.Api);
        write.MapPost("/pipeline", CreateAsync);
        write.MapGet("/pipelines/{id:long}/variables", VariablesAsync);
        write.MapPost("/pipelines/{id:long}/retry", RetryAsync);
        write.MapPost("/pipelines/{id:long}/cancel", CancelAsync);
    }

    public static async Task<Pipeline> FindAsync(ProjectAccess access, PipelineStore pipelines, long id, CancellationToken cancel) =>
        await pipelines.FindAsync(access.Project.Id, id, cancel) ?? throw Refusal.NotFound("404 Pipeline Not Found");

    /// <summary>The commit of a branch or tag and which of the two it is; null when there is none of that name.</summary>
    public static async Task<(string Sha, bool IsTag)?> ResolveAsync(GitRepository repository, string name, CancellationToken cancel)
    {
        var plain = name.StartsWith("refs/heads/", StringComparison.Ordinal) ? name["refs/heads/".Length..] : name;
        return await repository.ResolveAsync($"refs/heads/{plain}", cancel) is { } branch ? (branch, false)
            : await repository.ResolveAsync($"refs/tags/{plain}", cancel) is { } tag ? (tag, true)
            : null;
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, ProjectAccess access, PipelineStore pipelines, ServerAddress address, CancellationToken cancel)
    {
        var query = context.Request.Query;
        var filter = new PipelineFilter(access.Project.Id)
        {
            Ref = Given(query["ref"]),
            Sha = Given(query["sha"]),
            Source = Given(query["source"]),
            Statuses = StatusesOf(Given(query["status"]), Given(query["scope"])),
            OldestFirst = query["sort"] == "asc",
        };
        var page = await pipelines.ListAsync(filter, ApiPage.Request(context), cancel);
        return Results.Ok(ApiPage.Write(context, address, page, row => ApiPipeline.From(row, access.Project, address)));
    }

    private static async Task<IResult> LatestAsync(
        HttpContext context, ProjectAccess access, PipelineStore pipelines, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var filter = new PipelineFilter(access.Project.Id) { Ref = Given(context.Request.Query["ref"]) ?? access.Project.DefaultBranch };
        var page = await pipelines.ListAsync(filter, new PageRequest(1, 1), cancel);
        return page.Rows.Count == 0
            ? throw Refusal.NotFound("404 Pipeline Not Found")
            : Results.Ok(await WholeAsync(access, page.Rows[0], people, address, cancel));
    }

    private static async Task<IResult> GetAsync(
        ProjectAccess access, long id, PipelineStore pipelines, PersonStore people, ServerAddress address, CancellationToken cancel) =>
        Results.Ok(await WholeAsync(access, await FindAsync(access, pipelines, id, cancel), people, address, cancel));

    private static async Task<IResult> JobsAsync(
        HttpContext context, ProjectAccess access, long id, PipelineStore pipelines, JobAnswers answers, ServerAddress address, CancellationToken cancel)
    {
        var pipeline = await FindAsync(access, pipelines, id, cancel);
        var statuses = JobApi.StatusesOf(context);
        var jobs = (await pipelines.JobsAsync(pipeline.Id, ApiInput.Asks(context.Request, "include_retried"), cancel))
            .Where(job => statuses is null || statuses.Contains(job.Status)).ToArray();
        var request = ApiPage.Request(context);
        var rows = await answers.OfAsync(access.Project, [.. jobs.Skip(request.Skip).Take(request.Size)], cancel);
        return Results.Ok(ApiPage.Write(context, address, new Page<ApiJob>(rows, jobs.Length, request), row => row));
    }

    private static async Task<IResult> CreateAsync(
        HttpContext context, ProjectAccess access, GitRepositories repositories, CreatePipeline create, PersonStore people, ServerAddress address,
        CancellationToken cancel)
    {
        var input = await ApiInput.ReadAsync(context, cancel);
        var name = input.Required("ref");
        if (await ResolveAsync(repositories.Open(access.Project), name, cancel) is not { } target)
        {
            return Base("Reference not found");
        }

        var variables = input.Objects("variables").Take(100)
            .Select(given => new JobVariable(given.Required("key"), given.Text("value") ?? "", false, false, given.Text("variable_type") == "file"));
        var outcome = await create.CreateAsync(
            new PipelineRequest
            {
                ProjectId = access.Project.Id,
                Ref = name,
                Sha = target.Sha,
                IsTag = target.IsTag,
                Source = "api",
                PersonId = access.PersonId,
                Variables = [.. variables],
            },
            cancel);
        return outcome switch
        {
            PipelineOutcome.Created created => Results.Json(
                await WholeAsync(access, created.Pipeline, people, address, cancel), statusCode: StatusCodes.Status201Created),
            PipelineOutcome.Invalid invalid => Base([.. invalid.Errors]),
            PipelineOutcome.Nothing nothing => Base(nothing.Sentence),
            _ => throw new InvalidOperationException("Not an outcome."),
        };
    }

    private static async Task<IResult> VariablesAsync(ProjectAccess access, long id, PipelineStore pipelines, CancellationToken cancel)
    {
        var pipeline = await FindAsync(access, pipelines, id, cancel);
        return Results.Ok(StoredContext.Read(pipeline.Context).PipelineVariables.Select(given => new
        {
            key = given.Name,
            value = given.Value,
            variable_type = given.File ? "file" : "env_var",
            raw = given.Raw,
        }));
    }

    private static async Task<IResult> RetryAsync(
        ProjectAccess access, long id, PipelineStore pipelines, RetryJob retry, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var pipeline = await FindAsync(access, pipelines, id, cancel);
        await retry.RetryPipelineAsync(pipeline.Id, access.PersonId, cancel);
        return await ChangedAsync(access, id, pipelines, people, address, cancel);
    }

    private static async Task<IResult> CancelAsync(
        ProjectAccess access, long id, PipelineStore pipelines, CancelJob cancelJob, PersonStore people, ServerAddress address, CancellationToken cancel)
    {
        var pipeline = await FindAsync(access, pipelines, id, cancel);
        await cancelJob.CancelPipelineAsync(pipeline.Id, cancel);
        return await ChangedAsync(access, id, pipelines, people, address, cancel);
    }

    private static async Task<IResult> ChangedAsync(
        ProjectAccess access, long id, PipelineStore pipelines, PersonStore people, ServerAddress address, CancellationToken cancel) =>
        Results.Json(
            await WholeAsync(access, await FindAsync(access, pipelines, id, cancel), people, address, cancel), statusCode: StatusCodes.Status201Created);

    private static async Task<ApiWholePipeline> WholeAsync(
        ProjectAccess access, Pipeline pipeline, PersonStore people, ServerAddress address, CancellationToken cancel) =>
        ApiWholePipeline.From(pipeline, access.Project, pipeline.PersonId is { } id ? await people.FindAsync(id, cancel) : null, address);

    private static IResult Base(params string[] sentences) => Results.Json(new { message = new { @base = sentences } }, statusCode: 400);

    private static string? Given(string? value) => string.IsNullOrEmpty(value) ? null : value;

    private static IReadOnlyList<JobStatus>? StatusesOf(string? status, string? scope) => (status, scope) switch
    {
        ({ } word, _) => JobStatusWords.Parse(word) is { } one ? [one] : throw new MissingParameter("status does not have a valid value"),
        (_, "running") => [JobStatus.Running],
        (_, "pending") => [JobStatus.Pending],
        (_, "finished") => [JobStatus.Success, JobStatus.Failed, JobStatus.Canceled],
        _ => null,
    };
}
