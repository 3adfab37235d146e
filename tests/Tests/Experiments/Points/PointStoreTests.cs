using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Tests.Kernel;

namespace Squero.Tests.Experiments;

/// <summary>Points in the tail, in blocks and on their way read as one history, whatever order they came in.</summary>
public sealed class PointStoreTests : IAsyncLifetime
{
    private static readonly Gen<NamedPoint[]> Batches = Gen.Select(
        Gen.OneOf(Gen.Const("loss"), Gen.Const("auc")), Gen.Long[0, 40], Gen.Long[0, 30], Gen.OneOf(Gen.Const(0.25), Gen.Const(-1.0), Gen.Const(0.0), Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity)),
        (name, step, at, value) => new NamedPoint(name, new MetricPoint(step, at, value))).Array[1, 40];

    private KernelWorld world = null!;
    private PointTail tail = null!;
    private CandidateLog log = null!;

    public async ValueTask InitializeAsync()
    {
        world = await KernelWorld.CreateAsync(services => services.AddMigrations(typeof(ExperimentsModule).Assembly));
        await world.Database.WriteAsync(
            session => session.ExecuteAsync("INSERT INTO experiments_experiments (id, project_id, iid, name, created_us, updated_us) VALUES (1, 1, 1, 'x', 0, 0)"),
            CancellationToken.None);
        await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await log.StopAsync(CancellationToken.None);
        await world.DisposeAsync();
    }

    [Fact]
    public async Task A_history_is_what_was_logged_however_it_is_stored() =>
        await Gen.Select(Batches.Array[1, 8], Gen.Int[0, 3].Array[8], Gen.Int[1, 50]).SampleAsync(
            async (batches, acts, take) =>
            {
                var candidate = await CandidateAsync();
                var logged = new HashSet<(string, MetricPoint)>();
                for (var index = 0; index < batches.Length; index++)
                {
                    await log.WriteAsync(new LogEntry(candidate, [], batches[index], []), CancellationToken.None);
                    logged.UnionWith(batches[index].Select(named => (named.Name, named.Point)));
                    await (acts[index] switch { 0 => MoveAsync(), 1 => ReopenAsync(), _ => Task.CompletedTask });
                    await AssertReadsAsync(candidate, "loss", [.. logged.Where(one => one.Item1 == "loss").Select(one => one.Item2)], take);
                }

                await AssertCurvesAsync(candidate, logged);
            },
            iter: 60,
            threads: 1);

    [Fact]
    public async Task Late_pages_of_a_long_history_are_as_exact_as_early_ones()
    {
        var candidate = await CandidateAsync();
        var points = Enumerable.Range(0, 20_000).Select(step => new NamedPoint("loss", new MetricPoint(step, 1000 + (step * 2), step * 0.5))).ToArray();
        foreach (var part in points.Chunk(1000))
        {
            await log.WriteAsync(new LogEntry(candidate, [], part, []), CancellationToken.None);
            await MoveAsync();
        }

        var history = new MetricHistory(world.Database, tail);
        var page = await history.PageAsync(candidate, "loss", 17_003, 10, CancellationToken.None);
        Assert.Equal(points[17_003..17_013].Select(named => named.Point), page);
        Assert.Equal(points[5000..5101].Select(named => named.Point), await history.SeriesAsync(candidate, "loss", 5000, 5100, CancellationToken.None));
        var blocks = await world.Database.ReadAsync(session => session.CountAsync("SELECT count(*) FROM experiments_blocks"), CancellationToken.None);
        Assert.InRange(blocks, 5, 18);
        Assert.Equal(0, tail.Points);
    }

    [Fact]
    public async Task A_candidate_without_the_metric_has_no_history() =>
        Assert.Empty(await new MetricHistory(world.Database, tail).PageAsync(await CandidateAsync(), "never", 0, 10, CancellationToken.None));

    [Fact]
    public async Task Points_of_an_older_data_folder_are_found()
    {
        var candidate = await CandidateAsync();
        await log.WriteAsync(LogEntry.OfPoint(candidate, new NamedPoint("loss", new MetricPoint(1, 1, 1))), CancellationToken.None);

        // Before the tail has been read after a start every series may have rows in it.
        var history = new MetricHistory(world.Database, new PointTail());
        Assert.Equal([new MetricPoint(1, 1, 1)], await history.SeriesAsync(candidate, "loss", null, null, CancellationToken.None));
    }

    private async Task AssertReadsAsync(Candidate candidate, string metric, List<MetricPoint> expected, int take)
    {
        var history = new MetricHistory(world.Database, tail);
        Assert.Equal(expected.Order(SeriesOrder.ByStep), await history.SeriesAsync(candidate, metric, null, null, CancellationToken.None));
        Assert.Equal(
            expected.Where(point => point.Step is >= 10 and <= 20).Order(SeriesOrder.ByStep), await history.SeriesAsync(candidate, metric, 10, 20, CancellationToken.None));
        var paged = new List<MetricPoint>();
        for (var page = await history.PageAsync(candidate, metric, 0, take, CancellationToken.None); page.Count > 0;)
        {
            paged.AddRange(page);
            page = await history.PageAsync(candidate, metric, paged.Count, take, CancellationToken.None);
        }

        Assert.Equal(expected.Order(SeriesOrder.ByTime), paged);
    }

    private async Task AssertCurvesAsync(Candidate candidate, HashSet<(string Name, MetricPoint Point)> logged)
    {
        var curves = logged.GroupBy(one => one.Name).Where(series => series.Select(one => (one.Point.Step, one.Point.AtMs)).Distinct().Count() > 1).Select(series => series.Key);
        Assert.Equal(curves.Order(), (await new MetricHistory(world.Database, tail).CurvesAsync([candidate.Id], CancellationToken.None)).Order());
    }

    private Task MoveAsync() => new TailCompactor(world.Database, tail, NullLogger<TailCompactor>.Instance).MoveAllAsync(CancellationToken.None);

    private async Task ReopenAsync()
    {
        await log.StopAsync(CancellationToken.None);
        await OpenAsync();
    }

    private async Task OpenAsync()
    {
        tail = new PointTail();
        log = new CandidateLog(world.Database, tail, new CandidatePulse(), TimeProvider.System);
        await log.StartAsync(CancellationToken.None);
    }

    private async Task<Candidate> CandidateAsync()
    {
        var id = await world.Database.WriteAsync(
            session => session.InsertAsync(
                """
                INSERT INTO experiments_candidates (uid, project_id, experiment_id, iid, name, status, started_us, created_us, user_name)
                SELECT @uid, 1, 1, count(*) + 1, 'x', 1, 0, 0, '' FROM experiments_candidates RETURNING id
                """,
                new { uid = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16)) }),
            CancellationToken.None);
        return new Candidate { Id = id, ProjectId = 1 };
    }
}
