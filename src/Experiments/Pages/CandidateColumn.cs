using Squero.Verdicts;

namespace Squero.Experiments;

/// <summary>A column of a table of candidates: a param or a metric. Its text form is that of the filter language.</summary>
public sealed record CandidateColumn(bool IsMetric, string Name)
{
    private const int MaxColumns = 40;
    private const int DefaultOfEach = 6;

    public string Text => (IsMetric ? "metrics." : "params.") + Name;

    /// <summary>The column as a key of an order.</summary>
    public string SortKey => (IsMetric ? "metrics" : "params") + $".`{Name}`";

    /// <summary>Reads a choice such as <c>metrics.auc,params.lr</c>; what is neither is left out.</summary>
    public static IReadOnlyList<CandidateColumn> Parse(IEnumerable<string?> choices) =>
    [
        .. choices.SelectMany(choice => (choice ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(text => text.StartsWith("metrics.", StringComparison.Ordinal) ? new CandidateColumn(true, text["metrics.".Length..])
                : text.StartsWith("params.", StringComparison.Ordinal) ? new CandidateColumn(false, text["params.".Length..]) : null)
            .OfType<CandidateColumn>().Distinct().Take(MaxColumns),
    ];

    /// <summary>Without a choice: the params that differ (all of them when none does) and the metrics that most of the candidates have.</summary>
    public static IReadOnlyList<CandidateColumn> Usual(
        IEnumerable<IReadOnlyList<NamedText>> texts, IEnumerable<IReadOnlyList<LatestMetric>> metrics) =>
    [
        .. Telling([.. texts]).Take(DefaultOfEach).Select(name => new CandidateColumn(false, name)),
        .. Frequent(metrics.SelectMany(list => list.Select(metric => metric.Name))).OrderBy(MetricOrder.Rank).Take(DefaultOfEach).Select(name => new CandidateColumn(true, name)),
    ];

    private static List<string> Telling(IReadOnlyList<IReadOnlyList<NamedText>> texts)
    {
        var names = Frequent(texts.SelectMany(list => list.Select(param => param.Name))).ToList();
        var values = texts.SelectMany(list => list).GroupBy(param => param.Name, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (Kinds: group.Select(param => param.Value).Distinct(StringComparer.Ordinal).Count(), Of: group.Count()), StringComparer.Ordinal);
        var telling = names.Where(name => values[name].Kinds > 1 || values[name].Of < texts.Count).ToList();
        return telling.Count > 0 ? telling : names;
    }

    private static IEnumerable<string> Frequent(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal).Select(group => group.Key);
}
