namespace Squero.Pipelines;

/// <summary>Reads <c>parallel</c> and the rows of a <c>matrix</c>.</summary>
internal static class MatrixReader
{
    public const int MaxParts = 200;
    public const int MaxVariables = 50;

    /// <summary>Null: the job is not parallel.</summary>
    public static IReadOnlyList<ParallelPart>? Read(Field field)
    {
        if (!field.IsGiven)
        {
            return null;
        }

        if (!field.IsMap)
        {
            var total = field.Whole(1, MaxParts, ErrorCategory.InvalidParallel);
            return total is null ? null : [.. Enumerable.Range(1, total.Value).Select(index => new ParallelPart(index, total.Value, null))];
        }

        field.Map(["matrix"]);
        if (!field["matrix"].IsGiven)
        {
            field.Fail("`parallel` must be a number from 1 to 200 or have a `matrix`.", ErrorCategory.InvalidParallel);
            return null;
        }

        var rows = Rows(field["matrix"]);
        return rows.Count == 0 ? null : [.. rows.Select((row, at) => new ParallelPart(at + 1, rows.Count, row))];
    }

    /// <summary>The rows of all entries, one after the other; empty when it is wrong (reported).</summary>
    public static IReadOnlyList<IReadOnlyList<KeyValuePair<string, string>>> Rows(Field field)
    {
        if (!field.IsList || field.Items() is not { Count: > 0 } entries)
        {
            field.Fail("`parallel:matrix` must be a list of maps from variables to values.", ErrorCategory.InvalidParallel);
            return [];
        }

        var rows = new List<IReadOnlyList<KeyValuePair<string, string>>>();
        foreach (var entry in entries)
        {
            if (Columns(field.With(entry)) is not { } columns)
            {
                return [];
            }

            var count = columns.Aggregate(1L, (product, column) => Math.Min(product * column.Values.Count, int.MaxValue));
            if (rows.Count + count > MaxParts)
            {
                field.Fail($"`parallel:matrix` makes more than {MaxParts} jobs.", ErrorCategory.InvalidParallel);
                return [];
            }

            rows.AddRange(Product(columns, (int)count));
        }

        return rows;
    }

    private static List<(string Name, IReadOnlyList<string> Values)>? Columns(Field entry)
    {
        if (entry.Node is not CiMap { Entries.Length: > 0 } map)
        {
            entry.Fail($"an entry of `parallel:matrix` must be a map from variables to values, but one is {entry.Node?.Kind}.", ErrorCategory.InvalidParallel);
            return null;
        }

        if (map.Entries.Length > MaxVariables)
        {
            entry.Fail($"an entry of `parallel:matrix` has more than {MaxVariables} variables.", ErrorCategory.InvalidParallel);
            return null;
        }

        var columns = new List<(string, IReadOnlyList<string>)>();
        foreach (var (name, value) in map.Entries)
        {
            var values = entry.With(value).Named($"parallel:matrix:{name}").Texts();
            if (values.Count == 0)
            {
                entry.With(value).Fail($"`parallel:matrix` gives no value for `{Field.Cut(name)}`.", ErrorCategory.InvalidParallel);
                return null;
            }

            columns.Add((name, values));
        }

        return columns;
    }

    // The last variable changes fastest.
    private static IEnumerable<IReadOnlyList<KeyValuePair<string, string>>> Product(
        List<(string Name, IReadOnlyList<string> Values)> columns, int count)
    {
        for (var row = 0; row < count; row++)
        {
            var pairs = new KeyValuePair<string, string>[columns.Count];
            var rest = row;
            for (var at = columns.Count - 1; at >= 0; at--)
            {
                var (name, values) = columns[at];
                pairs[at] = new(name, values[rest % values.Count]);
                rest /= values.Count;
            }

            yield return pairs;
        }
    }
}
