using CsCheck;
using Squero.Ui;

namespace Squero.Tests.Ui;

public sealed class StripScaleTests
{
    [Fact]
    public void Every_value_lies_within_the_plot() =>
        Gen.Double[-1e12, 1e12].List[1, 30].Sample(values =>
        {
            var scale = StripScale.Of(values);
            Assert.All(values, value => Assert.InRange(scale.Share(value), 0, 1));
            Assert.InRange(scale.Ticks.Count, 1, 20);
            Assert.All(scale.Ticks, tick => Assert.InRange(tick, scale.Low, scale.High));
        });

    [Fact]
    public void Order_is_kept() =>
        Gen.Double[-1e6, 1e6].List[2, 30].Sample(values =>
        {
            var scale = StripScale.Of(values);
            var shares = values.Order().Select(scale.Share).ToList();
            Assert.Equal(shares.Order(), shares);
        });

    [Fact]
    public void Ticks_are_round_and_as_precise_as_their_distance()
    {
        var scale = StripScale.Of([0.9, 0.94]);

        Assert.Equal(["0.90", "0.91", "0.92", "0.93", "0.94"], scale.Ticks.Select(scale.Text));
    }

    [Fact]
    public void One_value_stands_in_the_middle() => Assert.Equal(0.5, StripScale.Of([7]).Share(7), 6);

    [Fact]
    public void Without_a_number_there_is_still_a_scale() =>
        Assert.Equal([0, 0.5, 1], StripScale.Of([double.NaN, double.PositiveInfinity]).Ticks);

    [Fact]
    public async Task A_plot_draws_each_finite_value_once_and_names_all_for_readers_of_the_screen()
    {
        var html = await RenderedComponent.Of<StripPlot>(new()
        {
            ["Label"] = "auc",
            ["Groups"] = (IReadOnlyList<StripGroup>)[new("<b>one", [0.91, double.NaN, 0.93], 0.9, 0.94), new("two", [0.92])],
            ["Baseline"] = new StripBaseline("now", 0.9, 0.91, 0.92),
        });

        Assert.Equal(3, html.Split("<circle").Length - 1);
        Assert.Contains("aria-label=\"auc: &lt;b&gt;one 0.91, NaN, 0.93; two 0.92; now 0.91\"", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
    }
}
