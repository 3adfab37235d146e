using Squero.Ui;

namespace Squero.Experiments;

/// <summary>What the charts of a comparison show, as the design system draws it.</summary>
internal sealed class ComparePlots(CompareSet set, CellGrid cells, Func<Candidate, string> hrefOf)
{
    private const int MaxBoxes = 20;
    private readonly Dictionary<long, int> seriesOf = set.Groups
        .SelectMany((group, index) => group.Candidates.Select(candidate => (candidate.Id, Series: (index % 8) + 1))).ToDictionary(pair => pair.Id, pair => pair.Series);

    /// <summary>A value as text; metrics with every digit.</summary>
    public string? Value(Candidate candidate, CandidateColumn column) =>
        column.IsMetric
            ? cells.Number(candidate.Id, column.Name) is { } number && double.IsFinite(number) ? MetricText.Full(number) : null
            : set.Param(candidate, column.Name);

    public PlotAxis Axis(CandidateColumn column) => PlotAxis.Of(column.Name, [.. set.Candidates.Select(candidate => Value(candidate, column))]);

    public IReadOnlyList<PlotPoint> Points(CandidateColumn x, PlotAxis across, CandidateColumn y, PlotAxis up, CandidateColumn? z = null) =>
    [
        .. from candidate in set.Candidates
           let left = across.ShareOf(Value(candidate, x))
           let height = up.ShareOf(Value(candidate, y))
           where left is not null && height is not null
           select new PlotPoint(left.Value, height.Value, Title(candidate, z is null ? [x, y] : [x, y, z]), hrefOf(candidate), seriesOf[candidate.Id]),
    ];

    public (IReadOnlyList<PlotCell> Cells, IReadOnlyList<string> Levels) Map(CandidateColumn x, PlotAxis across, CandidateColumn y, PlotAxis up, string metric)
    {
        var places = from candidate in set.Candidates
                     let left = across.ShareOf(Value(candidate, x))
                     let height = up.ShareOf(Value(candidate, y))
                     let value = cells.Number(candidate.Id, metric)
                     where left is not null && height is not null && value is not null && double.IsFinite(value.Value)
                     select (left.Value, height.Value, value.Value);
        var (map, edges) = ContourMap.Of([.. places]);
        return (map, [.. edges.Zip(edges.Skip(1), (low, high) => $"{MetricText.Format(low)} to {MetricText.Format(high)}")]);
    }

    /// <summary>A box for each value of a param, the most frequent ones; in the order of the axis.</summary>
    public (PlotAxis X, IReadOnlyList<PlotBox> Boxes, int LeftOut) Boxes(string param, string metric, PlotAxis up)
    {
        var groups = set.Candidates.Where(candidate => cells.Number(candidate.Id, metric) is { } value && double.IsFinite(value))
            .GroupBy(candidate => set.Param(candidate, param) ?? "—", StringComparer.Ordinal).ToList();
        var order = PlotAxis.Of(param, [.. groups.Select(group => group.Key)]);
        var shown = groups.OrderByDescending(group => group.Count()).Take(MaxBoxes)
            .OrderBy(group => order.ShareOf(group.Key) ?? 2).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        var boxes = shown.Select((group, index) => Box(group.Key, [.. group], metric, up, (index + 0.5) / shown.Count)).ToList();
        return (PlotAxis.Words(param, [.. shown.Select(group => group.Key)]), boxes, groups.Count - shown.Count);
    }

    public IReadOnlyList<PlotLine> Lines(IReadOnlyList<CandidateColumn> columns, IReadOnlyList<PlotAxis> axes) =>
    [
        .. set.Candidates.Select(candidate => new PlotLine(
            $"{candidate.Iid}", [.. columns.Select((column, index) => axes[index].ShareOf(Value(candidate, column)))], Title(candidate, columns), hrefOf(candidate), seriesOf[candidate.Id])),
    ];

    private PlotBox Box(string name, IReadOnlyList<Candidate> members, string metric, PlotAxis up, double at)
    {
        double Number(Candidate candidate) => cells.Number(candidate.Id, metric)!.Value;
        double Share(double value) => up.ShareOf(value) ?? 0;
        var numbers = BoxNumbers.Of(members.Select(Number));
        var outside = members.Where(candidate => numbers.Outside.Contains(Number(candidate)))
            .Select(candidate => new PlotPoint(at, Share(Number(candidate)), $"{candidate.Label}: {MetricText.Format(Number(candidate))}", hrefOf(candidate)));
        return new PlotBox(
            name, members.Count, Share(numbers.Low), Share(numbers.Lower), Share(numbers.Middle), Share(numbers.Upper), Share(numbers.High), [.. outside],
            $"{name}: median {MetricText.Format(numbers.Middle)}, middle half {MetricText.Format(numbers.Lower)} to {MetricText.Format(numbers.Upper)}, {members.Count} candidates");
    }

    private string Title(Candidate candidate, IReadOnlyList<CandidateColumn> columns) =>
        $"{candidate.Label} {Cut(candidate.Name)}: {string.Join(", ", columns.Select(column => $"{column.Name} {Cut(Shown(candidate, column))}"))}";

    private string Shown(Candidate candidate, CandidateColumn column) =>
        column.IsMetric ? cells.Number(candidate.Id, column.Name) is { } number ? MetricText.Format(number) : "—" : set.Param(candidate, column.Name) ?? "—";

    private static string Cut(string text) => text.Length <= 40 ? text : text[..39] + "…";
}
