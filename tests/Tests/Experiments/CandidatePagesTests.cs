using System.Globalization;
using CsCheck;
using Squero.Experiments;
using Squero.Kernel;

namespace Squero.Tests.Experiments;

/// <summary>Page by page, forwards and back, one meets every candidate once and in order.</summary>
public sealed class CandidatePagesTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const int Count = 23;
    private const int PerPage = 5;

    [Theory]
    [InlineData(null)]
    [InlineData("metrics.auc DESC")]
    [InlineData("metrics.auc ASC")]
    [InlineData("params.`depth of it` DESC")]
    [InlineData("params.`depth of it` ASC")]
    [InlineData("tags.team DESC")]
    [InlineData("status ASC")]
    [InlineData("end_time DESC")]
    [InlineData("run_name ASC")]
    [InlineData("metrics.nobody DESC")]
    public async Task Pages_go_on_where_the_last_one_ended(string? sort)
    {
        var (projectId, experiment) = await FillAsync();
        var question = new TableQuestion(projectId, experiment.Id, "", sort, false);
        var whole = await Pages.FindAsync(question, 100, CancellationToken.None);
        Assert.Equal(Count, whole.Rows.Count);
        Assert.Null(whole.After);
        Assert.Null(whole.Before);

        var forwards = new List<CandidateSlice>();
        for (var place = (PagePlace?)null; forwards.Count == 0 || place is not null; place = Again(forwards[^1].After))
        {
            forwards.Add(await Pages.FindAsync(question with { From = place }, PerPage, CancellationToken.None));
            Assert.True(forwards.Count <= 5);
        }

        Assert.Equal(Iids(whole), forwards.SelectMany(Iids));
        Assert.Equal([0, 5, 10, 15, 20], forwards.Select(slice => slice.FirstAt));

        var backwards = new List<CandidateSlice> { forwards[^1] };
        while (backwards[^1].Before is { } before)
        {
            backwards.Add(await Pages.FindAsync(question with { From = Again(before), Backwards = true }, PerPage, CancellationToken.None));
            Assert.True(backwards.Count <= 5);
        }

        Assert.Equal(Iids(whole), Enumerable.Reverse(backwards).SelectMany(Iids));
        Assert.Equal([20, 15, 10, 5, 0], backwards.Select(slice => slice.FirstAt));
        Assert.Equal(whole.Rows.Select(row => row.Id), await Pages.IdsAsync(question, 1000, CancellationToken.None));
    }

    [Fact]
    public async Task Values_come_before_what_is_no_number_and_that_before_what_is_missing()
    {
        var (projectId, experiment) = await FillAsync();
        foreach (var sort in new[] { "metrics.auc DESC", "metrics.auc ASC" })
        {
            var rows = (await Pages.FindAsync(new TableQuestion(projectId, experiment.Id, "", sort, false), 100, CancellationToken.None)).Rows;
            var kinds = rows.Select(row => Index(row) % 7 == 0 ? 2 : Index(row) % 5 == 0 ? 1 : 0).ToList();
            Assert.Equal(kinds.Order(), kinds);
        }
    }

    [Fact]
    public async Task A_filter_and_its_count_belong_to_the_same_candidates()
    {
        var (projectId, experiment) = await FillAsync();
        var slice = await Pages.FindAsync(new TableQuestion(projectId, experiment.Id, "params.`depth of it` = '2' and status = 'RUNNING'", "metrics.auc DESC", false), 3, CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, Count).Count(index => index % 3 == 2 && index % 2 == 1 && index % 11 != 0), slice.Total.Number);
        Assert.All(slice.Rows, row => Assert.Equal(2, Index(row) % 3));
    }

    [Fact]
    public async Task What_is_no_filter_is_refused()
    {
        var (projectId, experiment) = await FillAsync();
        foreach (var (filter, sort) in new[] { ("metrics.auc ~ 3", (string?)null), ("", "DROP TABLE"), ("", "metrics.auc SIDEWAYS") })
        {
            await Assert.ThrowsAsync<Refusal>(() => Pages.FindAsync(new TableQuestion(projectId, experiment.Id, filter, sort, false), 3, CancellationToken.None));
        }
    }

    [Fact]
    public void Places_survive_their_address()
    {
        Gen.Select(Gen.Int[0, 1], Gen.Double, Gen.String, Gen.Long, Gen.Long[0, long.MaxValue]).Sample((rank, number, text, id, at) =>
        {
            var place = new PagePlace(rank, double.IsFinite(number) ? number : null, text.Replace("\0", "", StringComparison.Ordinal), id, id, at);
            Assert.True(!IsText(text) || place == PagePlace.Parse(place.ToString()));
        });
        Gen.String.Sample(text => PagePlace.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("eyJSYW5rIjo5OX0")]
    [InlineData("not base64 at all!")]
    public void What_is_no_place_is_nothing(string text) => Assert.Null(PagePlace.Parse(text));

    private CandidatePages Pages => shared.Get<CandidatePages>();

    private static bool IsText(string text) => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);

    private static PagePlace? Again(PagePlace? place) => place is null ? null : PagePlace.Parse(place.ToString());

    private static IEnumerable<long> Iids(CandidateSlice slice) => slice.Rows.Select(row => row.Iid);

    private static int Index(Candidate candidate) => int.Parse(candidate.UserName, CultureInfo.InvariantCulture);

    /// <summary>Ties, gaps and what is no number in every key; two of three began at the same moment.</summary>
    private async Task<(long ProjectId, Experiment Experiment)> FillAsync()
    {
        var person = await shared.PersonAsync();
        var projectId = (await person.CreateProjectAsync(SharedServer.Name("table"))).GetProperty("id").GetInt64();
        var experiment = (await shared.Get<ExperimentStore>().FindAsync(projectId, 0, CancellationToken.None))!;
        for (var index = 0; index < Count; index++)
        {
            var candidate = await shared.Get<StartCandidate>().StartAsync(
                new NewCandidate(experiment, $"n{index % 4}", index % 3 == 0 ? index : 7, person.Person.Id, $"{index}", index % 2 == 0 ? [] : [new("team", $"t{index % 3}")], null), CancellationToken.None);
            var points = index % 7 == 0 ? [] : new[] { new NamedPoint("auc", new MetricPoint(1, 1, index % 5 == 0 ? double.NaN : index % 4)) };
            await shared.Get<CandidateLog>().WriteAsync(
                new LogEntry(candidate, index % 11 == 0 ? [] : [new NamedText("depth of it", $"{index % 3}")], points, []), CancellationToken.None);
            if (index % 2 == 0)
            {
                await shared.Get<CandidateEdits>().UpdateAsync(candidate, CandidateStatus.Finished, index * 1000, null, CancellationToken.None);
            }
        }

        return (projectId, experiment);
    }
}
