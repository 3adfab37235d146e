using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Squero.Experiments;
using Squero.Projects;

namespace Squero.Mlflow;

/// <summary>One call of a client: who, of which project, with which fields.</summary>
internal sealed class MlflowCall(HttpContext context, ProjectAccess access, Fields fields)
{
    private static readonly byte[] Done = "{}"u8.ToArray();

    public HttpContext Context { get; } = context;

    public ProjectAccess Access { get; } = access;

    public long ProjectId => Access.Project.Id;

    public Fields Fields { get; } = fields;

    public CancellationToken Cancel => Context.RequestAborted;

    public T Get<T>()
        where T : notnull => Context.RequestServices.GetRequiredService<T>();

    /// <summary>The answer of calls that only do something.</summary>
    public async Task DoneAsync()
    {
        Context.Response.ContentType = "application/json";
        Context.Response.ContentLength = Done.Length;
        await Context.Response.BodyWriter.WriteAsync(Done, Cancel);
    }

    /// <summary>Answers 200 with one JSON object.</summary>
    public async Task WriteAsync(Action<Utf8JsonWriter> write)
    {
        Context.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(Context.Response.BodyWriter);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        await writer.FlushAsync(Cancel);
    }

    /// <summary>The experiment by the number that clients call its id.</summary>
    public async Task<Experiment> ExperimentAsync(string id) =>
        JsonNumber.Integer(id) is { } iid && await Get<ExperimentStore>().FindAsync(ProjectId, iid, Cancel) is { } experiment
            ? experiment
            : throw MlflowError.NotFound($"No Experiment with id={id} exists");

    public async Task<Candidate> CandidateAsync(string uid) =>
        await Get<CandidateStore>().FindAsync(ProjectId, uid, Cancel) ?? throw MlflowError.NotFound($"Run with id={uid} not found");

    /// <summary>A candidate that the caller may write to: not deleted, and for a job of the job's own pipeline.</summary>
    public async Task<Candidate> WritableAsync(string uid)
    {
        var candidate = await CandidateAsync(uid);
        CheckOwner(candidate);
        return candidate.Deleted
            ? throw MlflowError.Invalid($"The run {uid} must be in the 'active' state. Current state is deleted.")
            : candidate;
    }

    /// <summary>Refuses jobs: they write to what their own pipeline made, and to nothing that all share.</summary>
    public void RequirePerson(string act)
    {
        if (Access.Caller.Job is not null)
        {
            throw MlflowError.Denied($"A job may not {act}.");
        }
    }

    public void CheckOwner(Candidate candidate)
    {
        if (Access.Caller.Job is { } job && candidate.PipelineId != job.PipelineId)
        {
            throw MlflowError.Denied($"A job writes to the candidates of its own pipeline only; {candidate.Uid} belongs to another.");
        }
    }
}
