using System.Net;
using Parquet;
using Parquet.Schema;
using Squero.Experiments;
using Squero.Tests.Mlflow;

namespace Squero.Tests.Experiments;

/// <summary>What leaves the server as a table.</summary>
public sealed class ExportTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const int Count = 1_203;
    private const string Formula = "=HYPERLINK(\"http://example.org\",\"x\")";

    [Fact]
    public async Task Every_candidate_stands_in_the_csv_file_and_no_formula_does()
    {
        var (page, http) = await FillAsync();
        using var answer = await http.GetAsync($"{page}/export/csv?sort=metrics.auc%20DESC&column=metrics.auc&column=params.name&column=params.seed");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/csv; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("attachment", answer.Content.Headers.ContentDisposition!.ToString(), StringComparison.Ordinal);
        var rows = CsvRows.Read((await answer.Content.ReadAsStringAsync()).TrimStart('\ufeff'), ',', 10_000, 100);
        Assert.Equal(Count + 1, rows.Count);
        Assert.Equal(["candidate", "id", "name", "status", "started", "ended", "user", "job", "commit", "metrics.auc", "params.name", "params.seed"], rows[0]);
        Assert.Equal($"{Count - 1}", rows[1][9]);
        Assert.Equal("'" + Formula, rows[1][10]);
        Assert.Equal("-1", rows[1][11]);
        Assert.All(rows.Skip(1), row => Assert.DoesNotContain(row, cell => cell.StartsWith('=')));
        Assert.Equal(Count, rows.Skip(1).Select(row => row[1]).Distinct().Count());
    }

    [Fact]
    public async Task A_filter_limits_an_export_and_a_bad_one_is_refused_before_it_begins()
    {
        var (page, http) = await FillAsync();
        var some = CsvRows.Read(await http.GetStringAsync($"{page}/export/csv?filter=metrics.auc%20%3C%205"), ',', 10_000, 100);
        Assert.Equal(6, some.Count);
        foreach (var address in new[] { $"{page}/export/csv?filter=metrics.auc%20~%205", $"{page}/export/parquet?sort=nonsense%20%20x%20y" })
        {
            using var answer = await http.GetAsync(address);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        using var unknown = await http.GetAsync($"{page}/export/xlsx");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_parquet_file_holds_numbers_as_numbers_and_texts_as_they_are()
    {
        var (page, http) = await FillAsync();
        using var body = new MemoryStream(await http.GetByteArrayAsync($"{page}/export/parquet?which=all"));
        await using var reader = await ParquetReader.CreateAsync(body);
        var fields = reader.Schema.GetDataFields().ToDictionary(field => field.Name);
        Assert.Contains("tags.mlflow.runName", fields.Keys);
        var (aucs, names) = (new List<double?>(), new List<string?>());
        for (var index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            var numbers = new double?[group.RowCount];
            var texts = new string?[group.RowCount];
            await group.ReadAsync(fields["metrics.auc"], numbers.AsMemory());
            await group.ReadAsync(fields["params.name"], texts.AsMemory());
            aucs.AddRange(numbers);
            names.AddRange(texts);
        }

        Assert.Equal(Count, aucs.Count);
        Assert.Equal(Enumerable.Range(0, Count - 1).Select(value => (double?)value), aucs.Where(value => value is not null && !double.IsNaN(value.Value)).Order().Take(Count - 1));
        Assert.Contains(Formula, names);
        Assert.Contains(null, names);
    }

    [Fact]
    public async Task However_wide_it_is_each_value_stands_in_its_column()
    {
        var person = await shared.PersonAsync();
        var name = SharedServer.Name("wide");
        await person.CreateProjectAsync(name);
        var client = new MlflowClient(person.Http, $"{person.Username}/{name}");
        for (var run = 0; run < 30; run++)
        {
            var from = run;
            await client.PostAsync("runs/log-batch", new
            {
                run_id = await client.StartAsync(),
                metrics = Enumerable.Range(0, 150).Where(index => index % 3 == from % 3).Select(index => new { key = $"m{index:000}", value = (from * 1000) + index, timestamp = 1, step = 0 }),
                @params = Enumerable.Range(0, 50).Select(index => new { key = $"p{index}", value = $"{from}/{index}" }),
            });
        }

        var rows = CsvRows.Read((await person.Http.GetStringAsync($"/{person.Username}/{name}/-/experiments/0/export/csv?which=all")).TrimStart('\ufeff'), ',', 100, 1000);
        Assert.Equal(31, rows.Count);
        foreach (var row in rows.Skip(1))
        {
            var run = int.Parse(row[0][2..], System.Globalization.CultureInfo.InvariantCulture) - 1;
            for (var index = 0; index < 150; index++)
            {
                Assert.Equal(index % 3 == run % 3 ? $"{(run * 1000) + index}" : "", row[rows[0].ToList().IndexOf($"metrics.m{index:000}")]);
            }

            Assert.Equal($"{run}/7", row[rows[0].ToList().IndexOf("params.p7")]);
        }
    }

    [Fact]
    public async Task All_columns_are_those_of_every_candidate_however_many_and_however_old()
    {
        var person = await shared.PersonAsync();
        var name = SharedServer.Name("names");
        var projectId = (await person.CreateProjectAsync(name)).GetProperty("id").GetInt64();
        var experiment = (await shared.Get<ExperimentStore>().FindAsync(projectId, 0, CancellationToken.None))!;
        for (var index = 0; index < 450; index++)
        {
            var candidate = await shared.Get<StartCandidate>().StartAsync(
                new NewCandidate(experiment, $"n{index}", index, person.Person.Id, "tests", [], null), CancellationToken.None);
            var points = Enumerable.Range(0, index == 300 ? 2_500 : 1).Select(at => new NamedPoint($"m{index}/{at}", new MetricPoint(0, 0, at))).ToArray();
            await shared.Get<CandidateLog>().WriteAsync(new LogEntry(candidate, [], points, []), CancellationToken.None);
        }

        var page = $"/{person.Username}/{name}/-/experiments/0";
        var head = CsvRows.Read((await person.Http.GetStringAsync($"{page}/export/csv?which=all")).TrimStart('\ufeff'), ',', 1, 10_000)[0];
        Assert.Equal(449 + 2_500, head.Count(column => column.StartsWith("metrics.", StringComparison.Ordinal)));
        using var body = new MemoryStream(await person.Http.GetByteArrayAsync($"{page}/export/parquet?which=all"));
        await using var reader = await ParquetReader.CreateAsync(body);
        Assert.Equal(head, reader.Schema.GetDataFields().Select(field => field.Name));
    }

    [Theory]
    [InlineData(100_000, 60, true)]
    [InlineData(1_000, 10_000, true)]
    [InlineData(100_000, 10_000, false)]
    [InlineData(2, 100_000, true)]
    [InlineData(1, 600_000, false)]
    public void A_parquet_file_that_would_be_too_wide_is_known_before_it_begins(long rows, int columns, bool fits) =>
        Assert.Equal(fits, ParquetExport.Fits(rows, columns));

    [Fact]
    public async Task An_experiment_without_candidates_gives_an_empty_table()
    {
        var person = await shared.PersonAsync();
        var name = SharedServer.Name("empty");
        await person.CreateProjectAsync(name);
        Assert.Single(CsvRows.Read(await person.Http.GetStringAsync($"/{person.Username}/{name}/-/experiments/0/export/csv"), ',', 10, 100));
        using var body = new MemoryStream(await person.Http.GetByteArrayAsync($"/{person.Username}/{name}/-/experiments/0/export/parquet"));
        await using var reader = await ParquetReader.CreateAsync(body);
        Assert.Equal(0, reader.RowGroupCount);
    }

    private async Task<(string Page, HttpClient Http)> FillAsync()
    {
        var person = await shared.PersonAsync();
        var name = SharedServer.Name("export");
        var projectId = (await person.CreateProjectAsync(name)).GetProperty("id").GetInt64();
        var experiment = (await shared.Get<ExperimentStore>().FindAsync(projectId, 0, CancellationToken.None))!;
        var log = shared.Get<CandidateLog>();
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (index, cancel) =>
        {
            var candidate = await shared.Get<StartCandidate>().StartAsync(
                new NewCandidate(experiment, $"n{index}", index, person.Person.Id, "tests", [new("mlflow.runName", $"n{index}")], null), cancel);
            NamedText[] texts = index == Count - 1 ? [new("name", Formula), new("seed", "-1")] : index == 0 ? [] : [new("name", "plain")];
            NamedPoint[] points = index == 7 ? [new("auc", new MetricPoint(0, 0, 7)), new("odd", new MetricPoint(0, 0, double.NaN))] : [new("auc", new MetricPoint(0, 0, index))];
            await log.WriteAsync(new LogEntry(candidate, texts, points, []), cancel);
        });
        return ($"/{person.Username}/{name}/-/experiments/0", person.Http);
    }
}
