using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Mlflow;

/// <summary>traces/{trace}/assessments.</summary>
internal static class AssessmentCalls
{
    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "traces/{trace}/assessments", CreateAsync);
        routes.Read("GET", "traces/{trace}/assessments/{assessment}", GetAsync);
        routes.Write("PATCH", "traces/{trace}/assessments/{assessment}", UpdateAsync);
        routes.Write("DELETE", "traces/{trace}/assessments/{assessment}", DeleteAsync);
    }

    private static async Task CreateAsync(MlflowCall call)
    {
        var given = AssessmentJson.Read(call, call.Fields.Object("assessment") ?? throw MlflowError.Missing("assessment"));
        var trace = await call.WritableTraceAsync();
        var assessment = given with { TraceId = trace.Id };
        if (!await call.Get<AssessmentStore>().AddAsync(assessment, call.Cancel))
        {
            throw MlflowError.NotFound($"Assessment with ID '{assessment.Overrides}' not found for trace '{trace.Uid}'");
        }

        await AnswerAsync(call, assessment, trace);
    }

    private static async Task GetAsync(MlflowCall call)
    {
        var trace = await call.TraceAsync();
        await AnswerAsync(call, await FindAsync(call, trace) ?? throw Missing(call, trace), trace);
    }

    private static async Task UpdateAsync(MlflowCall call)
    {
        var fields = call.Fields.Object("assessment") ?? throw MlflowError.Missing("assessment");
        var mask = call.Fields.Required("update_mask").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var trace = await call.WritableTraceAsync();
        var known = await FindAsync(call, trace) ?? throw Missing(call, trace);
        var updated = AssessmentJson.Update(known, fields, mask.Take(20), call.Get<TimeProvider>().NowMicros() / 1000);
        await call.Get<AssessmentStore>().UpdateAsync(updated, call.Cancel);
        await AnswerAsync(call, updated, trace);
    }

    /// <summary>Deleting what is not there changes nothing.</summary>
    private static async Task DeleteAsync(MlflowCall call)
    {
        if (call.Access.Caller.Job is not null)
        {
            throw MlflowError.Denied("A job may not delete assessments.");
        }

        if (await FindAsync(call, await call.TraceAsync()) is { } assessment)
        {
            await call.Get<AssessmentStore>().DeleteAsync(assessment, call.Cancel);
        }

        await call.DoneAsync();
    }

    private static Task<Assessment?> FindAsync(MlflowCall call, Trace trace) => call.Get<AssessmentStore>().FindAsync(trace, Uid(call), call.Cancel);

    private static string Uid(MlflowCall call) => (string)call.Context.Request.RouteValues["assessment"]!;

    private static MlflowError Missing(MlflowCall call, Trace trace) => MlflowError.NotFound($"Assessment with ID '{Uid(call)}' not found for trace '{trace.Uid}'");

    private static Task AnswerAsync(MlflowCall call, Assessment assessment, Trace trace) =>
        call.WriteAsync(writer =>
        {
            writer.WritePropertyName("assessment");
            AssessmentJson.Write(writer, assessment, trace.Uid);
        });
}
