using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>Says what a job waits for.</summary>
internal sealed class JobWaits(PipelineStore pipelines, RunnerStore runners)
{
    /// <summary>Null when it does not wait.</summary>
    public async Task<string?> SentenceAsync(Job job, CancellationToken cancel) => job.Status switch
    {
        JobStatus.Pending => await ForRunnerAsync(job, cancel),
        JobStatus.Created => await ForOthersAsync(job, cancel),
        JobStatus.WaitingForResource => "It waits for another job of its resource group to end.",
        JobStatus.Manual => "It waits for somebody to start it.",
        JobStatus.Scheduled => "It starts later, when its delay is over.",
        JobStatus.Canceling => "It is being canceled: the runner ends its script.",
        _ => null,
    };

    private async Task<string> ForRunnerAsync(Job job, CancellationToken cancel)
    {
        var tags = PlannedJobJson.Read(job.Plan).Tags;
        var page = await runners.ListAsync(new PageRequest(1, PageRequest.MaxSize), job.ProjectId, null, cancel);
        if (page.Rows.Any(runner => runner.Fits(tags, refProtected: true)))
        {
            return "It waits for a free runner.";
        }

        return tags.Count == 0
            ? "It waits for a runner: there is none that takes jobs without tags."
            : $"It waits for a runner: there is no runner with the {(tags.Count == 1 ? "tag" : "tags")} {string.Join(", ", tags)}.";
    }

    private async Task<string> ForOthersAsync(Job job, CancellationToken cancel)
    {
        var needs = PlannedJobJson.Read(job.Plan).Needs;
        var open = (await pipelines.JobsAsync(job.PipelineId, false, cancel)).Where(other => !other.Status.IsFinished() && other.Id != job.Id).ToArray();
        var before = needs is null
            ? open.Where(other => other.StageIndex < job.StageIndex).Select(other => other.Stage).Distinct().ToArray()
            : open.Where(other => needs.Any(need => need.Job == other.Name)).Select(other => other.Name).ToArray();
        return before.Length == 0 ? "It is about to start."
            : needs is null ? $"It waits for the {(before.Length == 1 ? "stage" : "stages")} {string.Join(", ", before)}."
            : $"It waits for {string.Join(", ", before.Take(5))}{(before.Length > 5 ? $" and {before.Length - 5} more" : "")}.";
    }
}
