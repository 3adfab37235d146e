using Squero.Verdicts;

namespace Squero.Tests.Verdicts;

public sealed class MetricOrderTests
{
    [Fact]
    public void What_judges_the_result_comes_first()
    {
        string[] names = ["train_loss", "system/cpu", "brier", "val_auc", "accuracy", "auc", "training.loss"];
        Assert.Equal(
            ["auc", "accuracy", "brier", "val_auc", "train_loss", "training.loss", "system/cpu"],
            names.OrderBy(MetricOrder.Rank).ThenBy(name => name, StringComparer.Ordinal));
    }

    [Fact]
    public void A_name_that_only_begins_alike_is_no_training_metric() =>
        Assert.Equal(MetricOrder.Rank("brier"), MetricOrder.Rank("trainability"));
}
