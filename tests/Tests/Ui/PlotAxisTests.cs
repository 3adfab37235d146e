using CsCheck;
using Squero.Ui;

namespace Squero.Tests.Ui;

public sealed class PlotAxisTests
{
    [Fact]
    public void Numbers_stand_in_their_order_and_within_the_axis() =>
        Gen.Double[-1e6, 1e6].Array[1, 30].Sample(values =>
        {
            var axis = PlotAxis.Of("x", [.. values.Select(value => MetricText.Full(value))]);
            Assert.True(axis.IsNumeric);
            var shares = values.Order().Select(value => axis.ShareOf(MetricText.Full(value))!.Value).ToList();
            Assert.All(shares, share => Assert.InRange(share, 0, 1));
            Assert.Equal(shares.Order(), shares);
            Assert.All(axis.Ticks, tick => Assert.InRange(tick.Share, 0, 1));
        });

    [Fact]
    public void Rates_that_span_powers_of_ten_stand_at_equal_distances()
    {
        var axis = PlotAxis.Of("rate", ["0.001", "0.01", "0.1"]);
        Assert.True(axis.IsPowers);
        Assert.Equal(axis.ShareOf("0.01")!.Value - axis.ShareOf("0.001")!.Value, axis.ShareOf("0.1")!.Value - axis.ShareOf("0.01")!.Value, 9);
        Assert.Equal(["0.001", "0.01", "0.1"], axis.Ticks.Select(tick => tick.Text));
        Assert.Null(axis.ShareOf("0"));
    }

    [Fact]
    public void Words_stand_beside_each_other_and_what_is_absent_nowhere()
    {
        var axis = PlotAxis.Of("model", ["tree", null, "forest", "1"]);
        Assert.False(axis.IsNumeric);
        Assert.Equal(["1", "forest", "tree"], axis.Ticks.Select(tick => tick.Text));
        Assert.Null(axis.ShareOf((string?)null));
        Assert.Null(axis.ShareOf("unknown"));
        Assert.NotNull(axis.ShareOf(1));
        Assert.Null(PlotAxis.Of("x", ["1", "NaN"]).ShareOf("NaN"));
        Assert.Empty(PlotAxis.Of("none", Array.Empty<string?>()).Ticks);
    }
}
