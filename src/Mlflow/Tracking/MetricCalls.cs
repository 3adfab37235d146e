using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>runs/log-metric and runs/log-batch.</summary>
internal static class MetricCalls
{
    public static async Task LogMetricAsync(MlflowCall call)
    {
        Fields.CheckContentType(call.Context.Request);
        var metric = await LogBody.ReadAsync(call, LogReader.Metric);
        var uid = string.IsNullOrEmpty(metric.RunId) ? throw MlflowError.Missing("run_id") : metric.RunId;
        var point = metric.Check(new RecurringNames());
        var candidate = await call.WritableAsync(uid);
        if (metric.IsOfModel)
        {
            await LoggedModelMetrics.LogAsync(call, candidate, [(metric, point)]);
        }

        await call.Get<CandidateLog>().WriteAsync(LogEntry.OfPoint(candidate, point), call.Cancel);
        await call.DoneAsync();
    }

    public static async Task LogBatchAsync(MlflowCall call)
    {
        Fields.CheckContentType(call.Context.Request);
        var batch = await LogBody.ReadAsync(call, LogReader.Batch);
        var uid = string.IsNullOrEmpty(batch.RunId) ? throw MlflowError.Missing("run_id") : batch.RunId;
        var points = batch.Metrics.Points();
        CheckSizes(batch);
        var texts = batch.Params.ConvertAll(param => Names.Param(param.Key, param.Value, "params[0].key"));
        var tags = batch.Tags.ConvertAll(tag => Names.Tag(tag.Key, tag.Value, "tags[0].key"));
        CheckDuplicates(texts);
        var candidate = await call.WritableAsync(uid);
        if (batch.Metrics.OfModels is { Count: > 0 } measured)
        {
            await LoggedModelMetrics.LogAsync(call, candidate, measured);
        }

        if (await call.Get<CandidateLog>().WriteAsync(new LogEntry(candidate, texts, points, tags), call.Cancel) is LogOutcome.ParamsDiffer differ)
        {
            var list = string.Join(", ", differ.Params.Select(param => $"{{'key': '{param.Name}', 'old_value': '{param.Old}', 'new_value': '{param.New}'}}"));
            throw MlflowError.Invalid($"Changing param values is not allowed. Params were already logged='[{list}]' for run ID='{uid}'.");
        }

        await LogCalls.RenameByTagAsync(call, candidate, tags);
        await call.DoneAsync();
    }

    private static void CheckSizes(LoggedBatch batch)
    {
        CheckSize(batch.Metrics.Count, Names.MaxBatch, "metrics");
        CheckSize(batch.Params.Count, Names.MaxBatchTexts, "params");
        CheckSize(batch.Tags.Count, Names.MaxBatchTexts, "tags");
        CheckSize(batch.Metrics.Count + batch.Params.Count + batch.Tags.Count, Names.MaxBatch, "metrics, params, and tags");
    }

    private static void CheckSize(int count, int limit, string what)
    {
        if (count > limit)
        {
            throw MlflowError.Invalid(
                $"A batch logging request can contain at most {limit} {what}. Got {count} {what}. Please split up {what} across multiple requests and try again.");
        }
    }

    private static void CheckDuplicates(List<NamedText> texts)
    {
        var twice = texts.GroupBy(param => param.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => $"'{group.Key}'").ToList();
        if (twice.Count > 0)
        {
            throw MlflowError.Invalid(
                $"Duplicate parameter keys have been submitted: [{string.Join(", ", twice)}]. Please ensure the request contains only one param value per param key.");
        }
    }
}
