using System.Buffers;
using System.Runtime.InteropServices;

namespace Squero.Experiments;

/// <summary>
/// What one call logs of one metric, made ready on the caller's own time: there is one writer, and the less it has to do, the more
/// callers share a second of it. Points that come together are packed at once and travel as one row.
/// </summary>
internal sealed class SeriesParcel
{
    /// <summary>Fewer are stored one by one.</summary>
    public const int PackedFrom = 3;

    private SeriesParcel(string name, MetricPoint[] points)
    {
        (Name, Points) = (name, points);
        Latest = points[0];
        foreach (var point in points.AsSpan(1))
        {
            IsCurve |= point.Step != Latest.Step || point.AtMs != Latest.AtMs;
            if (SeriesOrder.ByStep.Compare(point, Latest) > 0)
            {
                Latest = point;
            }
        }

        Body = points.Length >= PackedFrom ? PointBlock.Write(points) : null;
    }

    public string Name { get; }

    /// <summary>In the order in which they came.</summary>
    public MetricPoint[] Points { get; }

    /// <summary>The greatest by step, time and value.</summary>
    public MetricPoint Latest { get; }

    /// <summary>Whether the points are of more than one moment.</summary>
    public bool IsCurve { get; }

    /// <summary>The points as a block; null when they are few.</summary>
    public byte[]? Body { get; }

    /// <summary>Points by name, in the order in which the names first come.</summary>
    public static SeriesParcel[] Of(IReadOnlyList<NamedPoint> logged)
    {
        if (logged.Count <= 1)
        {
            return logged.Count == 0 ? [] : [new SeriesParcel(logged[0].Name, [Kept(logged[0].Point)])];
        }

        var numbers = ArrayPool<int>.Shared.Rent(logged.Count);
        try
        {
            var counts = Count(logged, numbers);
            var groups = counts.ConvertAll(count => new MetricPoint[count]);
            var names = new string[counts.Count];
            for (var index = logged.Count - 1; index >= 0; index--)
            {
                var number = numbers[index];
                groups[number][--CollectionsMarshal.AsSpan(counts)[number]] = Kept(logged[index].Point);
                names[number] = logged[index].Name;
            }

            return [.. names.Zip(groups, (name, points) => new SeriesParcel(name, points))];
        }
        finally
        {
            ArrayPool<int>.Shared.Return(numbers);
        }
    }

    /// <summary>Numbers the name of each point; how many there are of each number.</summary>
    private static List<int> Count(IReadOnlyList<NamedPoint> logged, int[] numbers)
    {
        var names = new RecurringNames();
        var counts = new List<int>();
        for (var index = 0; index < logged.Count; index++)
        {
            var number = numbers[index] = names.NumberOf(logged[index].Name);
            if (number == counts.Count)
            {
                counts.Add(0);
            }

            CollectionsMarshal.AsSpan(counts)[number]++;
        }

        return counts;
    }

    /// <summary>As it will be read, wherever it is stored: the outermost doubles count as infinities, -0 as 0.</summary>
    private static MetricPoint Kept(MetricPoint point) =>
        point with { Value = point.Value == 0 ? 0.0 : MetricPoint.FromStored(point.Value, double.IsNaN(point.Value)) };
}
