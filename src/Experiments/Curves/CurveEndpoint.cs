using Microsoft.AspNetCore.Http;
using Squero.Projects;

namespace Squero.Experiments;

/// <summary>The lines of a chart: of one candidate or of several, or one for each group that differs in its seeds alone.</summary>
internal static class CurveEndpoint
{
    private const int MaxLines = 50;

    /// <summary>Longer members of a group are thinned before they are joined; their peaks stay.</summary>
    private const int MaxOfMember = 20_000;

    public static async Task AnswerAsync(
        HttpContext context, ProjectAccess access, CandidateStore store, MetricHistory history, long iid, string metric, CancellationToken cancel)
    {
        var query = context.Request.Query;
        var asked = Iids.Parse(query["candidates"], CompareSet.MaxOfCurves);
        var candidates = await store.FindByIidsAsync(access.Project.Id, asked.Count > 0 ? asked : [iid], cancel);
        var read = new LineReader(history, metric, CurveJson.AxisOf(query["x"]), query["over"].ToString(), CurveRange.Parse(query["from"], query["to"]));
        var curves = new List<Curve>();
        if (query["seeds"] == "together")
        {
            var paramsOf = await store.ParamsAsync([.. candidates.Select(candidate => candidate.Id)], cancel);
            foreach (var group in SeedGroups.Of(candidates, paramsOf).Take(MaxLines))
            {
                curves.Add(await OfGroupAsync(group, read, cancel));
            }
        }
        else
        {
            foreach (var candidate in candidates.Take(MaxLines))
            {
                curves.Add(Curve.Of($"{candidate.Label} {candidate.Name}", await read.LineAsync(candidate, cancel)));
            }
        }

        context.Response.ContentType = "application/json";
        await CurveJson.WriteAsync(context.Response.BodyWriter, read.Axis, curves, cancel);
    }

    private static async Task<Curve> OfGroupAsync(CandidateGroup group, LineReader read, CancellationToken cancel)
    {
        var name = group.Count == 1 ? group.Name : $"{group.Name} (n {group.Count})";
        if (read.Axis == CurveAxis.Metric)
        {
            var joined = new List<IReadOnlyList<(long Step, double X, double Y)>>();
            foreach (var candidate in group.Candidates)
            {
                joined.Add(Thin([.. await read.JoinedAsync(candidate, cancel)], point => point.Y));
            }

            return GroupCurve.OverMetric(name, joined, read.Range);
        }

        var lines = new List<IReadOnlyList<(double X, double Y)>>();
        var (total, gaps) = (0L, 0L);
        foreach (var candidate in group.Candidates)
        {
            var line = await read.LineAsync(candidate, cancel);
            total += line.Count;
            gaps += Curve.GapsOf(line);
            lines.Add(Thin(line, point => point.Y));
        }

        return GroupCurve.Of(name, lines, total, isShared: read.Axis == CurveAxis.Step) with { Gaps = gaps };
    }

    private static IReadOnlyList<T> Thin<T>(IReadOnlyList<T> line, Func<T, double> heightOf) =>
        [.. Downsample.Indices([.. line.Select(heightOf)], MaxOfMember).Select(index => line[index])];

    /// <summary>Reads one line of a chart, in order of its axis.</summary>
    private sealed class LineReader(MetricHistory history, string metric, CurveAxis axis, string over, CurveRange range)
    {
        public CurveAxis Axis => axis;

        public CurveRange Range => range;

        public async Task<IEnumerable<(long Step, double X, double Y)>> JoinedAsync(Candidate candidate, CancellationToken cancel) =>
            Curve.Joined(await history.SeriesAsync(candidate, metric, null, null, cancel), await history.SeriesAsync(candidate, over, null, null, cancel));

        public async Task<List<(double X, double Y)>> LineAsync(Candidate candidate, CancellationToken cancel)
        {
            var steps = axis == CurveAxis.Step ? range : CurveRange.All;
            var points = await history.SeriesAsync(candidate, metric, steps.FromStep, steps.ToStep, cancel);
            return axis == CurveAxis.Metric
                ? Curve.Line(points, await history.SeriesAsync(candidate, over, null, null, cancel), range)
                : Curve.Line(points, axis, range);
        }
    }
}
