namespace Squero.Pipelines;

/// <summary>Turns needs as written into names of jobs of this pipeline.</summary>
internal sealed class NeedPlan(PipelineDefinition definition, IReadOnlySet<string> present)
{
    private readonly JobNames names = JobNames.Of(definition.Jobs);

    /// <summary>Null keeps the order of stages. A missing need that is not optional is an error.</summary>
    public IReadOnlyList<PlannedNeed>? Resolve(JobDefinition job, IReadOnlyList<NeedDefinition>? needs)
    {
        if (needs is null)
        {
            return null;
        }

        var planned = new Dictionary<string, PlannedNeed>(StringComparer.Ordinal);
        foreach (var need in needs.Where(need => !need.External))
        {
            var targets = names.Find(need, job.Parallel);
            foreach (var target in targets.Where(target => present.Contains(target.Name)))
            {
                planned[target.Name] = new PlannedNeed(target.Name, need.Artifacts);
            }

            if (!need.Optional && (targets.Count == 0 || targets.Any(target => !present.Contains(target.Name))))
            {
                throw Missing(job, need);
            }
        }

        return [.. planned.Values];
    }

    private static DefinitionException Missing(JobDefinition job, NeedDefinition need) => DefinitionException.Because(
        ErrorCategory.NeedNotInPipeline,
        $"'{job.Name}' job needs '{need.Job}' job, but '{need.Job}' does not exist in the pipeline. This might be because of the only, except, or rules keywords. To need a job that sometimes does not exist in the pipeline, use needs:optional.",
        new Place(job.File, job.Line),
        job.Name,
        "needs");
}
