using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Squero.Tests.Demo;

public sealed class StoryTrackingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Training_tells_the_tracking_server_everything()
    {
        await using var server = await TrackingStandIn.Start(Cancel);
        using var story = StoryFolder.OfMain();
        (await story.Train(Cancel, [.. At(server), "LEARNING_RATE=0.01"])).ShouldSucceed();

        Assert.Equal("churn", (string)server.Bodies("experiments/create").Single()["name"]!);
        var created = server.Bodies("runs/create").Single();
        Assert.Equal(("7", "plain lr=0.01 l2=0"), ((string)created["experiment_id"]!, (string)created["run_name"]!));
        Assert.Equal(
            ["features", "learning_rate", "l2", "epochs", "seed", "train_rows", "test_rows", "data_sha256"],
            server.Bodies("runs/log-batch").First()["params"]!.AsArray().Select(param => (string)param!["key"]!));
        foreach (var curve in new[] { "train_loss", "val_auc" })
        {
            Assert.Equal(Enumerable.Range(1, 30).Select(step => (long)step), server.Curve(curve).Select(at => at.Step));
        }

        foreach (var metric in new[] { "auc", "accuracy", "log_loss", "brier" })
        {
            Assert.InRange(Assert.Single(server.Curve(metric)).Value, 0.05, 0.95);
        }

        var ended = server.Bodies("runs/update").Single();
        Assert.Equal(("r1", "FINISHED"), ((string)ended["run_id"]!, (string)ended["status"]!));
        Assert.True((long)ended["end_time"]! >= (long)created["start_time"]!);
    }

    [Fact]
    public async Task The_artifacts_arrive_as_they_are_on_the_disk()
    {
        await using var server = await TrackingStandIn.Start(Cancel);
        using var story = StoryFolder.OfMain();
        (await story.Train(Cancel, At(server))).ShouldSucceed();

        Assert.Equal(
            ["importance.csv", "metrics.json", "model.onnx", "predictions.csv", "roc.svg"],
            server.Artifacts.Keys.Select(path => path.Replace("7/r1/artifacts/", "", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal));
        foreach (var (path, bytes) in server.Artifacts)
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(story.Candidate(), Path.GetFileName(path)), Cancel), bytes);
        }
    }

    [Fact]
    public async Task Training_outlives_a_server_that_is_away_for_a_moment()
    {
        await using var server = await TrackingStandIn.Start(Cancel, failures: 2);
        using var story = StoryFolder.OfMain();
        var ending = await story.Train(Cancel, At(server));
        ending.ShouldSucceed();
        Assert.Contains("tracking: the server answers 503; again in 0.5 s", ending.Output, StringComparison.Ordinal);
        Assert.Equal(30, server.Curve("val_auc").Count);
    }

    [Fact]
    public async Task Two_jobs_may_want_the_same_experiment_at_once()
    {
        await using var server = await TrackingStandIn.Start(Cancel, losesTheRace: true);
        using var story = StoryFolder.OfMain();
        (await story.Train(Cancel, At(server))).ShouldSucceed();
        Assert.Equal("7", (string)server.Bodies("runs/create").Single()["experiment_id"]!);
    }

    [Fact]
    public async Task A_refused_token_ends_training_with_a_sentence()
    {
        await using var server = await TrackingStandIn.Start(Cancel);
        using var story = StoryFolder.OfMain();
        var ending = await story.Train(Cancel, $"MLFLOW_TRACKING_URI={server.Uri}", "MLFLOW_TRACKING_TOKEN=wrong");
        Assert.Equal(1, ending.Code);
        Assert.Contains("401: The token is not known. Is MLFLOW_TRACKING_TOKEN set and valid?", ending.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", ending.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_training_that_fails_says_so_to_the_server()
    {
        await using var server = await TrackingStandIn.Start(Cancel);
        using var story = StoryFolder.OfMain();
        File.Delete(story.Path("data", "churn.csv"));
        var ending = await story.Train(Cancel, At(server));
        Assert.Equal(1, ending.Code);
        Assert.Equal("FAILED", (string)server.Bodies("runs/update").Single()["status"]!);
    }

    [Fact]
    public async Task A_cancelled_training_says_so_to_the_server()
    {
        await using var server = await TrackingStandIn.Start(Cancel);
        using var story = StoryFolder.OfMain();
        using var training = story.Start(["-S", "train.py"], [.. At(server), "EPOCHS=1000000"]);
        await server.MetricSeen.WaitAsync(Cancel);

        using var kill = Process.Start("kill", ["-TERM", training.Id.ToString(CultureInfo.InvariantCulture)]);
        await training.WaitForExitAsync(Cancel);
        Assert.Equal(143, training.ExitCode);
        Assert.Equal("KILLED", (string)server.Bodies("runs/update").Single()["status"]!);
    }

    [Fact]
    public async Task A_cancelled_training_does_not_wait_for_a_server_that_is_gone()
    {
        using var story = StoryFolder.OfMain();
        Process training;
        await using (var server = await TrackingStandIn.Start(Cancel))
        {
            training = story.Start(["-S", "train.py"], [.. At(server), "EPOCHS=1000000"]);
            await server.MetricSeen.WaitAsync(Cancel);
        }

        using (training)
        {
            await WaitFor(training, "again in 0.5 s");
            using var kill = Process.Start("kill", ["-TERM", training.Id.ToString(CultureInfo.InvariantCulture)]);
            await training.WaitForExitAsync(Cancel);
            Assert.Equal(143, training.ExitCode);
            Assert.Contains("gave up after 2 attempts.", await training.StandardError.ReadToEndAsync(Cancel), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_mlflow_package_is_used_where_it_is_installed()
    {
        using var story = StoryFolder.OfMain();
        await File.WriteAllTextAsync(story.Path("mlflow.py"), """
            __version__ = "3.6"
            def get_tracking_uri(): return "somewhere"
            def __getattr__(name):
                if name.startswith("__"): raise AttributeError(name)
                return lambda *given, **named: print("mlflow:", name, *given, named)
            """, Encoding.UTF8, Cancel);
        var ending = await story.Train(Cancel, "MLFLOW_TRACKING_URI=http://127.0.0.1:1");
        ending.ShouldSucceed();
        var calls = ending.Output.Split('\n').Where(line => line.StartsWith("mlflow:", StringComparison.Ordinal)).ToList();
        Assert.StartsWith("mlflow: set_experiment churn", calls[0], StringComparison.Ordinal);
        Assert.Equal("mlflow: start_run {'run_name': 'plain lr=0.005 l2=0'}", calls[1]);
        Assert.Equal(64, calls.Count(call => call.StartsWith("mlflow: log_metric ", StringComparison.Ordinal)));
        Assert.Equal(5, calls.Count(call => call.StartsWith("mlflow: log_artifact ", StringComparison.Ordinal)));
        Assert.Equal("mlflow: end_run FINISHED {}", calls[^1]);
    }

    private static async Task WaitFor(Process process, string words)
    {
        while (await process.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            if (line.Contains(words, StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail($"The program ended without saying '{words}'.");
    }

    private static string[] At(TrackingStandIn server) =>
        [$"MLFLOW_TRACKING_URI={server.Uri}", $"MLFLOW_TRACKING_TOKEN={TrackingStandIn.Token}"];
}
