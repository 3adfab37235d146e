using System.Diagnostics;

namespace Squero.Mlflow;

/// <summary>How many requests a second were answered, and how long the slowest hundredth waited.</summary>
internal readonly record struct LoadRate(int Count, double PerSecond, double MedianMs, double P95Ms, double P99Ms)
{
    private const int Turns = 5;

    /// <summary>Every lane asks as soon as it was answered, for a while; first for as long without counting, so that the code is compiled.</summary>
    /// <param name="act">Lane and number of the request within it.</param>
    /// <param name="onCount">Called when counting begins (true) and ends (false).</param>
    public static async Task<LoadRate> MeasureAsync(int lanes, TimeSpan duration, Func<int, int, ValueTask> act, Action<bool>? onCount = null)
    {
        var warm = await RunAsync(lanes, duration, 0, act);
        onCount?.Invoke(true);
        var counted = await RunAsync(lanes, duration, warm.Times.Count, act);
        onCount?.Invoke(false);
        return Of(counted);
    }

    /// <summary>
    /// Two loads in turns, so that a machine that is busy with something else for a while slows both and their ratio holds.
    /// </summary>
    /// <param name="onTurn">Called when the first load begins (true) and ends (false) to count.</param>
    public static async Task<(LoadRate First, LoadRate Second)> CompareAsync(
        int lanes, TimeSpan duration, Func<int, int, ValueTask> first, Func<int, int, ValueTask> second, Action<bool>? onTurn = null)
    {
        var warm = await RunAsync(lanes, duration / 2, 0, first);
        await RunAsync(lanes, duration / 2, 0, second);
        var (index, firsts, seconds) = (warm.Times.Count, default(LoadTimes), default(LoadTimes));
        for (var turn = 0; turn < Turns; turn++)
        {
            onTurn?.Invoke(true);
            var part = await RunAsync(lanes, duration / Turns, index, first);
            onTurn?.Invoke(false);
            index += part.Times.Count;
            firsts = part.After(firsts);
            seconds = (await RunAsync(lanes, duration / Turns, 0, second)).After(seconds);
        }

        return (Of(firsts), Of(seconds));
    }

    /// <summary>One lane, a number of times, after one that does not count.</summary>
    public static Task<LoadRate> RepeatAsync(int times, Func<ValueTask> act) =>
        RepeatAsync(
            times,
            async () =>
            {
                await act();
                return Stopwatch.GetTimestamp();
            });

    /// <param name="act">Returns when it had what it asked for, as a timestamp of <see cref="Stopwatch"/>.</param>
    public static async Task<LoadRate> RepeatAsync(int times, Func<ValueTask<long>> act)
    {
        await act();
        var own = new List<double>();
        var started = Stopwatch.GetTimestamp();
        for (var round = 0; round < times; round++)
        {
            var asked = Stopwatch.GetTimestamp();
            own.Add(Stopwatch.GetElapsedTime(asked, await act()).TotalMilliseconds);
        }

        return Of(new LoadTimes(own, Stopwatch.GetElapsedTime(started)));
    }

    private static async Task<LoadTimes> RunAsync(int lanes, TimeSpan duration, int first, Func<int, int, ValueTask> act)
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
        return new LoadTimes([.. times.SelectMany(own => own)], Stopwatch.GetElapsedTime(started));
    }

    private static LoadRate Of(LoadTimes load)
    {
        var times = load.Times;
        times.Sort();
        double At(double share) => times.Count == 0 ? 0 : times[Math.Min(times.Count - 1, (int)(times.Count * share))];
        return new LoadRate(times.Count, times.Count / load.Taken.TotalSeconds, At(0.5), At(0.95), At(0.99));
    }

    private readonly record struct LoadTimes(List<double> Times, TimeSpan Taken)
    {
        public LoadTimes After(LoadTimes earlier) => new([.. earlier.Times ?? [], .. Times], earlier.Taken + Taken);
    }
}
