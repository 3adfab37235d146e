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
        var lines = new List<IReadOnlyList<(double X, double Y)>>();
        var total = 0L;
        foreach (var candidate in group.Candidates)
        {
            var line = await read.LineAsync(candidate, cancel);
            total += line.Count;
            lines.Add([.. Downsample.Indices([.. line.Select(point => point.Y)], MaxOfMember).Select(index => line[index])]);
        }

        return GroupCurve.Of(group.Count == 1 ? group.Name : $"{group.Name} (n {group.Count})", lines, total);
    }

    /// <summary>Reads one line of a chart, in order of its axis.</summary>
    private sealed class LineReader(MetricHistory history, string metric, CurveAxis axis, string over, CurveRange range)
    {
        public CurveAxis Axis => axis;

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
