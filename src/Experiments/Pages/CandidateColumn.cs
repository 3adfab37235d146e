using Squero.Verdicts;

namespace Squero.Experiments;

/// <summary>What a column of a table of candidates shows.</summary>
public enum ColumnKind
{
    Param,
    Metric,
    Tag,
}

/// <summary>A column of a table of candidates: a param, a metric or a tag. Its text form is that of the filter language.</summary>
public sealed record CandidateColumn(ColumnKind Kind, string Name)
{
    public const int MaxColumns = 60;
    private const int DefaultOfEach = 6;
    private static readonly (string Prefix, ColumnKind Kind)[] Prefixes =
        [("metrics.", ColumnKind.Metric), ("params.", ColumnKind.Param), ("tags.", ColumnKind.Tag)];

    public bool IsMetric => Kind == ColumnKind.Metric;

    public string Text => Prefixes.First(pair => pair.Kind == Kind).Prefix + Name;

    /// <summary>The column as a key of an order; null when no quotes can hold its name.</summary>
    public string? SortKey =>
        (Name.Contains('`', StringComparison.Ordinal), Name.Contains('"', StringComparison.Ordinal)) switch
        {
            (false, _) => $"{Text[..^Name.Length]}`{Name}`",
            (_, false) => $"{Text[..^Name.Length]}\"{Name}\"",
            _ => null,
        };

    public static CandidateColumn Metric(string name) => new(ColumnKind.Metric, name);

    public static CandidateColumn Param(string name) => new(ColumnKind.Param, name);

    /// <summary>Reads choices such as <c>metrics.auc</c>; what is no column is left out, as are more than <see cref="MaxColumns"/>.</summary>
    public static IReadOnlyList<CandidateColumn> Parse(IEnumerable<string?> choices) =>
        [.. choices.Select(choice => Read(choice ?? "")).OfType<CandidateColumn>().Distinct().Take(MaxColumns)];

    /// <summary>Without a choice: the params that differ (all of them when none does) and the metrics that most of the candidates have.</summary>
    public static IReadOnlyList<CandidateColumn> Usual(
        IEnumerable<IReadOnlyList<NamedText>> texts, IEnumerable<IReadOnlyList<string>> metrics) =>
    [
        .. Telling([.. texts]).Take(DefaultOfEach).Select(Param),
        .. Judging([.. Frequent(metrics.SelectMany(list => list))]).OrderBy(MetricOrder.Rank).Take(DefaultOfEach).Select(Metric),
    ];

    private static CandidateColumn? Read(string text) =>
        Prefixes.Where(pair => text.Length > pair.Prefix.Length && text.StartsWith(pair.Prefix, StringComparison.Ordinal))
            .Select(pair => new CandidateColumn(pair.Kind, text[pair.Prefix.Length..])).FirstOrDefault();

    private static List<string> Telling(IReadOnlyList<IReadOnlyList<NamedText>> texts)
    {
        var names = Frequent(texts.SelectMany(list => list.Select(param => param.Name))).ToList();
        var values = texts.SelectMany(list => list).GroupBy(param => param.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (Kinds: group.Select(param => param.Value).Distinct(StringComparer.Ordinal).Count(), Of: group.Count()), StringComparer.Ordinal);
        var telling = names.Where(name => values[name].Kinds > 1 || values[name].Of < texts.Count).ToList();
        return telling.Count > 0 ? telling : names;
    }

    /// <summary>What the machine did is looked at on its own, unless there is nothing else.</summary>
    private static List<string> Judging(List<string> metrics) =>
        metrics.Exists(name => !IsOfMachine(name)) ? metrics.FindAll(name => !IsOfMachine(name)) : metrics;

    internal static bool IsOfMachine(string metric) => metric.StartsWith("system/", StringComparison.Ordinal);

    private static IEnumerable<string> Frequent(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key);
}
