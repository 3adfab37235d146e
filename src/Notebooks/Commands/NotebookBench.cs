using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Squero.Notebooks;

/// <summary>Two versions of a notebook, in memory.</summary>
public sealed record NotebookPair(string Name, byte[] Before, byte[] After);

/// <summary>Milliseconds of one diff: the median that passed, and the mean that all threads computed.</summary>
internal readonly record struct NotebookTime(double Elapsed, double Computed);

/// <summary>Measures the way from bytes in memory to finished JSON, with nothing kept between runs, and scores the outcome.</summary>
internal static class NotebookBench
{
    private const int Repeats = 5;
    private const int WarmBytes = 600_000;
    private static readonly TimeSpan WarmTime = TimeSpan.FromSeconds(6);

    /// <summary>False when the pair failed: an exception, which is a bug whatever the input.</summary>
    public static bool Measure(NotebookPair pair, NotebookTime taken, Func<Action, long> peakOf, TextWriter output)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("name", pair.Name);
            json.WriteNumber("bytes", Math.Max(pair.Before.Length, pair.After.Length));
            json.WriteNumber("input_bytes", pair.Before.Length + (long)pair.After.Length);
            var measured = TryMeasure(pair, taken, peakOf, json);
            json.WriteEndObject();
            json.Flush();
            output.WriteLine(System.Text.Encoding.UTF8.GetString(line.WrittenSpan));
            return measured;
        }
    }

    /// <summary>
    /// Runs some of the pairs for a while, without counting: the runtime compiles what runs often anew, on other threads, and
    /// would still do so while the first half of a corpus is measured.
    /// </summary>
    public static void Warm(IEnumerable<NotebookPair> pairs, TimeProvider time)
    {
        var some = pairs.Where(pair => pair.Before.Length + pair.After.Length < WarmBytes).ToList();
        for (var start = time.GetTimestamp(); some.Count > 0 && time.GetElapsedTime(start) < WarmTime;)
        {
            some.ForEach(pair => TryOnce(pair));
        }
    }

    /// <summary>Zero for a pair that fails; why is told when it is measured.</summary>
    public static NotebookTime TimeOf(NotebookPair pair, TimeProvider time)
    {
        try
        {
            return MedianMilliseconds(pair, time);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return default;
        }
    }

    private static void TryOnce(NotebookPair pair)
    {
        try
        {
            Once(pair);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // Told where the pair is measured.
        }
    }

    private static bool TryMeasure(NotebookPair pair, NotebookTime taken, Func<Action, long> peakOf, Utf8JsonWriter json)
    {
        try
        {
            var diff = Once(pair);
            var peak = peakOf(() => Once(pair));
            var scores = PairScores.Of(pair);
            json.WriteNumber("ms", Math.Round(taken.Elapsed, 4));
            json.WriteNumber("cpu_ms", Math.Round(taken.Computed, 4));
            json.WriteNumber("peak_bytes", peak);
            json.WriteNumber("cells", diff.Cells.Count);
            json.WriteString("result", Result(diff));
            var patch = new ArrayBufferWriter<byte>();
            diff.WritePatch(patch);
            json.WriteBoolean("lossless", PatchApply.Apply(pair.Before, patch.WrittenMemory).After.AsSpan().SequenceEqual(pair.After));
            json.WriteNumber("diff_bytes", patch.WrittenCount);
            json.WriteNumber("diff_bytes_bound", PatchBound.Of(diff));
            scores.Write(json);
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            json.WriteString("result", "failed");
            json.WriteString("failure", failure.Message);
            return false;
        }
    }

    /// <summary>The median of elapsed time, and the mean of what all threads computed, which a busy machine changes less.</summary>
    private static NotebookTime MedianMilliseconds(NotebookPair pair, TimeProvider time)
    {
        Once(pair);
        var times = new List<double>(Repeats);
        var computed = Computed();
        for (var i = 0; i < Repeats; i++)
        {
            var start = time.GetTimestamp();
            Once(pair);
            times.Add(time.GetElapsedTime(start).TotalMilliseconds);
        }

        var spent = (Computed() - computed).TotalMilliseconds / Repeats;
        times.Sort();
        return new NotebookTime(times[Repeats / 2], spent);
    }

    private static TimeSpan Computed() => Environment.CpuUsage.TotalTime;

    private static NotebookDiff Once(NotebookPair pair)
    {
        var to = new ArrayBufferWriter<byte>(4096);
        var diff = NotebookDiff.Between(Notebook.Parse(pair.Before), Notebook.Parse(pair.After));
        diff.WriteJson(to);
        return diff;
    }

    private static string Result(NotebookDiff diff) =>
        !diff.Readable ? "fallback"
        : diff.Before.State == NotebookState.Repaired || diff.After.State == NotebookState.Repaired ? "repaired" : "ok";
}
