namespace Squero.Pipelines;

/// <summary>What must hold between jobs: stages, needs, dependencies, on_stop.</summary>
internal sealed class DefinitionChecks
{
    private readonly PipelineDefinition definition;
    private readonly Findings findings;
    private readonly JobNames names;
    private readonly Dictionary<string, int> stages;

    private DefinitionChecks(PipelineDefinition definition, Findings findings)
    {
        this.definition = definition;
        this.findings = findings;
        names = JobNames.Of(definition.Jobs);
        stages = definition.Stages.Select((stage, at) => (stage, at)).ToDictionary(pair => pair.stage, pair => pair.at, StringComparer.Ordinal);
    }

    public static void Run(PipelineDefinition definition, Findings findings)
    {
        var checks = new DefinitionChecks(definition, findings);
        foreach (var job in definition.Jobs.DistinctBy(job => job.Key))
        {
            checks.Check(job);
        }

        if (findings.Errors.Count == 0)
        {
            checks.FindCircle();
        }
    }

    private void Check(JobDefinition job)
    {
        if (!stages.ContainsKey(job.Stage))
        {
            Fail(job, "stage", ErrorCategory.UnknownStage, $"chosen stage `{Field.Cut(job.Stage)}` does not exist; available stages are {string.Join(", ", definition.Stages)}.");
            return;
        }

        foreach (var need in job.Needs ?? [])
        {
            CheckNeed(job, need);
        }

        foreach (var need in (job.Rules ?? []).SelectMany(rule => rule.Needs ?? []))
        {
            CheckNeed(job, need);
        }

        CheckDependencies(job);
        CheckOnStop(job);
    }

    private void CheckNeed(JobDefinition job, NeedDefinition need)
    {
        if (need.External)
        {
            return;
        }

        var targets = names.Find(need.Job);
        if (targets.Count == 0 && !need.Optional)
        {
            Fail(job, "needs", ErrorCategory.UnknownNeed, $"undefined need: {Field.Cut(need.Job)}.");
        }
        else if (targets.Count > 0 && need.Job.Length > 128)
        {
            Fail(job, "needs", ErrorCategory.InvalidName, $"needs {Field.Cut(need.Job)}, whose name has more than 128 characters.");
        }
        else if (targets.Count > 0 && IsLater(targets[0], job))
        {
            Fail(job, "needs", ErrorCategory.NeedLaterStage, $"need {need.Job} is not defined in current or prior stages.");
        }
        else if (targets.Count > 0 && need.Rows is not null && !need.Optional && job.Parallel is null && names.Find(need, null).Count == 0)
        {
            Fail(job, "needs", ErrorCategory.UnknownNeed, $"undefined need: no part of {need.Job} has the matrix values that are asked for.");
        }
    }

    private void CheckDependencies(JobDefinition job)
    {
        foreach (var name in job.Dependencies ?? [])
        {
            var targets = names.Find(name);
            if (targets.Count == 0)
            {
                Fail(job, "dependencies", ErrorCategory.UnknownDependency, $"undefined dependency: {Field.Cut(name)}.");
            }
            else if (IsLater(targets[0], job))
            {
                Fail(job, "dependencies", ErrorCategory.DependencyLaterStage, $"dependency {name} is not defined in current or prior stages.");
            }
            else if (job.Needs is { } needs && !needs.Any(need => need.Job == name || targets.Any(target => target.Key == need.Job)))
            {
                Fail(job, "dependencies", ErrorCategory.UnknownDependency, $"dependency {name}: the {name} should be part of needs.");
            }
        }
    }

    private void CheckOnStop(JobDefinition job)
    {
        if (job.Environment?.OnStop is not { } name)
        {
            return;
        }

        var sentence = names.Find(name) switch
        {
            [] => $"on_stop job {name} is not defined.",
            [{ Environment: null }, ..] => $"on_stop job {name} does not have environment defined.",
            [var stop, ..] when stop.Environment!.Name != job.Environment.Name => $"on_stop job {name} have different environment name ({stop.Environment.Name}).",
            [var stop, ..] when stop.Environment!.Action != "stop" => $"on_stop job {name} needs to have action stop defined.",
            _ => null,
        };
        if (sentence is not null)
        {
            Fail(job, "environment", ErrorCategory.InvalidOnStop, sentence);
        }
    }

    private bool IsLater(JobDefinition target, JobDefinition job) =>
        stages.TryGetValue(target.Stage, out var place) && place > stages[job.Stage];

    private void FindCircle()
    {
        var finished = new HashSet<string>(StringComparer.Ordinal);
        foreach (var start in definition.Jobs)
        {
            if (CircleFrom(start.Key, finished) is { } circle)
            {
                var job = names.Find(circle[0])[0];
                Fail(job, "needs", ErrorCategory.CircularNeeds, $"the needs are circular: {string.Join(" → ", circle)}.");
                return;
            }
        }
    }

    // Depth first with a stack of its own: a chain of needs may be as long as the file.
    private List<string>? CircleFrom(string start, HashSet<string> finished)
    {
        var path = new List<string>();
        var rest = new Stack<IEnumerator<string>>();
        if (!Enter(start))
        {
            return null;
        }

        while (rest.Count > 0)
        {
            if (!rest.Peek().MoveNext())
            {
                rest.Pop();
                finished.Add(path[^1]);
                path.RemoveAt(path.Count - 1);
                continue;
            }

            var next = rest.Peek().Current;
            if (path.IndexOf(next) is >= 0 and var at)
            {
                return [.. path.Skip(at), next];
            }

            Enter(next);
        }

        return null;

        bool Enter(string key)
        {
            if (finished.Contains(key))
            {
                return false;
            }

            path.Add(key);
            rest.Push(NeededKeys(key).GetEnumerator());
            return true;
        }
    }

    private IEnumerable<string> NeededKeys(string key) =>
        (names.Find(key)[0].Needs ?? []).Where(need => !need.External)
            .Select(need => names.Find(need.Job)).Where(found => found.Count > 0).Select(found => found[0].Key);

    private void Fail(JobDefinition job, string keyword, string category, string sentence) =>
        findings.Add(new DefinitionError(category, $"{job.Key}: {sentence}", job.Key, keyword, job.Line, job.File));
}
