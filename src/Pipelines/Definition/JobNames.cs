namespace Squero.Pipelines;

/// <summary>Finds jobs by key (all parts of a parallel job) or by full name (one part).</summary>
internal sealed class JobNames
{
    private readonly Dictionary<string, List<JobDefinition>> byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JobDefinition> byName = new(StringComparer.Ordinal);

    public static JobNames Of(IReadOnlyList<JobDefinition> jobs)
    {
        var names = new JobNames();
        foreach (var job in jobs)
        {
            if (!names.byKey.TryGetValue(job.Key, out var parts))
            {
                names.byKey[job.Key] = parts = [];
            }

            parts.Add(job);
            names.byName[job.Name] = job;
        }

        return names;
    }

    /// <summary>Empty when there is no such job.</summary>
    public IReadOnlyList<JobDefinition> Find(string name) =>
        byKey.TryGetValue(name, out var parts) ? parts : byName.TryGetValue(name, out var one) ? [one] : [];

    /// <summary>The jobs a need means. Values such as <c>$[[ matrix.NAME ]]</c> are those of the needing job's own row.</summary>
    public IReadOnlyList<JobDefinition> Find(NeedDefinition need, ParallelPart? own)
    {
        var parts = Find(need.Job);
        if (need.Rows is null)
        {
            return parts;
        }

        var wanted = need.Rows.Select(row => row.Select(pair => Filled(pair, own)).ToList()).ToList();
        return [.. parts.Where(part => part.Parallel?.Matrix is { } row && wanted.Exists(one => one.SequenceEqual(row)))];
    }

    private static KeyValuePair<string, string> Filled(KeyValuePair<string, string> pair, ParallelPart? own)
    {
        if (own?.Matrix is not { } row || !pair.Value.StartsWith("$[[", StringComparison.Ordinal))
        {
            return pair;
        }

        var name = pair.Value.Replace("$[[", "", StringComparison.Ordinal).Replace("]]", "", StringComparison.Ordinal).Trim();
        var found = row.FirstOrDefault(value => name == $"matrix.{value.Key}");
        return found.Key is null ? pair : new(pair.Key, found.Value);
    }
}
