namespace Squero.Pipelines;

/// <summary>Shows what a plan came to, for people.</summary>
internal static class PlanText
{
    public static void Write(PlanOutcome outcome, string fileName, TextWriter output)
    {
        switch (outcome)
        {
            case PlanOutcome.InvalidDefinition invalid:
                output.WriteLine($"{fileName} has {Count(invalid.Errors.Count, "mistake")}:");
                foreach (var error in invalid.Errors)
                {
                    output.WriteLine($"  {error}");
                }

                break;
            case PlanOutcome.NoPipeline none:
                output.WriteLine($"{fileName} is valid. {none.Sentence}");
                break;
            case PlanOutcome.Planned planned:
                output.WriteLine($"{fileName} is valid and makes {Count(planned.Pipeline.Jobs.Count, "job")}{(planned.Pipeline.Name is { } name ? $" ({name})" : "")}:");
                Write(planned.Pipeline, output);
                break;
        }
    }

    private static void Write(PlannedPipeline pipeline, TextWriter output)
    {
        foreach (var stage in pipeline.Stages)
        {
            output.WriteLine($"  {stage}");
            foreach (var job in pipeline.Jobs.Where(job => job.Stage == stage))
            {
                output.WriteLine($"    {job.Name}{Notes(job)}");
            }
        }

        foreach (var warning in pipeline.Warnings)
        {
            output.WriteLine($"  Warning: {warning}");
        }
    }

    private static string Notes(PlannedJob job)
    {
        var notes = new List<string>();
        if (job.When != JobWhen.OnSuccess)
        {
            notes.Add(job.When.ToWord());
        }

        if (job.AllowFailure)
        {
            notes.Add("may fail");
        }

        if (job.Needs is { } needs)
        {
            notes.Add(needs.Count == 0 ? "starts at once" : $"needs {string.Join(", ", needs.Select(need => need.Job))}");
        }

        if (job.Tags.Count > 0)
        {
            notes.Add($"tags {string.Join(", ", job.Tags)}");
        }

        return notes.Count == 0 ? "" : $"  ({string.Join("; ", notes)})";
    }

    private static string Count(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";
}
