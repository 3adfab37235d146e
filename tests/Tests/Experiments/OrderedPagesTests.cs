using CsCheck;
using Squero.Experiments;

namespace Squero.Tests.Experiments;

/// <summary>
/// Whatever was logged, in every order and with every filter: pages of tables and of searches are what filtering and sorting in memory
/// gives. There are so many candidates that indexes are read in part, and so few that they do not always suffice.
/// </summary>
public sealed class OrderedPagesTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const int Count = 2_600;
    private const int Samples = 120;

    private static readonly Gen<string> Clause = Gen.OneOf(
        Gen.Select(
            Pick("auc", "epoch"), Pick("<", "<=", ">", ">=", "=", "!="), Pick("-5", "0", "0.02", "0.5", "0.98", "3"),
            (key, sign, value) => $"metrics.{key} {sign} {value}"),
        Gen.Select(Pick("=", "!="), Pick("0", "1", "rare", "none"), (sign, value) => $"params.depth {sign} '{value}'"),
        Gen.Select(Pick("=", "!="), Pick("t0", "t1"), (sign, value) => $"tags.team {sign} '{value}'"),
        Pick("run_name LIKE 'n1%'", "status = 'FINISHED'", "params.depth LIKE 'ra%'", "metrics.nobody > 1", "params.nobody = '1'"));

    private static readonly Gen<string> Sort = Gen.Select(
        Pick("metrics.auc", "metrics.epoch", "params.depth", "params.text", "tags.team", "start_time", "end_time", "run_name", "status", "metrics.nobody"),
        Pick("ASC", "DESC"),
        (key, direction) => $"{key} {direction}");

    private static readonly Gen<(string Filter, string Sort, int At, int Size)> Question =
        Gen.Select(Clause.List[0, 2].Select(clauses => string.Join(" and ", clauses)), Sort, Gen.Int[0, 500], Pick(1, 7, 50));

    [Fact]
    public async Task Pages_are_what_sorting_everything_gives()
    {
        var (project, experiment, rows) = await FillAsync();
        await Question.SampleAsync(
            async sample =>
            {
                var asked = new TableQuestion(project, experiment.Id, sample.Filter, sample.Sort, false);
                var expected = Sorted(rows, sample.Filter, sample.Sort, isTable: true);
                await ComparePagesAsync(asked, [.. expected.Select(row => row.Candidate.Id)], sample.At, sample.Size);
                var search = new CandidateQuestion(project, [experiment.Id], sample.Filter, [sample.Sort], Existence.Active, sample.At, sample.Size);
                var found = await shared.Get<CandidateSearch>().FindAsync(search, CancellationToken.None);
                Assert.Equal(
                    Sorted(rows, sample.Filter, sample.Sort, isTable: false).Skip(sample.At).Take(sample.Size).Select(row => row.Candidate.Uid),
                    found.Select(candidate => candidate.Uid));
            },
            iter: Samples, threads: 1);
    }

    [Fact]
    public async Task A_long_text_that_no_engine_can_pack_is_kept_and_found()
    {
        var person = await shared.PersonAsync();
        var project = (await person.CreateProjectAsync(SharedServer.Name("long"))).GetProperty("id").GetInt64();
        var experiment = (await shared.Get<ExperimentStore>().FindAsync(project, 0, CancellationToken.None))!;
        var candidate = await shared.Get<StartCandidate>().StartAsync(new NewCandidate(experiment, "n", 1, null, "u", [], null), CancellationToken.None);
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 6_000).Select(_ => (char)('A' + random.Next(58))));
        text = text.Replace('`', 'x').Replace('\'', 'x');

        await shared.Get<CandidateLog>().WriteAsync(new LogEntry(candidate, [new NamedText("long", text)], [], [new NamedText("long", text)]), CancellationToken.None);

        var pages = shared.Get<CandidatePages>();
        foreach (var (filter, found) in new[] { ($"params.long = '{text}' and tags.long = '{text}'", 1), ($"params.long = '{text}x'", 0), ($"tags.long = '{text[..120]}'", 0) })
        {
            Assert.Equal(found, (await pages.FindAsync(new TableQuestion(project, experiment.Id, filter, "params.long DESC", false), 5, CancellationToken.None)).Rows.Count);
        }
    }

    /// <summary>The first page, one in the middle, the one before it, and all.</summary>
    private async Task ComparePagesAsync(TableQuestion asked, List<long> expected, int at, int size)
    {
        var pages = shared.Get<CandidatePages>();
        var first = await pages.FindAsync(asked, size, CancellationToken.None);
        Assert.Equal(expected.Take(size), Ids(first));
        Assert.Equal(new MatchCount(Math.Min(expected.Count, Limit(asked)), expected.Count <= Limit(asked)), first.Total);
        Assert.Equal(expected, await pages.IdsAsync(asked, Count, CancellationToken.None));
        if ((await pages.FindAsync(asked, at + 1, CancellationToken.None)).After is { } place)
        {
            var middle = await pages.FindAsync(asked with { From = Again(place) }, size, CancellationToken.None);
            Assert.Equal(expected.Skip(at + 1).Take(size), Ids(middle));
            Assert.Equal(at + 1 + size < expected.Count, middle.After is not null);
            var before = await pages.FindAsync(asked with { From = Again(middle.Before!), Backwards = true }, size, CancellationToken.None);
            Assert.Equal(expected.Take(at + 1).TakeLast(size), Ids(before));
            Assert.Equal(at + 1 > size, before.Before is not null);
        }
    }

    private static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(at => values[at]);

    private static int Limit(TableQuestion asked) => asked.Filter.Length == 0 ? Count : CandidatePages.MaxCounted;

    private static PagePlace Again(PagePlace place) => PagePlace.Parse(place.ToString())!;

    private static IEnumerable<long> Ids(CandidateSlice slice) => slice.Rows.Select(row => row.Id);

    /// <summary>Ties of a table stand by age in the direction of the order, those of a search the newest first.</summary>
    private static List<Row> Sorted(IReadOnlyList<Row> rows, string filter, string sort, bool isTable)
    {
        var key = Ordering.Parse([sort], FilterScope.Candidates)[0];
        var clauses = Filter.Parse(filter, FilterScope.Candidates);
        var direction = key.Descending ? -1 : 1;
        var found = rows.Where(row => clauses.All(clause => Holds(row, clause))).ToList();
        found.Sort((a, b) =>
        {
            var (first, second) = (Place(a, key, isTable), Place(b, key, isTable));
            var byValue = key.IsNumeric ? first.Number.CompareTo(second.Number) : string.CompareOrdinal(first.Text, second.Text);
            return first.Rank != second.Rank ? first.Rank - second.Rank
                : byValue != 0 ? byValue * direction
                : isTable ? a.Candidate.Id.CompareTo(b.Candidate.Id) * direction
                : key.Key != "start_time" && a.Candidate.StartedUs != b.Candidate.StartedUs ? b.Candidate.StartedUs.CompareTo(a.Candidate.StartedUs)
                : string.CompareOrdinal(a.Candidate.Uid, b.Candidate.Uid);
        });
        return found;
    }

    private static (int Rank, double Number, string Text) Place(Row row, OrderKey key, bool isTable) =>
        (key.Entity, key.Key) switch
        {
            (FilterEntity.Metric, _) => row.Metric(key.Key) is not { } value ? (2, 0, "") : double.IsNaN(value) ? (1, 0, "") : (0, value, ""),
            (FilterEntity.Attribute, "start_time") => (0, isTable ? row.Candidate.StartedUs : row.Candidate.StartedUs / 1000, ""),
            (FilterEntity.Attribute, "end_time") => row.EndedUs is { } ended ? (0, ended / 1000, "") : (2, 0, ""),
            _ => row.TextOf(key.Entity, key.Key) is { } text ? (0, 0, isTable && text.Length > 120 ? text[..120] : text) : (2, 0, ""),
        };

    /// <summary>A metric that is not a number compares as 0.</summary>
    private static bool Holds(Row row, FilterClause clause)
    {
        if (clause.Entity != FilterEntity.Metric)
        {
            return row.TextOf(clause.Entity, clause.Key) is { } text && clause.Comparator switch
            {
                Comparator.Equal => text == clause.Text,
                Comparator.NotEqual => text != clause.Text,
                _ => text.StartsWith(clause.Text.TrimEnd('%'), StringComparison.Ordinal),
            };
        }

        return row.Metric(clause.Key) is { } logged && (double.IsNaN(logged) ? 0 : logged) is var value && clause.Comparator switch
        {
            Comparator.Equal => value == clause.Number,
            Comparator.NotEqual => value != clause.Number,
            Comparator.Greater => value > clause.Number,
            Comparator.GreaterOrEqual => value >= clause.Number,
            Comparator.Less => value < clause.Number,
            _ => value <= clause.Number,
        };
    }

    /// <summary>Ties, gaps, infinities and what is no number; texts that differ late or not at all; a deleted one and another experiment's.</summary>
    private async Task<(long Project, Experiment Experiment, IReadOnlyList<Row> Rows)> FillAsync()
    {
        var person = await shared.PersonAsync();
        var project = (await person.CreateProjectAsync(SharedServer.Name("ordered"))).GetProperty("id").GetInt64();
        var experiment = (await shared.Get<ExperimentStore>().FindAsync(project, 0, CancellationToken.None))!;
        var other = (await shared.Get<ExperimentStore>().CreateAsync(project, "other", null, [], CancellationToken.None))!;
        var rows = new Row[Count];
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (index, _) => rows[index] = await LogAsync(experiment, index));
        await LogAsync(other, 1);
        await shared.Get<CandidateEdits>().SetDeletedAsync((await LogAsync(experiment, 2)).Candidate, true, CancellationToken.None);
        return (project, experiment, rows);
    }

    private async Task<Row> LogAsync(Experiment experiment, int index)
    {
        var random = new Random(index);
        double? auc = random.Next(20) switch { 0 => null, 1 => double.NaN, 2 => double.PositiveInfinity, 3 => double.NegativeInfinity, 4 => -0.0, _ => random.NextDouble() };
        double? epoch = random.Next(10) == 0 ? null : random.Next(4);
        var depth = random.Next(10) == 0 ? null : random.Next(200) == 0 ? "rare" : $"{random.Next(2)}";
        var text = random.Next(10) == 0 ? null : new string('a', 119) + (char)('a' + random.Next(3)) + random.Next(3);
        var team = random.Next(3) == 0 ? null : $"t{random.Next(2)}";
        var candidate = await shared.Get<StartCandidate>().StartAsync(
            new NewCandidate(experiment, $"n{random.Next(40)}", 1_000_000 + (random.Next(1_000) * 700), null, "u", team is null ? [] : [new NamedText("team", team)], null), CancellationToken.None);
        NamedText?[] texts = [depth is null ? null : new NamedText("depth", depth), text is null ? null : new NamedText("text", text)];
        NamedPoint?[] points = [auc is { } value ? new NamedPoint("auc", new MetricPoint(1, 1, value)) : null, epoch is { } number ? new NamedPoint("epoch", new MetricPoint(1, 1, number)) : null];
        await shared.Get<CandidateLog>().WriteAsync(new LogEntry(candidate, [.. texts.OfType<NamedText>()], [.. points.OfType<NamedPoint>()], []), CancellationToken.None);
        long? ended = random.Next(40) == 0 ? 1_000 * random.Next(100_000) : null;
        if (ended is { } endedUs)
        {
            await shared.Get<CandidateEdits>().UpdateAsync(candidate, CandidateStatus.Finished, endedUs, null, CancellationToken.None);
        }

        return new Row(candidate, ended, auc, epoch, depth, text, team);
    }

    private sealed record Row(Candidate Candidate, long? EndedUs, double? Auc, double? Epoch, string? Depth, string? Text, string? Team)
    {
        public double? Metric(string key) => key switch { "auc" => Auc == 0 ? 0 : Auc, "epoch" => Epoch, _ => null };

        public string? TextOf(FilterEntity entity, string key) =>
            (entity, key) switch
            {
                (FilterEntity.Param, "depth") => Depth,
                (FilterEntity.Param, "text") => Text,
                (FilterEntity.Tag, "team") => Team,
                (FilterEntity.Attribute, "run_name") => Candidate.Name,
                (FilterEntity.Attribute, "status") => EndedUs is null ? "RUNNING" : "FINISHED",
                _ => null,
            };
    }
}
