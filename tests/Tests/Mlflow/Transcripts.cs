namespace Squero.Tests.Mlflow;

/// <summary>A recorded session of the real client with the real server, and what we answer otherwise on purpose.</summary>
/// <param name="Otherwise">Numbers of exchanges, each with the reason.</param>
/// <param name="After">The session that went before it on the same server, if it builds on that.</param>
internal sealed record Transcript(string Name, IReadOnlyDictionary<int, string> Otherwise, string? After = null)
{
    public string File => TestData.Path($"mlflow/{Name}.jsonl");
}

internal static class Transcripts
{
    public static IReadOnlyList<Transcript> All { get; } =
    [
        Of("01_basic_fluent_run"),
        Of(
            "02_autolog_like",
            ("read while a tag of the same moment was still being written", [25]),
            ("a file name that is not Latin: 500 there", [73])),
        Of(
            "03_search_runs",
            ("ordered by run ids, which are random", [120, 125]),
            ("an experiment id that is no number: 500 there, no runs here", [146]),
            ("lists over experiments of other scenarios", [147, 148])),
        Of(
            "04_experiments",
            ("another sentence for the same fault", [61, 66]),
            ("pages over all experiments of the recording server", [77, 78])),
        Of("05_model_registry", ("run ids that begin with a: ours are random", [133])),
        Of(
            "06_errors_and_limits",
            ("a value that is no number is dropped there and refused here", [88]),
            ("ordered by start time: a run without one starts now here, in 1970 there", [114, 115, 116]),
            ("pages over experiments of other scenarios", [122, 138, 139]),
            ("a known path with another method: 405 there, 404 here", [131]),
            ("a slash at the end is another address there", [132]),
            ("the landing page", [144])),
        Of("07_metric_history", ("without max_results the recording server answers nothing but a token", [40])),
        Of("08_datasets_log_input"),
        Of(
            "09_logged_models",
            ("a dataset without a digest is one with the digest null there, so that nothing is found", [98]),
            ("a status is compared as a number there, so that READY finds nothing", [100]),
            ("ordered by names, one of which is random", [110])),
        Of(
            "10_traces",
            ("a path on the recording machine was renamed in the answer alone", [25]),
            ("a span's attribute with that value is found here; there = never finds one", [50]),
            ("gzip is read here", [109, 110])),
        Of("10b_scorers_eval_datasets") with { After = "10_traces" },
        Of("11_prompt_registry", ("models of other scenarios", [60])),
        Of(
            "12_webhooks",
            ("a model's latest versions name their aliases here every time", [23])),
        Of(
            "13_mlflow_artifacts",
            ("the root of the proxy holds only files of no run here", [18]),
            ("a doubled slash: redirected there, refused here", [24]),
            ("uploads in parts: a server on a local disk has none there", [25, 26, 27, 33])),
    ];

    public static Transcript Named(string name) => All.Single(transcript => transcript.Name == name);

    private static Transcript Of(string name, params (string Why, int[] Numbers)[] otherwise) =>
        new(name, otherwise.SelectMany(entry => entry.Numbers.Select(number => (number, entry.Why))).ToDictionary(pair => pair.number, pair => pair.Why));
}
