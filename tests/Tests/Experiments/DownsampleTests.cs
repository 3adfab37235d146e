using CsCheck;
using Squero.Experiments;

namespace Squero.Tests.Experiments;

public sealed class DownsampleTests
{
    [Fact]
    public void No_peak_gap_or_end_is_lost()
    {
        var value = Gen.Frequency((20, Gen.Double[-1000, 1000]), (1, Gen.Const(double.NaN)));
        Gen.Select(value.Array[0, 3000], Gen.Int[5, 400]).Sample((values, limit) =>
        {
            var kept = Downsample.Indices(values, limit);
            Assert.True(kept.Count <= Math.Max(limit, Math.Min(values.Length, limit)));
            Assert.Equal(kept.Order().Distinct(), kept);
            if (values.Length == 0)
            {
                return;
            }

            Assert.Equal(0, kept[0]);
            Assert.Equal(values.Length - 1, kept[^1]);
            var numbers = values.Where(number => !double.IsNaN(number)).ToList();
            var shown = kept.Select(index => values[index]).ToList();
            if (numbers.Count > 0)
            {
                Assert.Contains(numbers.Min(), shown);
                Assert.Contains(numbers.Max(), shown);
            }

            Assert.Equal(values.Any(double.IsNaN), shown.Any(double.IsNaN));
        }, iter: 500);
    }

    [Fact]
    public void Each_bucket_keeps_its_lowest_and_highest() =>
        Gen.Double[-10, 10].Array[200, 2000].Sample(values =>
        {
            const int limit = 50;
            var kept = Downsample.Indices(values, limit).ToHashSet();
            var (buckets, inner) = ((limit - 2) / 3, values.Length - 2);
            for (var bucket = 0; bucket < buckets; bucket++)
            {
                var from = 1 + (int)((long)inner * bucket / buckets);
                var to = 1 + (int)((long)inner * (bucket + 1) / buckets);
                var part = values[from..to];
                var shown = Enumerable.Range(from, to - from).Where(kept.Contains).Select(index => values[index]).ToList();
                Assert.Contains(part.Min(), shown);
                Assert.Contains(part.Max(), shown);
            }
        }, iter: 200);

    [Fact]
    public void A_short_series_stays_whole() => Assert.Equal([0, 1, 2], Downsample.Indices([3.0, 1.0, 2.0], 100));
}
