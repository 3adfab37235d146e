using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Verdicts;

namespace Squero.MergeRequests;

/// <summary>REST, ours: the report of a merge request's candidates, and the choice of one for production.</summary>
internal static class ChoiceApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(MergeRequestApi.One + "/candidates", ReportAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapGet(MergeRequestApi.One + "/choice", ReadAsync).ForProject(Role.None, Scope.ReadApi);
        app.MapPut(MergeRequestApi.One + "/choice", ChooseAsync).ForProject(Role.Developer, Scope.Api);
        app.MapDelete(MergeRequestApi.One + "/choice", WithdrawAsync).ForProject(Role.Developer, Scope.Api);
    }

    private static async Task<IResult> ReportAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, BuildReport reports, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var versions = await requests.VersionsAsync(request.Id, cancel);
        var report = await reports.BuildAsync(access.Project, request, versions, context.Request.Query["metric"], cancel);
        var choice = await requests.ChoiceAsync(request.Id, cancel);
        return Results.Ok(new ApiReport(
            report.Metric, report.Metric is null ? null : MetricDirections.Guess(report.Metric).ToWord(), report.Metrics,
            report.Comparison is { } plain
                ? new ApiComparison(
                    plain.Standing.ToString().ToLowerInvariant(), Finite(plain.Difference), report.Best!.Metric(report.Metric), report.BaselineBest(report.Metric!),
                    report.Best.Candidate.Label, Comparison.Caveat)
                : null,
            report.Baseline is { } baseline
                ? new ApiBaseline(baseline.Branch, baseline.Sha, baseline.PipelineId, [.. baseline.Rows.Select(row => Row(report, row, null))])
                : null,
            [.. report.Rows.Select(row => Row(report, row, choice))], ShapeRequest.Choice(request, choice)));
    }

    private static async Task<IResult> ReadAsync(ProjectAccess access, long iid, MergeRequestStore requests, CancellationToken cancel)
    {
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var choice = await requests.ChoiceAsync(request.Id, cancel) ?? throw Refusal.NotFound("404 Choice Not Found");
        return Results.Ok(ShapeRequest.Choice(request, choice));
    }

    private static async Task<IResult> ChooseAsync(
        HttpContext context, ProjectAccess access, long iid, MergeRequestStore requests, ChooseCandidate choose, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "choose a candidate for production");
        var input = await ApiInput.ReadAsync(context, cancel);
        var request = await RequestForms.FindAsync(requests, access, iid, cancel);
        var candidate = await choose.FindAsync(access.Project.Id, input.Required("candidate_id"), cancel);
        var choice = await choose.ChooseAsync(request, candidate, input.Text("model"), access.PersonId, cancel);
        return Results.Ok(ShapeRequest.Choice(request, choice));
    }

    private static async Task<IResult> WithdrawAsync(
        ProjectAccess access, long iid, MergeRequestStore requests, ChooseCandidate choose, CancellationToken cancel)
    {
        MergeRequestRules.RequireWriter(access, Role.Developer, "take a choice back");
        await choose.WithdrawAsync(await RequestForms.FindAsync(requests, access, iid, cancel), access.PersonId, cancel);
        return Results.NoContent();
    }

    private static ApiReportRow Row(CandidateReport report, ReportRow row, RequestChoice? choice) =>
        new(
            row.Candidate.Id, row.Candidate.Iid, row.Candidate.Uid, row.Candidate.Label, row.Candidate.Name, row.Candidate.Status.ToString().ToLowerInvariant(),
            row.Candidate.Sha, row.Candidate.JobId, row.Candidate.PipelineId, row.Version, row.Params,
            row.Metrics.ToDictionary(metric => metric.Key, metric => Finite(metric.Value)),
            report.Metric is { } lead && report.Against(row, lead) is { } plain ? Finite(plain.Difference) : null,
            choice is not null && choice.CandidateId == row.Candidate.Id);

    /// <summary>JSON has no NaN.</summary>
    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}

internal sealed record ApiReport(
    string? Metric, string? Direction, IReadOnlyList<string> Metrics, ApiComparison? Comparison, ApiBaseline? Baseline, IReadOnlyList<ApiReportRow> Candidates,
    ApiChoice? Choice);

internal sealed record ApiComparison(string Standing, double? Difference, double? Best, double? BaselineBest, string BestCandidate, string Note);

internal sealed record ApiBaseline(string Ref, string Sha, long? PipelineId, IReadOnlyList<ApiReportRow> Candidates);

internal sealed record ApiReportRow(
    long Id, long Iid, string Uid, string Label, string Name, string Status, string? Sha, long? JobId, long? PipelineId, int? Version,
    IReadOnlyDictionary<string, string> Params, IReadOnlyDictionary<string, double?> Metrics, double? Difference, bool Chosen);
