using Microsoft.AspNetCore.Http;
using Squero.Kernel;
using Squero.Projects;
using Squero.Verdicts;

namespace Squero.Experiments;

/// <summary>Loads the candidates that an address names: by number, or as those of an experiment that a filter finds.</summary>
public sealed class LoadCompared(CandidateStore store, CandidatePages pages, CandidateCells cells, ExperimentStore experiments)
{
    public async Task<CompareSet> LoadAsync(ProjectAccess access, IQueryCollection query, CancellationToken cancel)
    {
        var (candidates, total, words) = query["experiment"].ToString() is { Length: > 0 } number
            ? await OfExperimentAsync(access, number, TableState.Read(query), cancel)
            : await ByNumberAsync(access, query, cancel);
        var ids = candidates.Select(candidate => candidate.Id).ToList();
        var (metrics, curves) = await cells.MetricsAsync(ids, cancel);
        return new CompareSet(
            candidates,
            total,
            await store.ParamsAsync(ids, cancel),
            [.. metrics.OrderBy(MetricOrder.Rank).ThenBy(name => name, StringComparer.Ordinal)],
            [.. curves.OrderBy(MetricOrder.Rank).ThenBy(name => name, StringComparer.Ordinal)],
            words);
    }

    private async Task<(IReadOnlyList<Candidate> Candidates, MatchCount Total, string Query)> OfExperimentAsync(
        ProjectAccess access, string number, TableState state, CancellationToken cancel)
    {
        var experiment = long.TryParse(number, out var iid) ? await experiments.FindAsync(access.Project.Id, iid, cancel) : null;
        if (experiment is null)
        {
            throw Refusal.NotFound($"This project has no experiment {number}.");
        }

        var question = new TableQuestion(access.Project.Id, experiment.Id, state.Filter, state.Sort, experiment.Deleted);
        var ids = await pages.IdsAsync(question, CompareSet.MaxCandidates, cancel);
        var total = ids.Count < CompareSet.MaxCandidates ? new MatchCount(ids.Count, true) : (await pages.FindAsync(question, 1, cancel)).Total;
        return (await store.FindByIdsAsync(ids, cancel), total, (state with { Columns = [] }).Query(("experiment", $"{experiment.Iid}")));
    }

    private async Task<(IReadOnlyList<Candidate> Candidates, MatchCount Total, string Query)> ByNumberAsync(ProjectAccess access, IQueryCollection query, CancellationToken cancel)
    {
        var iids = Iids.Parse(query["candidates"], CompareSet.MaxOfCurves);
        var candidates = await store.FindByIidsAsync(access.Project.Id, iids, cancel);
        return (candidates, new MatchCount(candidates.Count, true), "candidates=" + string.Join(',', candidates.Select(candidate => candidate.Iid)));
    }
}
