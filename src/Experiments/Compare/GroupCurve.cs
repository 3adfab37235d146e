namespace Squero.Experiments;

/// <summary>One line for several: the mean at each place of the axis, between the lowest and the highest. Pure.</summary>
internal static class GroupCurve
{
    /// <summary>Where more places are measured than this, neighbours are taken together.</summary>
    public const int MaxPlaces = 600;

    /// <param name="lines">The points of each member, in order of x; what is not finite is left out.</param>
    /// <param name="total">How many points there were before any was left out.</param>
    /// <param name="isShared">
    /// Whether the members measured at the same places, as at steps. Times never agree: then as many places are made as the longest
    /// member has points, so that a mean is one of several and not of whoever happened to be there.
    /// </param>
    public static Curve Of(string name, IReadOnlyList<IReadOnlyList<(double X, double Y)>> lines, long total, bool isShared = true)
    {
        var finite = lines.Select(line => line.Where(point => double.IsFinite(point.Y)).ToList()).ToList();
        var places = finite.SelectMany(line => line.Select(point => point.X)).Distinct().Order().ToList();
        var bucketOf = BucketOf(places, isShared ? MaxPlaces : Math.Min(MaxPlaces, finite.Max(line => line.Count)));
        var buckets = new SortedDictionary<int, Bucket>();
        foreach (var line in finite)
        {
            foreach (var part in line.GroupBy(point => bucketOf(point.X)))
            {
                if (!buckets.TryGetValue(part.Key, out var bucket))
                {
                    buckets[part.Key] = bucket = new Bucket();
                }

                bucket.Add(part);
            }
        }

        var all = buckets.Values.ToList();
        return new Curve(name, [.. all.Select(bucket => (bucket.X, bucket.Mean))], total)
        {
            Low = [.. all.Select(bucket => bucket.Low)],
            High = [.. all.Select(bucket => bucket.High)],
            Members = lines.Count,
        };
    }

    /// <summary>One metric over another: members meet at the steps they share, and the mean of each metric is taken there.</summary>
    public static Curve OverMetric(string name, IReadOnlyList<IReadOnlyList<(long Step, double X, double Y)>> members, CurveRange range)
    {
        var finite = members.Select(member => member.Where(point => double.IsFinite(point.Y)).ToList()).ToList();
        var across = Of(name, [.. finite.Select(member => (IReadOnlyList<(double, double)>)[.. member.Select(point => ((double)point.Step, point.X))])], 0);
        var up = Of(name, [.. finite.Select(member => (IReadOnlyList<(double, double)>)[.. member.Select(point => ((double)point.Step, point.Y))])], 0);
        var order = Enumerable.Range(0, up.Points.Count).Where(index => range.Holds(across.Points[index].Y)).OrderBy(index => across.Points[index].Y).ToList();
        var (total, gaps) = (members.Sum(member => (long)member.Count), members.Sum(member => (long)member.Count(point => !double.IsFinite(point.Y))));
        return up with
        {
            Points = [.. order.Select(index => (across.Points[index].Y, up.Points[index].Y))],
            Low = [.. order.Select(index => up.Low[index])],
            High = [.. order.Select(index => up.High[index])],
            Total = total,
            Gaps = gaps,
        };
    }

    private static Func<double, int> BucketOf(List<double> places, int limit)
    {
        if (places.Count <= limit)
        {
            var at = places.Select((x, index) => (x, index)).ToDictionary(pair => pair.x, pair => pair.index);
            return x => at[x];
        }

        var (low, high) = (places[0], places[^1]);
        return x => Math.Min(limit - 1, (int)((x - low) / (high - low) * limit));
    }

    /// <summary>Each member counts once, however many points it has here; the lowest and the highest point of all are kept.</summary>
    private sealed class Bucket
    {
        private double sumOfX, sumOfMeans;
        private int members;

        public double X => sumOfX / members;

        public double Mean => sumOfMeans / members;

        public double Low { get; private set; } = double.PositiveInfinity;

        public double High { get; private set; } = double.NegativeInfinity;

        public void Add(IEnumerable<(double X, double Y)> points)
        {
            var (x, y, count) = (0.0, 0.0, 0);
            foreach (var point in points)
            {
                x += point.X;
                y += point.Y;
                count++;
                Low = Math.Min(Low, point.Y);
                High = Math.Max(High, point.Y);
            }

            sumOfX += x / count;
            sumOfMeans += y / count;
            members++;
        }
    }
}
