using System.Buffers;
using System.Globalization;

namespace Squero.Notebooks;

/// <summary>Two versions of a notebook, in memory.</summary>
public sealed record NotebookPair(string Name, byte[] Before, byte[] After);

/// <summary>Measures the way from bytes in memory to finished JSON, with nothing kept between candidates.</summary>
internal static class NotebookBench
{
    private const int Repeats = 5;

    /// <summary>False when the pair failed: an exception, which is a bug whatever the input.</summary>
    public static bool Measure(NotebookPair pair, TimeProvider time, TextWriter output)
    {
        var larger = Math.Max(pair.Before.Length, pair.After.Length);
        try
        {
            Once(pair);
            var times = new List<double>(Repeats);
            for (var i = 0; i < Repeats; i++)
            {
                var start = time.GetTimestamp();
                Once(pair);
                times.Add(time.GetElapsedTime(start).TotalMilliseconds);
            }

            times.Sort();
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var (diff, bytes) = Once(pair);
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""
                {"name":"{{pair.Name}}","bytes":{{larger}},"ms":{{times[Repeats / 2]:0.0000}},"peak_bytes":{{allocated}},"cells":{{diff.Cells.Count}},"result":"{{Result(diff)}}","lossless":false,"diff_bytes":{{bytes}}}
                """));
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            output.WriteLine($$"""{"name":"{{pair.Name}}","bytes":{{larger}},"ms":0,"peak_bytes":0,"cells":0,"result":"failed","lossless":false,"diff_bytes":0}""");
            return false;
        }
    }

    private static (NotebookDiff Diff, int Bytes) Once(NotebookPair pair)
    {
        var to = new ArrayBufferWriter<byte>(4096);
        var diff = NotebookDiff.Between(Notebook.Parse(pair.Before), Notebook.Parse(pair.After));
        diff.WriteJson(to);
        return (diff, to.WrittenCount);
    }

    private static string Result(NotebookDiff diff) =>
        !diff.Readable ? "fallback"
        : diff.Before.State == NotebookState.Repaired || diff.After.State == NotebookState.Repaired ? "repaired" : "ok";
}
