using CsCheck;
using Squero.Experiments;

namespace Squero.Tests.Experiments;

public sealed class PointBlockTests
{
    internal static readonly Gen<double> Values = Gen.OneOf(
        Gen.Double, Gen.OneOf(Gen.Const(0.0), Gen.Const(1.5), Gen.Const(double.NaN), Gen.Const(double.PositiveInfinity), Gen.Const(double.NegativeInfinity), Gen.Const(double.MaxValue), Gen.Const(double.Epsilon)));

    private static readonly Gen<long> Numbers = Gen.OneOf(Gen.Long, Gen.Long[-3, 1000], Gen.OneOf(Gen.Const(long.MinValue), Gen.Const(long.MaxValue), Gen.Const(0L)));

    private static readonly Gen<MetricPoint> Points = Gen.Select(Numbers, Numbers, Values, (step, at, value) => new MetricPoint(step, at, value));

    [Fact]
    public void Any_points_come_back_as_they_were() =>
        Points.Array[0, 300].Sample(points =>
        {
            List<MetricPoint> read = [new(7, 7, 7)];
            PointBlock.Read(PointBlock.Write(points), read);
            Assert.Equal([new(7, 7, 7), .. points], read);
        });

    [Fact]
    public void A_regular_series_takes_about_ten_bytes_a_point()
    {
        var points = Enumerable.Range(0, PointBlock.MaxPoints).Select(step => new MetricPoint(step, 1_700_000_000_000 + (step * 250), 1.0 / (step + 1))).ToArray();
        Assert.InRange(PointBlock.Write(points).Length, 0, 10.1 * points.Length);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 9, 1 })]
    [InlineData(new byte[] { 1, 100, 0, 0 })]
    public void What_is_no_block_is_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => PointBlock.Read(bytes, []));

    [Fact]
    public void Arranged_points_are_in_order_and_none_occurs_twice() =>
        Gen.Select(Gen.Long[0, 4], Gen.Long[0, 3], Gen.OneOf(Gen.Const(0.0), Gen.Const(1.0), Gen.Const(double.NaN)), (step, at, value) => new MetricPoint(step, at, value)).List[0, 60].Sample(points =>
        {
            foreach (var order in (SeriesOrder[])[SeriesOrder.ByStep, SeriesOrder.ByTime])
            {
                var arranged = new List<MetricPoint>(points);
                order.Arrange(arranged);
                Assert.Equal(points.ToHashSet(), arranged.ToHashSet());
                Assert.All(arranged.Zip(arranged.Skip(1)), pair => Assert.True(order.Compare(pair.First, pair.Second) < 0));
            }
        });

    [Fact]
    public void However_points_arrive_blocks_stay_few_and_are_rewritten_seldom() =>
        Gen.Int[1, 900].List[1, 400].Sample(arrivals =>
        {
            List<long> blocks = [];
            var rewritten = 0L;
            foreach (var added in arrivals)
            {
                var merged = BlockTiers.Merged(blocks, added);
                var old = blocks.TakeLast(merged).Sum();
                rewritten += old;
                blocks.RemoveRange(blocks.Count - merged, merged);
                for (var left = old + added; left > 0; left -= PointBlock.MaxPoints)
                {
                    blocks.Add(Math.Min(left, PointBlock.MaxPoints));
                }
            }

            var all = arrivals.Sum(added => (long)added);
            Assert.Equal(all, blocks.Sum());
            Assert.InRange(blocks.Count, 0, (all / (PointBlock.MaxPoints / 2)) + 14);
            Assert.InRange(rewritten, 0, 13 * all);
        });
}
