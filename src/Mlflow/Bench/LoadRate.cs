using System.Diagnostics;

namespace Squero.Mlflow;

/// <summary>How many requests a second were answered, and how long the slowest hundredth waited.</summary>
internal readonly record struct LoadRate(int Count, double PerSecond, double MedianMs, double P95Ms, double P99Ms)
{
    /// <summary>Every lane asks as soon as it was answered, for a while; first for as long without counting, so that the code is compiled.</summary>
    /// <param name="act">Lane and number of the request within it.</param>
    /// <param name="onWarm">Called between the two.</param>
    public static async Task<LoadRate> MeasureAsync(int lanes, TimeSpan duration, Func<int, int, ValueTask> act, Action? onWarm = null)
    {
        var warm = await RunAsync(lanes, duration, 0, act);
        onWarm?.Invoke();
        return await RunAsync(lanes, duration, warm.Count, act);
    }

    /// <summary>One lane, a number of times, after one that does not count.</summary>
    public static async Task<LoadRate> RepeatAsync(int times, Func<ValueTask> act)
    {
        await act();
        var own = new List<double>();
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < times; round++)
        {
            var asked = Stopwatch.GetTimestamp();
            await act();
            own.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
        }

        return Of(own, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<LoadRate> RunAsync(int lanes, TimeSpan duration, int first, Func<int, int, ValueTask> act)
    {
        var started = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => Task.Run(async () =>
        {
            var own = new List<double>();
            for (var index = first; Stopwatch.GetElapsedTime(started) < duration; index++)
            {
                var asked = Stopwatch.GetTimestamp();
                await act(lane, index);
                own.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            return own;
        })));
        return Of([.. times.SelectMany(own => own)], Stopwatch.GetElapsedTime(started));
    }

    private static LoadRate Of(List<double> times, TimeSpan taken)
    {
        times.Sort();
        double At(double share) => times.Count == 0 ? 0 : times[Math.Min(times.Count - 1, (int)(times.Count * share))];
        return new LoadRate(times.Count, times.Count / taken.TotalSeconds, At(0.5), At(0.95), At(0.99));
    }
}
