using Squero.Experiments;
using Squero.Projects;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>
/// Puts a report together. A candidate belongs to the change when the commit that made it is a head of one of its versions;
/// to the baseline when a pipeline of the target branch made it. Both are facts of jobs, never claims of a client.
/// </summary>
internal sealed class BuildReport(CandidateStore candidates, GitRepositories repositories)
{
    private const int MaxRows = 200;
    private const int BaselineDepth = 200;

    /// <param name="metric">The metric that somebody asked for; unknown ones are ignored.</param>
    public async Task<CandidateReport> BuildAsync(
        Project project, MergeRequest request, IReadOnlyList<RequestVersion> versions, string? metric, CancellationToken cancel)
    {
        var numbers = versions.GroupBy(version => version.HeadSha, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Max(version => version.Number), StringComparer.Ordinal);
        var found = await candidates.ForCommitsAsync(project.Id, numbers.Keys, cancel);
        var mine = found.Where(candidate => candidate.Ref != request.TargetBranch || candidate.Ref == request.SourceBranch).Take(MaxRows).ToList();
        if (mine.Count == 0)
        {
            return CandidateReport.Empty;
        }

        var (baseline, isHead) = await BaselineAsync(project, request, versions[0], cancel);
        var rows = await RowsAsync([.. mine, .. baseline], numbers, cancel);
        var own = rows.Take(mine.Count).ToList();
        var theirs = rows.Skip(mine.Count).ToList();
        var names = Names(own, theirs);
        var lead = Lead(metric, own, theirs, names);
        var report = new CandidateReport([], null, lead, names);
        return report with
        {
            Rows = [.. own.OrderByDescending(row => row.Version).ThenBy(row => Rank(row, lead, report.LowerIsBetter)).ThenBy(row => row.Candidate.Iid)],
            Baseline = theirs.Count == 0
                ? null
                : new ReportBaseline(theirs[0].Candidate.Sha!, theirs[0].Candidate.PipelineId, request.TargetBranch, isHead, theirs),
        };
    }

    /// <summary>The newest commit of the target with finished candidates; of several pipelines there, the newest.</summary>
    private async Task<(IReadOnlyList<Candidate> Rows, bool IsHead)> BaselineAsync(
        Project project, MergeRequest request, RequestVersion newest, CancellationToken cancel)
    {
        var repository = repositories.Open(project);
        var head = request.State == MergeRequestState.Merged
            ? request.MergedFrom
            : await repository.ResolveAsync("refs/heads/" + request.TargetBranch, cancel) ?? newest.StartSha;
        if (head is null || await repository.ResolveAsync(head, cancel) is null)
        {
            return ([], false);
        }

        var log = (await repository.LogAsync(head, null, 0, BaselineDepth, null, cancel)).Select(commit => commit.Sha).ToList();
        var made = (await candidates.ForCommitsAsync(project.Id, log, cancel))
            .Where(candidate => candidate is { Status: CandidateStatus.Finished, Origin: not null } && candidate.Ref == request.TargetBranch).ToList();
        var sha = log.FirstOrDefault(sha => made.Exists(candidate => candidate.Sha == sha));
        if (sha is null)
        {
            return ([], false);
        }

        var there = made.Where(candidate => candidate.Sha == sha).ToList();
        var pipeline = there.Max(candidate => candidate.PipelineId);
        return ([.. there.Where(candidate => candidate.PipelineId == pipeline).OrderBy(candidate => candidate.Iid)], sha == log[0]);
    }

    private async Task<IReadOnlyList<ReportRow>> RowsAsync(IReadOnlyList<Candidate> all, Dictionary<string, int> numbers, CancellationToken cancel)
    {
        var ids = all.Select(candidate => candidate.Id).ToList();
        var given = await candidates.ParamsAsync(ids, cancel);
        var measured = await candidates.LatestMetricsAsync(ids, cancel);
        return [.. all.Select(candidate => new ReportRow(
            candidate,
            given.GetValueOrDefault(candidate.Id, []).ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal),
            measured.GetValueOrDefault(candidate.Id, []).ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal),
            candidate.Sha is { } sha && numbers.TryGetValue(sha, out var number) ? number : null))];
    }

    private static List<string> Names(IReadOnlyList<ReportRow> own, IReadOnlyList<ReportRow> theirs) =>
        [.. own.Concat(theirs).SelectMany(row => row.Metrics.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The one asked for; else auc; else the first that both sides have; else the first of the change.</summary>
    private static string? Lead(string? asked, IReadOnlyList<ReportRow> own, IReadOnlyList<ReportRow> theirs, IReadOnlyList<string> names)
    {
        if (asked is not null && names.Contains(asked, StringComparer.Ordinal))
        {
            return asked;
        }

        var mine = own.SelectMany(row => row.Metrics.Keys).ToHashSet(StringComparer.Ordinal);
        var both = theirs.SelectMany(row => row.Metrics.Keys).Where(mine.Contains).ToHashSet(StringComparer.Ordinal);
        return mine.Contains(CandidateReport.PreferredMetric) ? CandidateReport.PreferredMetric
            : names.FirstOrDefault(both.Contains) ?? names.FirstOrDefault(mine.Contains);
    }

    private static double Rank(ReportRow row, string? lead, bool lowerIsBetter) =>
        row.Metric(lead) is { } value && double.IsFinite(value) && row.IsFinished ? (lowerIsBetter ? value : -value) : double.PositiveInfinity;
}
