namespace Squero.Tests.Mlflow;

/// <summary>What the real client said to the real server, said to ours.</summary>
public sealed class TranscriptTests : IAsyncLifetime
{
    private TestServer server = null!;
    private TestPerson author = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public Task A_fluent_run_is_answered_as_recorded() => CheckAsync("01_basic_fluent_run");

    [Fact]
    public Task Searches_of_runs_are_answered_as_recorded() =>
        CheckAsync(
            "03_search_runs",
            120, 125, // ordered by run ids, which are random
            146, // an experiment id that is no number: 500 there, no runs here
            147, 148); // lists over experiments of other scenarios

    [Fact]
    public Task Experiments_are_answered_as_recorded() =>
        CheckAsync(
            "04_experiments",
            61, 66, // another sentence for the same fault
            77, 78); // pages of three over all experiments of the recording server

    [Fact]
    public Task The_model_registry_answers_as_recorded() => CheckAsync("05_model_registry");

    [Fact]
    public Task Logged_models_are_answered_as_recorded() => CheckAsync(
            "09_logged_models",
            34, 72, 93, 95, 96, 98, 102, 108, 109, 111, 116, // metrics of logged models are not kept yet
            99, 104, 105, 106, 110, 112, 113, 114, 117, // filters and orders of logged models that are not served yet
            40, 55, 58, 70, 73, // outputs of a run stand in the order in which they were logged
            75, 76); // sizes of files of which the recording keeps the beginning only

    [Fact]
    public Task Prompts_are_answered_as_recorded() => CheckAsync(
            "11_prompt_registry",
            60); // models of other scenarios

    [Fact]
    public Task Errors_and_limits_are_answered_as_recorded() =>
        CheckAsync(
            "06_errors_and_limits",
            88, // a value that is no number was dropped there; it is refused here
            114, 115, 116, // ordered by start time: a run without one starts now here, in 1970 there
            122, 138, 139, // pages over experiments of other scenarios
            131, // a known path with another method: 405 there, 404 here
            132, // a slash at the end is no other address here
            144); // the landing page

    [Fact]
    public Task Histories_are_answered_as_recorded() =>
        CheckAsync(
            "07_metric_history",
            40); // without max_results the recording server answers nothing but a token

    [Fact]
    public Task Datasets_are_answered_as_recorded() => CheckAsync("08_datasets_log_input");

    [Fact]
    public Task Artifacts_are_answered_as_recorded() =>
        CheckAsync(
            "13_mlflow_artifacts",
            18, // the root: here it holds only files of no run
            24, // a doubled slash: redirected there, refused here
            38, 44, 45); // sizes of files of which the recording keeps the beginning only

    private async Task CheckAsync(string transcript, params int[] otherwise)
    {
        var replay = new TranscriptReplay(author.Http, $"{server.Url.ToString().TrimEnd('/')}/api/v4/projects/ada%2Fchurn/ml/mlflow");
        var differences = await replay.RunAsync(TestData.Path($"mlflow/{transcript}.jsonl"), otherwise);
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(40)));
    }
}
