namespace Squero.Pipelines;

/// <summary>Lays the variables of the file over each other: top level, workflow rule, job, matrix row, matching rule.</summary>
internal sealed class MergedVariables(IReadOnlyList<YamlVariable> top, IReadOnlyList<YamlVariable> workflow)
{
    private readonly IReadOnlyList<YamlVariable> shared = Merge(top, workflow);

    /// <summary>All but those of the job's own matching rule.</summary>
    public IReadOnlyList<YamlVariable> For(JobDefinition job)
    {
        var inherited = job.InheritedVariables is { } names ? [.. shared.Where(variable => names.Contains(variable.Name, StringComparer.Ordinal))] : shared;
        var row = job.Parallel?.Matrix?.Select(pair => new YamlVariable(pair.Key, pair.Value)) ?? [];
        return Merge(inherited, [.. job.Variables, .. row]);
    }

    public static IReadOnlyList<YamlVariable> Merge(IReadOnlyList<YamlVariable> below, IReadOnlyList<YamlVariable> above)
    {
        if (above.Count == 0)
        {
            return below;
        }

        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var merged = new List<YamlVariable>(below.Count + above.Count);
        foreach (var variable in below.Concat(above))
        {
            if (places.TryGetValue(variable.Name, out var at))
            {
                merged[at] = variable;
            }
            else
            {
                places[variable.Name] = merged.Count;
                merged.Add(variable);
            }
        }

        return merged;
    }
}
