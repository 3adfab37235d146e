using System.Security.Cryptography;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>traces/* in the second version, for clients before MLflow 3: they begin and end a trace, and keep its spans as a file.</summary>
internal static class TraceV2Calls
{
    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "traces", StartAsync);
        routes.Write("PATCH", "traces/{trace}", EndAsync);
        routes.Read("GET", "traces/{trace}/info", async call => await AnswerAsync(call, await call.TraceAsync()));
        routes.Read("GET", "traces", SearchAsync);
    }

    private static async Task StartAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var experiment = await call.ExperimentAsync(fields.RequiredId("experiment_id"));
        ExperimentCalls.CheckActive(experiment);
        var uid = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var trace = new Trace
        {
            Uid = uid,
            ProjectId = call.ProjectId,
            ExperimentId = experiment.Id,
            StartedMs = fields.Long("timestamp_ms") is { } ms ? Math.Max(0, ms) : throw MlflowError.Missing("timestamp_ms"),
            State = TraceState.InProgress,
            PipelineId = call.Access.Caller.Job?.PipelineId,
            Tags = [.. Notes(fields, "tags"), TraceWords.LocationTag(experiment.Iid, uid)],
            Metadata = Notes(fields, "request_metadata"),
        };
        await AnswerAsync(call, await call.Get<TraceStore>().StartAsync(trace, [], call.Cancel));
    }

    private static async Task EndAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var trace = await call.WritableTraceAsync();
        var ended = fields.Long("timestamp_ms") ?? throw MlflowError.Missing("timestamp_ms");
        var state = fields.Word("status", TraceWords.State) ?? throw MlflowError.Missing("status");
        await AnswerAsync(
            call,
            await call.Get<TraceStore>().EndAsync(
                trace, state, Math.Max(0, Math.Max(0, ended) - trace.StartedMs), Notes(fields, "tags"), Notes(fields, "request_metadata"), call.Cancel));
    }

    private static async Task SearchAsync(MlflowCall call)
    {
        var ids = call.Fields.Texts("experiment_ids");
        if (ids.Count == 0)
        {
            throw MlflowError.Missing("experiment_ids");
        }

        var (traces, next) = await TraceCalls.FindAsync(call, ids);
        var json = await TraceJson.LoadAsync(call, traces);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "traces", traces, trace => json.WriteOld(writer, trace));
            if (next is not null)
            {
                writer.WriteString("next_page_token", next);
            }
        });
    }

    private static IReadOnlyList<NamedText> Notes(Fields fields, string name) =>
        TraceWords.Notes(fields.Objects(name).Select(note => new NamedText(note.Required("key"), note.Text("value") ?? "")));

    private static async Task AnswerAsync(MlflowCall call, Trace trace)
    {
        var json = await TraceJson.LoadAsync(call, [trace]);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("trace_info");
            json.WriteOld(writer, trace);
        });
    }
}
