using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Squero.Tests.Demo;

public sealed class StoryModelTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_models_of_main_answer_as_training_did()
    {
        using var story = StoryFolder.OfMain();
        (await story.Train(Cancel, "LEARNING_RATE=0.02", "L2=0.01")).ShouldSucceed();
        ShouldAnswerAsTrainingDid(story.Candidate());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("log")]
    [InlineData("crossed")]
    public async Task The_models_of_the_branch_take_the_same_six_columns(string variant)
    {
        using var story = StoryFolder.OfBranch();
        (await story.Train(Cancel, $"FEATURES={variant}")).ShouldSucceed();
        ShouldAnswerAsTrainingDid(story.Candidate());
    }

    [Fact]
    public async Task The_model_says_where_it_comes_from()
    {
        using var story = StoryFolder.OfBranch();
        (await story.Train(Cancel, "FEATURES=crossed")).ShouldSucceed();

        using var model = new InferenceSession(Path.Combine(story.Candidate(), "model.onnx"));
        Assert.Equal("churn/train.py", model.ModelMetadata.ProducerName);
        Assert.Equal(
            "tenure_months,monthly_charge,support_calls,contract_months,late_payments,is_paperless",
            model.ModelMetadata.CustomMetadataMap["columns"]);
        Assert.Equal([-1, 6], model.InputMetadata["features"].Dimensions);
        Assert.Equal([-1, 1], model.OutputMetadata["churn_probability"].Dimensions);
    }

    [Fact]
    public async Task The_data_file_is_what_its_maker_makes()
    {
        using var story = StoryFolder.OfMain();
        var made = await story.Python(Cancel, "tools/make_data.py");
        made.ShouldSucceed();
        Assert.Equal(story.Read("data", "churn.csv"), made.Output);
    }

    [Fact]
    public async Task Other_data_end_with_other_metrics()
    {
        using var story = StoryFolder.OfMain();
        (await story.Train(Cancel)).ShouldSucceed();
        var before = MetricsOf(story.Candidate());

        var made = await story.Python(Cancel, "tools/make_data.py", "--seed", "8");
        await File.WriteAllTextAsync(story.Path("data", "churn.csv"), made.Output, Cancel);
        (await story.Train(Cancel)).ShouldSucceed();

        var after = MetricsOf(story.Candidate());
        Assert.All(before, metric => Assert.NotEqual((double)metric.Value!, (double)after[metric.Key]!));
    }

    [Fact]
    public async Task The_same_data_end_with_the_same_metrics()
    {
        using var story = StoryFolder.OfMain();
        (await story.Train(Cancel)).ShouldSucceed();
        var before = MetricsOf(story.Candidate()).ToJsonString();
        (await story.Train(Cancel)).ShouldSucceed();
        Assert.Equal(before, MetricsOf(story.Candidate()).ToJsonString());
    }

    [Fact]
    public async Task The_branch_is_better_than_main()
    {
        using var story = StoryFolder.OfBranch();
        (await story.Train(Cancel, "FEATURES=plain")).ShouldSucceed();
        (await story.Train(Cancel, "FEATURES=crossed")).ShouldSucceed();
        var report = await story.Python(Cancel, "report.py");
        report.ShouldSucceed();
        Assert.Contains("best by auc: crossed", report.Output, StringComparison.Ordinal);

        var auc = Directory.GetDirectories(story.Path("out")).Order(StringComparer.Ordinal)
            .Select(folder => (double)MetricsOf(folder)["auc"]!).ToList();
        Assert.InRange(auc[1], 0.80, 0.88);
        Assert.True(auc[0] > auc[1] + 0.02, "crossed against plain");
    }

    private static void ShouldAnswerAsTrainingDid(string candidate)
    {
        var rows = File.ReadLines(Path.Combine(candidate, "predictions.csv")).Skip(1)
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())
            .ToList();
        Assert.Equal(215, rows.Count);

        using var model = new InferenceSession(Path.Combine(candidate, "model.onnx"));
        var columns = rows.SelectMany(row => row[..6]).Select(cell => (float)cell).ToArray();
        using var answer = model.Run(
            [NamedOnnxValue.CreateFromTensor("features", new DenseTensor<float>(columns, [rows.Count, 6]))]);
        var chances = Assert.Single(answer).AsTensor<float>();

        Assert.Equal([rows.Count, 1], chances.Dimensions.ToArray());
        for (var i = 0; i < rows.Count; i++)
        {
            Assert.Equal(rows[i][7], chances[i, 0], 1e-5);
        }
    }

    private static JsonObject MetricsOf(string candidate) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(candidate, "metrics.json")))!["metrics"]!.AsObject();
}
