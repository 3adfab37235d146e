namespace Squero.Pipelines;

/// <summary>Reads <c>needs</c>: names, or maps with job, artifacts, optional and matrix rows.</summary>
internal static class NeedReader
{
    public const int MaxNeeds = 50;
    private static readonly string[] Keys = ["job", "artifacts", "optional", "parallel", "pipeline", "project", "ref"];

    public static IReadOnlyList<NeedDefinition> Read(Field field)
    {
        var items = field.Items();
        if (items.Count > MaxNeeds)
        {
            field.Fail($"`needs` names {items.Count} jobs, but at most {MaxNeeds} are allowed.");
            return [];
        }

        var needs = new List<NeedDefinition>();
        foreach (var item in items)
        {
            if (One(field.With(item)) is { } need)
            {
                needs.Add(need);
            }
        }

        foreach (var twice in needs.Where(need => !need.External).GroupBy(need => (need.Job, Rows: RowsText(need.Rows))).Where(group => group.Count() > 1))
        {
            field.Fail($"needs the job {twice.Key.Job} more than once: the need is duplicated.", ErrorCategory.DuplicateNeed);
        }

        return needs;
    }

    private static NeedDefinition? One(Field one)
    {
        if (!one.IsMap)
        {
            return one.Text() is { Length: > 0 } name ? new NeedDefinition(name) : null;
        }

        one.Map(Keys);
        var artifacts = one["artifacts"].Truth() ?? true;
        if (one["pipeline"].IsGiven || one["project"].IsGiven)
        {
            return new NeedDefinition(one["job"].Text() ?? "", artifacts, External: true);
        }

        if (one["job"].Text() is not { Length: > 0 } job)
        {
            one.Fail("one of `needs` does not name its `job`.");
            return null;
        }

        var rows = one["parallel"].IsGiven ? MatrixReader.Rows(one["parallel"]["matrix"]) : null;
        return new NeedDefinition(job, artifacts, one["optional"].Truth() ?? false, rows);
    }

    private static string RowsText(IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>>? rows) =>
        rows is null ? "" : string.Join('\n', rows.Select(row => string.Join('\t', row.Select(pair => $"{pair.Key}={pair.Value}"))));
}
