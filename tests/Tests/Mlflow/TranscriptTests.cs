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
    public Task Logged_models_are_answered_as_recorded() =>
        CheckAsync(
            "09_logged_models",
            98, // there a dataset without a digest is one with the digest null, so that nothing is found
            110, // ordered by names, one of which is random
            100); // there status is compared as a number, so that READY finds nothing

    [Fact]
    public Task What_autologging_sends_is_answered_as_recorded() =>
        CheckAsync(
            "02_autolog_like",
            25, // read while a tag of the same moment was still being written
            73); // a file name that is not Latin: 500 there

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
            24); // a doubled slash: redirected there, refused here

    private async Task CheckAsync(string transcript, params int[] otherwise)
    {
        var replay = new TranscriptReplay(author.Http, $"{server.Url.ToString().TrimEnd('/')}/api/v4/projects/ada%2Fchurn/ml/mlflow");
        var differences = await replay.RunAsync(TestData.Path($"mlflow/{transcript}.jsonl"), otherwise);
        Assert.True(differences.Count == 0, string.Join('\n', differences.Take(40)));
    }
}
