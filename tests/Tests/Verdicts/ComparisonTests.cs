using CsCheck;
using Squero.Verdicts;

namespace Squero.Tests.Verdicts;

public sealed class ComparisonTests
{
    [Theory]
    [InlineData("auc", "higher")]
    [InlineData("val_loss", "lower")]
    [InlineData("test/RMSE", "lower")]
    [InlineData("brier", "lower")]
    [InlineData("latency_ms", "lower")]
    [InlineData("log_loss", "lower")]
    [InlineData("f1.macro", "higher")]
    [InlineData("glossary", "higher")]
    public void The_direction_is_guessed_from_the_words_of_the_name(string metric, string expected) =>
        Assert.Equal(expected, MetricDirections.Guess(metric).ToWord());

    [Fact]
    public void Better_in_one_direction_is_worse_in_the_other() =>
        Gen.Select(Gen.Double[-100, 100], Gen.Double[-100, 100]).Sample((candidate, baseline) =>
        {
            var up = Comparison.Between(candidate, baseline, MetricDirection.HigherIsBetter);
            var down = Comparison.Between(candidate, baseline, MetricDirection.LowerIsBetter);
            return up.Difference.Equals(down.Difference)
                && (up.Standing, down.Standing) is (Standing.Better, Standing.Worse) or (Standing.Worse, Standing.Better) or (Standing.Equal, Standing.Equal);
        });

    [Fact]
    public void What_is_no_number_is_not_judged() =>
        Assert.Equal(Standing.Unknown, Comparison.Between(double.NaN, 1, MetricDirection.HigherIsBetter).Standing);

    [Fact]
    public void The_command_compares_means_and_says_what_it_does_not_know()
    {
        var output = new StringWriter();
        var code = VerdictCommands.Run("""{"metric":"auc","baseline":[0.8,0.82],"candidates":[{"name":"c-1","values":[0.83]}]}""", false, output);
        Assert.Equal(0, code);
        Assert.Contains("better (+0.02)", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("single values: noise unknown", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"metric":"auc"}""")]
    [InlineData("""{"metric":"auc","baseline":[],"candidates":[]}""")]
    [InlineData("""{"metric":"auc","direction":"sideways","baseline":[1],"candidates":[]}""")]
    public void What_is_no_comparison_is_said_so(string text)
    {
        var output = new StringWriter();
        Assert.Equal(2, VerdictCommands.Run(text, true, output));
        Assert.Contains("no comparison", output.ToString(), StringComparison.Ordinal);
    }
}
