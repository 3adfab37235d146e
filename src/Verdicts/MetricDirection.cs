namespace Squero.Verdicts;

/// <summary>Which values of a metric are good.</summary>
public enum MetricDirection
{
    HigherIsBetter,
    LowerIsBetter,
}

public static class MetricDirections
{
    private static readonly string[] Lower =
        ["loss", "error", "err", "rmse", "mse", "mae", "mape", "brier", "logloss", "nll", "perplexity", "latency", "wer", "cer", "fpr", "fnr", "duration", "seconds"];

    /// <summary>A guess by the words of a metric's name: loss, error, rmse … are better when lower, everything else when higher.</summary>
    public static MetricDirection Guess(string metric)
    {
        var words = metric.ToLowerInvariant().Split(['_', '-', '.', '/', ' ', ':'], StringSplitOptions.RemoveEmptyEntries);
        return words.Any(word => Lower.Contains(word)) ? MetricDirection.LowerIsBetter : MetricDirection.HigherIsBetter;
    }

    /// <summary>"higher" or "lower"; null for another word.</summary>
    public static MetricDirection? Parse(string word) =>
        word.ToLowerInvariant() switch
        {
            "higher" or "higher_is_better" or "maximize" => MetricDirection.HigherIsBetter,
            "lower" or "lower_is_better" or "minimize" => MetricDirection.LowerIsBetter,
            _ => null,
        };

    public static string ToWord(this MetricDirection direction) => direction == MetricDirection.HigherIsBetter ? "higher" : "lower";
}
