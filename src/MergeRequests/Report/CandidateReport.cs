using Squero.Experiments;
using Squero.Verdicts;

namespace Squero.MergeRequests;

/// <summary>One candidate with what a reviewer compares.</summary>
public sealed record ReportRow(
    Candidate Candidate, IReadOnlyDictionary<string, string> Params, IReadOnlyDictionary<string, double> Metrics, int? Version)
{
    public double? Metric(string? name) => name is not null && Metrics.TryGetValue(name, out var value) ? value : null;

    public bool IsFinished => Candidate.Status == CandidateStatus.Finished;
}

/// <summary>Candidates of the target branch to compare with: those of its newest finished pipeline.</summary>
public sealed record ReportBaseline(string Sha, long? PipelineId, string Branch, bool IsHead, IReadOnlyList<ReportRow> Rows);

/// <summary>
/// What a merge request's candidates say beside those of its target branch. One metric leads; the comparison is plain:
/// best beside best, of single attempts whose noise nobody knows.
/// </summary>
public sealed record CandidateReport(IReadOnlyList<ReportRow> Rows, ReportBaseline? Baseline, string? Metric, IReadOnlyList<string> Metrics)
{
    public const string PreferredMetric = "auc";

    public static CandidateReport Empty { get; } = new([], null, null, []);

    public bool LowerIsBetter => Metric is not null && IsLowerBetter(Metric);

    public IEnumerable<ReportRow> Finished => Rows.Where(row => row.IsFinished);

    /// <summary>The best of the change beside the best of the baseline; null when a side has no finite value.</summary>
    public Comparison? Comparison =>
        Best?.Metric(Metric) is { } mine && BaselineBest(Metric!) is { } theirs ? Judge(mine, theirs, Metric!) : null;

    /// <summary>The newest version that has candidates: older ones are shown, but speak for what was replaced.</summary>
    public IEnumerable<ReportRow> CurrentRows
    {
        get
        {
            var newest = Finished.Max(row => row.Version);
            return Finished.Where(row => row.Version == newest);
        }
    }

    public ReportRow? Best =>
        CurrentRows.Where(row => row.Metric(Metric) is { } value && double.IsFinite(value))
            .OrderBy(row => LowerIsBetter ? row.Metric(Metric) : -row.Metric(Metric)).ThenBy(row => row.Candidate.Iid).FirstOrDefault();

    /// <summary>How many of the newest candidates finished with NaN or an infinity as the leading metric.</summary>
    public int NotNumbers => CurrentRows.Count(row => row.Metric(Metric) is { } value && !double.IsFinite(value));

    public double? BaselineBest(string metric)
    {
        var values = (Baseline?.Rows ?? []).Where(row => row.IsFinished).Select(row => row.Metric(metric) ?? double.NaN).Where(double.IsFinite).ToList();
        return values.Count == 0 ? null : IsLowerBetter(metric) ? values.Min() : values.Max();
    }

    /// <summary>How a row stands to the baseline's best.</summary>
    public Comparison? Against(ReportRow row, string metric) =>
        row.Metric(metric) is { } value && BaselineBest(metric) is { } best ? Judge(value, best, metric) : null;

    /// <summary>Params that are not the same everywhere, in order of name.</summary>
    public IReadOnlyList<string> VaryingParams =>
        [.. Rows.SelectMany(row => row.Params.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Where(name => Rows.Select(row => row.Params.GetValueOrDefault(name)).Distinct(StringComparer.Ordinal).Count() > 1)];

    private static bool IsLowerBetter(string metric) => MetricDirections.Guess(metric) == MetricDirection.LowerIsBetter;

    private static Comparison Judge(double value, double baseline, string metric) =>
        Verdicts.Comparison.Between(value, baseline, MetricDirections.Guess(metric));
}
