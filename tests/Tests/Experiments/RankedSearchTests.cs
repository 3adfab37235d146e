using Squero.Experiments;

namespace Squero.Tests.Experiments;

/// <summary>
/// The best by a metric, read off the index, are what sorting all gives. A question about two experiments, one of them
/// empty, is always answered by sorting.
/// </summary>
public sealed class RankedSearchTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const int Count = 700;

    [Fact]
    public async Task The_index_gives_what_sorting_gives()
    {
        var (project, full, empty) = await FillAsync();
        foreach (var order in (string[][])[["metrics.auc DESC"], ["metrics.auc ASC"], ["metrics.auc DESC", "params.depth ASC"], ["metrics.auc ASC", "start_time ASC"], ["metrics.`nobody logs` DESC"], ["params.depth DESC"]])
        {
            foreach (var filter in (string?[])[null, "metrics.auc > 0.3", "params.depth = '1'", "metrics.auc <= 0.5 and params.depth = '2'", "params.depth = 'rare'"])
            {
                foreach (var (skip, take) in ((long, int)[])[(0, 1), (0, 10), (0, 100), (40, 25), (160, 20), (650, 100)])
                {
                    var question = new CandidateQuestion(project, [full.Id], filter, order, Existence.Active, skip, take);
                    var sorted = await SearchAsync(question with { ExperimentIds = [full.Id, empty.Id] });

                    Assert.Equal(sorted, await SearchAsync(question));
                }
            }
        }
    }

    [Fact]
    public async Task Later_values_deleted_candidates_and_other_experiments_are_told_apart()
    {
        var (project, full, empty) = await FillAsync();
        var question = new CandidateQuestion(project, [full.Id], null, ["metrics.auc DESC"], Existence.Active, 0, 3);
        var best = (await shared.Get<CandidateSearch>().FindAsync(question, CancellationToken.None))[0];
        await LogAsync(best, new MetricPoint(5, 5, -1));
        var stranger = await StartAsync(empty, "9");
        await LogAsync(stranger, new MetricPoint(1, 1, 100));
        var gone = (await shared.Get<CandidateSearch>().FindAsync(question, CancellationToken.None))[1];
        await shared.Get<CandidateEdits>().SetDeletedAsync(gone, true, CancellationToken.None);

        var found = await SearchAsync(question);

        Assert.DoesNotContain(best.Uid, found);
        Assert.DoesNotContain(stranger.Uid, found);
        Assert.DoesNotContain(gone.Uid, found);
        Assert.Equal(await SearchAsync(question with { ExperimentIds = [full.Id, full.Id + 1_000_000] }), found);
    }

    private async Task<IReadOnlyList<string>> SearchAsync(CandidateQuestion question) =>
        [.. (await shared.Get<CandidateSearch>().FindAsync(question, CancellationToken.None)).Select(candidate => candidate.Uid)];

    /// <summary>Ties, gaps and what is no number.</summary>
    private async Task<(long Project, Experiment Full, Experiment Empty)> FillAsync()
    {
        var person = await shared.PersonAsync();
        var project = (await person.CreateProjectAsync(SharedServer.Name("ranked"))).GetProperty("id").GetInt64();
        var full = (await shared.Get<ExperimentStore>().FindAsync(project, 0, CancellationToken.None))!;
        var empty = (await shared.Get<ExperimentStore>().CreateAsync(project, "empty", null, [], CancellationToken.None))!;
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (index, cancel) =>
        {
            var candidate = await StartAsync(full, $"{index}");
            var value = index % 50 == 0 ? double.NaN : index * 7919 % 1_000 / 1_000.0;
            await shared.Get<CandidateLog>().WriteAsync(
                new LogEntry(
                    candidate,
                    [new NamedText("depth", index % 200 == 1 ? "rare" : $"{index % 3}")],
                    index % 70 == 3 ? [] : [new NamedPoint("auc", new MetricPoint(1, 1, value)), new NamedPoint("loss", new MetricPoint(1, 1, -value))],
                    []),
                cancel);
        });
        return (project, full, empty);
    }

    private Task<Candidate> StartAsync(Experiment experiment, string user) =>
        shared.Get<StartCandidate>().StartAsync(new NewCandidate(experiment, "n", user.Length, null, user, [], null), CancellationToken.None);

    private Task<LogOutcome> LogAsync(Candidate candidate, MetricPoint point) =>
        shared.Get<CandidateLog>().WriteAsync(LogEntry.OfPoint(candidate, new NamedPoint("auc", point)), CancellationToken.None);
}
