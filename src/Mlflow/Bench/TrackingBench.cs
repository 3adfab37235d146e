using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>
/// <c>squero bench tracking</c>: measures a running server over HTTP, this one or any other that speaks the protocol.
/// Client and server share the machine, so the figures are lower bounds.
/// </summary>
public static class TrackingBench
{
    private const int Connections = 32;
    private const int BatchConnections = 8;

    /// <param name="baseUrl">What would be MLFLOW_TRACKING_URI.</param>
    /// <param name="bare">An endpoint of the same process that does nothing, for the ratio; null leaves it out.</param>
    /// <param name="duration">How long each rate is measured.</param>
    /// <param name="searchRuns">How many runs the search is measured over.</param>
    public static async Task<IReadOnlyDictionary<string, double>> RunAsync(
        Uri baseUrl, string? token, TextWriter output, Uri? bare, TimeSpan duration, int searchRuns, CancellationToken cancel)
    {
        using var client = new BenchClient(baseUrl, token);
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        await output.WriteLineAsync($"tracking at {baseUrl}, {duration.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s each");
        void Note(string name, double value)
        {
            figures[name] = value;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-28} {value,14:N1}"));
        }

        var experiment = await client.CreateExperimentAsync(cancel);
        await MeasureMetricsAsync(client, experiment, duration, Note, cancel);
        if (bare is not null)
        {
            var rate = await RateAsync(Connections, duration, (_, _) => client.SendAsync(HttpMethod.Get, bare.ToString(), null, cancel), cancel);
            Note("bare_rps_32", rate.PerSecond);
            Note("log_metric_ratio_bare", figures["log_metric_rps_32"] / rate.PerSecond);
        }

        await MeasureBatchesAsync(client, experiment, duration, Note, cancel);
        var created = await RateAsync(Connections, duration, (_, _) => client.CreateRunAsync(experiment, cancel), cancel);
        Note("create_run_rps", created.PerSecond);
        await MeasureSearchAsync(client, searchRuns, Note, cancel);
        return figures;
    }

    private static async Task MeasureMetricsAsync(BenchClient client, string experiment, TimeSpan duration, Action<string, double> note, CancellationToken cancel)
    {
        var runs = await client.CreateRunsAsync(experiment, Connections, cancel);
        var rate = await RateAsync(
            Connections,
            duration,
            (lane, index) => client.PostAsync(
                "runs/log-metric",
                string.Create(CultureInfo.InvariantCulture, $$"""{"run_id":"{{runs[lane]}}","key":"loss","value":{{1.0 / (index + 1)}},"timestamp":{{1_700_000_000_000 + index}},"step":{{index}}}"""),
                cancel),
            cancel);
        note("log_metric_rps_32", rate.PerSecond);
        note("log_metric_p99_ms", rate.P99Ms);
    }

    private static async Task MeasureBatchesAsync(BenchClient client, string experiment, TimeSpan duration, Action<string, double> note, CancellationToken cancel)
    {
        var runs = await client.CreateRunsAsync(experiment, BatchConnections, cancel);
        var rate = await RateAsync(BatchConnections, duration, (lane, index) => client.PostAsync("runs/log-batch", Batch(runs[lane], index), cancel), cancel);
        note("log_batch_metrics_per_s", rate.PerSecond * 1000);
        note("log_batch_p99_ms", rate.P99Ms);
    }

    private static string Batch(string run, int index)
    {
        var body = new StringBuilder($$"""{"run_id":"{{run}}","metrics":[""", 80_000);
        for (var metric = 0; metric < 1000; metric++)
        {
            var step = (index * 100) + (metric / 10);
            body.Append(CultureInfo.InvariantCulture, $$"""{{(metric == 0 ? "" : ",")}}{"key":"m{{metric % 10}}","value":{{1.0 / (step + 1)}},"timestamp":{{1_700_000_000_000 + step}},"step":{{step}}}""");
        }

        return body.Append("]}").ToString();
    }

    private static async Task MeasureSearchAsync(BenchClient client, int searchRuns, Action<string, double> note, CancellationToken cancel)
    {
        var experiment = await client.CreateExperimentAsync(cancel);
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            for (var index = Interlocked.Increment(ref next); index < searchRuns; index = Interlocked.Increment(ref next))
            {
                var run = await client.CreateRunAsync(experiment, cancel);
                await client.PostAsync(
                    "runs/log-batch",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $$"""{"run_id":"{{run}}","params":[{"key":"p1","value":"{{(index % 2 == 0 ? "x" : "y")}}"}],"metrics":[{"key":"m1","value":{{(double)(index * 7919 % searchRuns) / searchRuns}},"timestamp":1,"step":0}]}"""),
                    cancel);
            }
        }));
        var body = $$"""{"experiment_ids":["{{experiment}}"],"filter":"metrics.m1 > 0.5 and params.p1 = 'x'","order_by":["metrics.m1 DESC"],"max_results":100}""";
        var times = new List<double>();
        for (var round = 0; round < 30; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await client.PostAsync("runs/search", body, cancel);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        note(searchRuns == 10_000 ? "search_10k_ms" : string.Create(CultureInfo.InvariantCulture, $"search_{searchRuns}_ms"), times[times.Count / 2]);
        note("search_p95_ms", times[(int)(times.Count * 0.95)]);
    }

    private static async Task<Rate> RateAsync(int lanes, TimeSpan duration, Func<int, int, Task> act, CancellationToken cancel)
    {
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => act(lane, 0)));
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, lanes).Select(async lane =>
        {
            var own = new List<double>();
            for (var index = 1; Stopwatch.GetElapsedTime(started) < duration && !cancel.IsCancellationRequested; index++)
            {
                var asked = Stopwatch.GetTimestamp();
                await act(lane, index);
                own.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            return own;
        }));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var all = times.SelectMany(own => own).Order().ToList();
        return new Rate(all.Count / seconds, all.Count == 0 ? 0 : all[(int)(all.Count * 0.99)]);
    }

    private readonly record struct Rate(double PerSecond, double P99Ms);

    private sealed class BenchClient : IDisposable
    {
        private readonly HttpClient http;
        private readonly string root;

        public BenchClient(Uri baseUrl, string? token)
        {
            root = baseUrl.ToString().TrimEnd('/') + "/api/2.0/mlflow/";
            http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false, MaxConnectionsPerServer = 256 });
            http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        }

        public async Task<string> CreateExperimentAsync(CancellationToken cancel)
        {
            var name = "bench-" + Path.GetRandomFileName();
            using var answer = JsonDocument.Parse(await PostAsync("experiments/create", $$"""{"name":"{{name}}"}""", cancel));
            return answer.RootElement.GetProperty("experiment_id").GetString()!;
        }

        public async Task<string> CreateRunAsync(string experiment, CancellationToken cancel)
        {
            using var answer = JsonDocument.Parse(await PostAsync("runs/create", $$"""{"experiment_id":"{{experiment}}","start_time":1700000000000}""", cancel));
            return answer.RootElement.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
        }

        public Task<string[]> CreateRunsAsync(string experiment, int count, CancellationToken cancel) =>
            Task.WhenAll(Enumerable.Range(0, count).Select(_ => CreateRunAsync(experiment, cancel)));

        public Task<string> PostAsync(string path, string body, CancellationToken cancel) => SendAsync(HttpMethod.Post, root + path, body, cancel);

        public async Task<string> SendAsync(HttpMethod method, string url, string? body, CancellationToken cancel)
        {
            using var request = new HttpRequestMessage(method, url) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await http.SendAsync(request, cancel);
            var text = await answer.Content.ReadAsStringAsync(cancel);
            return answer.IsSuccessStatusCode ? text : throw new InvalidOperationException($"{method} {url} answered {(int)answer.StatusCode}: {text}");
        }

        public void Dispose() => http.Dispose();
    }
}
