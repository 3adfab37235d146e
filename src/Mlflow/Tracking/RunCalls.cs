using System.Text.Json;
using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Mlflow;

/// <summary>runs/create, get, update, delete, restore, search.</summary>
internal static class RunCalls
{
    private const long MaxMs = long.MaxValue / 1000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Read("GET", "runs/get", GetAsync);
        routes.Read("POST", "runs/search", SearchAsync);
        routes.Write("POST", "runs/create", CreateAsync);
        routes.Write("POST", "runs/update", UpdateAsync);
        routes.Write("POST", "runs/delete", DeleteAsync);
        routes.Write("POST", "runs/restore", RestoreAsync);
    }

    private static async Task CreateAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var experiment = await call.ExperimentAsync(
            fields.Id("experiment_id") ?? throw new MlflowError(400, "BAD_REQUEST", "A run is created in an experiment: experiment_id is missing."));
        ExperimentCalls.CheckActive(experiment);
        var tags = Names.Tags(fields);
        var name = NameOf(fields.Text("run_name"), tags);
        if (!tags.Any(tag => tag.Name == Words.RunName))
        {
            tags = [.. tags, new NamedText(Words.RunName, name)];
        }

        var started = fields.Long("start_time") is > 0 and var ms ? ToMicros(ms, "start_time") : call.Get<TimeProvider>().NowMicros();
        var candidate = await call.Get<StartCandidate>().StartAsync(
            new NewCandidate(
                experiment,
                name,
                started,
                call.Access.Caller.PersonId,
                fields.Text("user_id") ?? "",
                tags,
                await call.Get<OriginSource>().FindAsync(call.Access.Caller, call.Cancel)),
            call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("run");
            RunWriter.WriteFresh(writer, candidate, experiment.Iid, tags);
        });
    }

    private static async Task GetAsync(MlflowCall call) => await WriteAsync(call, await call.CandidateAsync(call.Fields.RunId));

    private static async Task UpdateAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var candidate = await call.WritableAsync(fields.RunId);
        var name = fields.Text("run_name") is { Length: > 0 } text ? text : null;
        var ended = fields.Long("end_time") is { } ms ? ToMicros(ms, "end_time") : (long?)null;
        var status = fields.Word("status", Words.Status);
        if (status is CandidateStatus.Running or CandidateStatus.Scheduled && candidate.HasEnded)
        {
            call.RequirePerson("reopen a candidate that ended: it starts another one");
        }

        candidate = await call.Get<CandidateEdits>().UpdateAsync(candidate, status, ended, name, call.Cancel);
        if (name is not null)
        {
            await call.Get<CandidateLog>().WriteAsync(LogEntry.OfTag(candidate, Names.Tag(Words.RunName, name)), call.Cancel);
        }

        var experiment = await call.Get<ExperimentStore>().FindByIdAsync(candidate.ExperimentId, call.Cancel);
        await call.WriteAsync(writer => RunWriter.WriteInfo(writer, "run_info", candidate, experiment!.Iid));
    }

    private static Task DeleteAsync(MlflowCall call) => SetDeletedAsync(call, true);

    private static Task RestoreAsync(MlflowCall call) => SetDeletedAsync(call, false);

    private static async Task SetDeletedAsync(MlflowCall call, bool deleted)
    {
        var candidate = await call.CandidateAsync(call.Fields.RunId);
        if (call.Access.Caller.Job is not null)
        {
            throw MlflowError.Denied("A job may not delete or restore candidates.");
        }

        await call.Get<CandidateEdits>().SetDeletedAsync(candidate, deleted, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task SearchAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var asked = fields.Long("max_results") ?? 1000;
        if (asked > 50_000)
        {
            throw MlflowError.WrongType("max_results", JsonSerializer.SerializeToElement(asked));
        }

        var take = ExperimentCalls.Limit(asked);
        var skip = PageToken.Read(fields.Text("page_token"));
        var experiments = await ExperimentsAsync(call, fields.Texts("experiment_ids"));
        var found = await call.Get<CandidateSearch>().FindAsync(
            new CandidateQuestion(
                call.ProjectId, [.. experiments.Keys], fields.Text("filter"), fields.Texts("order_by"),
                fields.Word("run_view_type", Words.View) ?? Existence.Active, skip, take, Words.ArtifactScheme),
            call.Cancel);
        var runs = await RunWriter.LoadAsync(call, found);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "runs", found, candidate => runs.Write(writer, candidate));
            if (found.Count == take)
            {
                writer.WriteString("next_page_token", PageToken.Write(skip + take));
            }
        });
    }

    /// <summary>Experiments of the project by their protocol ids, keyed by our own; ids that name none are left out.</summary>
    public static async Task<IReadOnlyDictionary<long, Experiment>> ExperimentsAsync(MlflowCall call, IReadOnlyList<string> ids)
    {
        var found = new Dictionary<long, Experiment>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal).Take(CandidateSearch.MaxExperiments))
        {
            if (JsonNumber.Integer(id) is { } iid && await call.Get<ExperimentStore>().FindAsync(call.ProjectId, iid, call.Cancel) is { } experiment)
            {
                found[experiment.Id] = experiment;
            }
        }

        return found;
    }

    private static async Task WriteAsync(MlflowCall call, Candidate candidate)
    {
        var runs = await RunWriter.LoadAsync(call, [candidate]);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("run");
            runs.Write(writer, candidate);
        });
    }

    private static string NameOf(string? argument, IReadOnlyList<NamedText> tags)
    {
        var tag = tags.LastOrDefault(entry => entry.Name == Words.RunName)?.Value;
        if (argument is { Length: > 0 } && tag is { Length: > 0 } && argument != tag)
        {
            throw MlflowError.Invalid(
                $"Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='{argument}', mlflow.runName='{tag}').");
        }

        return argument is { Length: > 0 } ? argument : tag is { Length: > 0 } ? tag : CandidateNames.Next();
    }

    private static long ToMicros(long ms, string field) =>
        ms is >= 0 and < MaxMs ? ms * 1000 : throw MlflowError.Invalid($"Invalid value {ms} for parameter '{field}' supplied: it is no time in milliseconds.");
}
