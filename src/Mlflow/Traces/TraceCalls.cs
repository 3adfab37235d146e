using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>traces/* in the third version, and what both versions share.</summary>
internal static class TraceCalls
{
    private const int NormalResults = 100;
    private const int MaxResults = 500;
    private const int MaxBatch = 100;
    private const int MaxDeleted = 10_000;

    public static void Map(MlflowRoutes third, MlflowRoutes both)
    {
        third.Write("POST", "traces", StartAsync);
        third.Read("GET", "traces/get", GetAsync);
        third.Read("GET", "traces/batchGet", GetManyAsync);
        third.Read("POST", "traces/search", SearchAsync);
        third.Read("GET", "traces/{trace}", InfoAsync);
        third.Read("POST", "traces/calculate-filter-correlation", CorrelationCalls.CalculateAsync);
        both.Write("PATCH", "traces/{trace}/tags", SetTagAsync);
        both.Write("DELETE", "traces/{trace}/tags", DeleteTagAsync);
        both.Write("POST", "traces/delete-traces", DeleteAsync);
        both.Write("POST", "traces/link-to-run", LinkAsync);
        both.Read("GET", "get-trace-artifact", ArtifactAsync);
    }

    private static async Task StartAsync(MlflowCall call)
    {
        var info = (call.Fields.Object("trace") ?? throw MlflowError.Missing("trace")).Object("trace_info") ?? throw MlflowError.Missing("trace.trace_info");
        var uid = CheckUid(info.Required("trace_id"));
        var place = info.Object("trace_location")?.Object("mlflow_experiment") ?? throw MlflowError.Invalid("A trace is kept in an experiment: trace_location.mlflow_experiment is missing.");
        var experiment = await call.ExperimentAsync(place.RequiredId("experiment_id"));
        ExperimentCalls.CheckActive(experiment);
        if (await call.Get<TraceStore>().FindAsync(call.ProjectId, uid, call.Cancel) is { } known)
        {
            TraceFind.CheckOwner(call, known);
        }

        var assessments = info.Objects("assessments").Select(fields => AssessmentJson.Read(call, fields)).ToList();
        var trace = new Trace
        {
            Uid = uid,
            ProjectId = call.ProjectId,
            ExperimentId = experiment.Id,
            StartedMs = TraceWords.ReadTime(info.Required("request_time"), "request_time"),
            DurationMs = info.Text("execution_duration") is { } duration ? TraceWords.ReadDuration(duration, "execution_duration") : null,
            State = info.Word("state", TraceWords.State) ?? TraceState.Unspecified,
            RequestUid = info.Text("client_request_id"),
            RequestPreview = TraceWords.Preview(info.Text("request_preview")),
            ResponsePreview = TraceWords.Preview(info.Text("response_preview")),
            KeepsSpans = true,
            PipelineId = call.Access.Caller.Job?.PipelineId,
            Tags = [.. TraceWords.Notes(info.Map("tags")), TraceWords.LocationTag(experiment.Iid, uid), TraceWords.StoreTag],
            Metadata = TraceWords.Notes(info.Map("trace_metadata")),
        };
        await TraceJson.AnswerAsync(call, await call.Get<TraceStore>().StartAsync(trace, assessments, call.Cancel));
    }

    private static async Task InfoAsync(MlflowCall call) => await TraceJson.AnswerAsync(call, await call.TraceAsync());

    private static async Task GetAsync(MlflowCall call)
    {
        var (trace, spans) = await call.WholeAsync(call.Fields.Required("trace_id"), call.Fields.Flag("allow_partial"));
        var json = await TraceJson.LoadAsync(call, [trace]);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("trace");
            json.Write(writer, trace, spans);
        });
    }

    /// <summary>Those that are whole, in the order asked for; the others are left out.</summary>
    private static async Task GetManyAsync(MlflowCall call)
    {
        var uids = call.Fields.Texts("trace_ids");
        if (uids.Count == 0)
        {
            throw MlflowError.Missing("trace_ids");
        }

        if (uids.Count > MaxBatch)
        {
            throw MlflowError.Invalid($"At most {MaxBatch} traces are fetched at once; {uids.Count} were asked for.");
        }

        var traces = await call.Get<TraceStore>().FindManyAsync(call.ProjectId, uids, call.Cancel);
        var json = await TraceJson.LoadAsync(call, traces);
        var whole = new List<(Trace Trace, IReadOnlyList<Span> Spans)>();
        foreach (var trace in traces)
        {
            if (await call.SpansAsync(trace, partly: false) is { Count: > 0 } spans)
            {
                whole.Add((trace, spans));
            }
        }

        await call.WriteAsync(writer => ExperimentCalls.WriteArray(writer, "traces", whole, entry => json.Write(writer, entry.Trace, entry.Spans)));
    }

    private static async Task SearchAsync(MlflowCall call)
    {
        var locations = call.Fields.Objects("locations");
        if (locations.Count == 0)
        {
            throw MlflowError.Missing("locations");
        }

        var ids = locations.Select(location => location.Object("mlflow_experiment")?.Id("experiment_id")).OfType<string>().ToList();
        var (traces, next) = await FindAsync(call, ids);
        var json = await TraceJson.LoadAsync(call, traces);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "traces", traces, trace => json.WriteInfo(writer, trace));
            if (next is not null)
            {
                writer.WriteString("next_page_token", next);
            }
        });
    }

    /// <summary>One page of a search, and the token of the next when this one is full.</summary>
    public static async Task<(IReadOnlyList<Trace> Traces, string? Next)> FindAsync(MlflowCall call, IReadOnlyList<string> experimentIds)
    {
        var fields = call.Fields;
        var asked = fields.Long("max_results") ?? NormalResults;
        if (asked > MaxResults)
        {
            throw MlflowError.WrongType("max_results", JsonSerializer.SerializeToElement(asked));
        }

        var take = ExperimentCalls.Limit(asked);
        var skip = PageToken.Read(fields.Text("page_token"));
        var experiments = await RunCalls.ExperimentsAsync(call, experimentIds);
        var found = await call.Get<TraceSearch>().FindAsync(
            new TraceQuestion([.. experiments.Keys], fields.Text("filter"), fields.Texts("order_by"), TraceWords.Names, skip, take), call.Cancel);
        return (found, found.Count == take ? PageToken.Write(skip + take) : null);
    }

    private static async Task SetTagAsync(MlflowCall call)
    {
        var tag = TraceWords.Note(Names.CheckKey(call.Fields.Required("key"), "key", "key"), call.Fields.Text("value") ?? "");
        await call.Get<TraceStore>().SetTagAsync(await call.WritableTraceAsync(), tag, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task DeleteTagAsync(MlflowCall call)
    {
        var key = call.Fields.Required("key");
        var trace = await call.WritableTraceAsync();
        if (!await call.Get<TraceStore>().DeleteTagAsync(trace, key, call.Cancel))
        {
            throw MlflowError.NotFound($"No trace tag with key '{key}' for trace with ID '{trace.Uid}'");
        }

        await call.DoneAsync();
    }

    private static async Task DeleteAsync(MlflowCall call)
    {
        if (call.Access.Caller.Job is not null)
        {
            throw MlflowError.Denied("A job may not delete traces.");
        }

        var fields = call.Fields;
        var experiment = await call.ExperimentAsync(fields.RequiredId("experiment_id"));
        var (until, most, uids) = (fields.Long("max_timestamp_millis"), fields.Long("max_traces"), fields.Texts("request_ids"));
        if (until is null && uids.Count == 0)
        {
            throw MlflowError.Invalid("Either `max_timestamp_millis` or `trace_ids` must be specified.");
        }

        if (until is not null && uids.Count > 0)
        {
            throw MlflowError.Invalid("Only one of `max_timestamp_millis` and `trace_ids` can be specified.");
        }

        if (uids.Count > 0 && most is not null)
        {
            throw MlflowError.Invalid("`max_traces` can't be specified if `trace_ids` is specified.");
        }

        if (most is <= 0)
        {
            throw MlflowError.Invalid($"`max_traces` must be a positive integer, received {most}.");
        }

        if (uids.Count > TraceStore.MaxAtOnce)
        {
            throw MlflowError.Invalid($"At most {TraceStore.MaxAtOnce} traces are deleted by their ids at once; {uids.Count} were named.");
        }

        // However many there are: no single transaction takes for ever, and a client that wants them all asks again.
        var deleted = await call.Get<TraceStore>().DeleteAsync(experiment.Id, until, (int)Math.Min(most ?? MaxDeleted, MaxDeleted), uids, call.Cancel);
        await call.WriteAsync(writer => writer.WriteNumber("traces_deleted", deleted));
    }

    private static async Task LinkAsync(MlflowCall call)
    {
        var uids = call.Fields.Texts("trace_ids");
        if (uids.Count == 0)
        {
            throw MlflowError.Missing("trace_ids");
        }

        var run = call.Fields.Required("run_id");
        if (uids.Count > MaxBatch)
        {
            throw MlflowError.Invalid($"Cannot link more than {MaxBatch} traces to a run in a single request. Provided {uids.Count} traces.");
        }

        var candidate = await call.WritableAsync(run);
        await call.Get<TraceStore>().LinkAsync(await call.Get<TraceStore>().FindManyAsync(call.ProjectId, uids, call.Cancel), candidate, call.Cancel);
        await call.DoneAsync();
    }

    /// <summary>The spans as a file for the interface; of a client that keeps them as a file itself, that file.</summary>
    private static async Task ArtifactAsync(MlflowCall call)
    {
        var trace = await call.TraceAsync(call.Fields.Text("request_id") is { Length: > 0 } uid ? uid : throw new MlflowError(400, "BAD_REQUEST", "Request must include the \"request_id\" query parameter."));
        if (!trace.KeepsSpans)
        {
            await ArtifactCalls.SendAsync(call, new ArtifactPlace(null, $"{await TraceFind.FolderAsync(call, trace)}/traces.json"));
            return;
        }

        var spans = await call.SpansAsync(trace, partly: true);
        var headers = call.Context.Response.Headers;
        headers.ContentDisposition = "attachment; filename=traces.json";
        headers.XContentTypeOptions = "nosniff";
        var text = PythonJson.Spaced(new JsonObject { ["spans"] = new JsonArray([.. spans!.Select(span => (JsonNode?)SpanJson.Dictionary(span))]) });
        call.Context.Response.ContentType = "text/plain; charset=utf-8";
        await call.Context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), call.Cancel);
    }

    /// <summary>Ids are the client's; they stand in addresses and texts, so they are made of few signs.</summary>
    private static string CheckUid(string uid) =>
        uid.Length <= Trace.MaxUid && uid.All(sign => char.IsAsciiLetterOrDigit(sign) || sign is '-' or '_')
            ? uid
            : throw MlflowError.Invalid($"Invalid value \"{uid[..Math.Min(uid.Length, Trace.MaxUid)]}\" for parameter 'trace_id' supplied: it has at most {Trace.MaxUid} letters, digits, dashes and underscores.");
}
