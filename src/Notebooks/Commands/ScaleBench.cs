using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

/// <summary>Generated pairs of one shape in growing sizes: whether the cost of a diff grows with the size alone.</summary>
/// <param name="Name">For people: "20 MB of pictures".</param>
/// <param name="Ms">Median of three warm runs, from bytes in memory to finished JSON.</param>
/// <param name="PeakOverInputs">Memory at its height, both files included, over both files.</param>
public sealed record ScaleFigure(string Name, string Key, long Bytes, double Ms, double PeakOverInputs)
{
    public double MsPerMegabyte => Ms / (Bytes / 1e6);
}

/// <summary>Measures how a diff scales.</summary>
public static class ScaleBench
{
    private const int Runs = 3;

    /// <param name="peakOf">Runs an act and tells how many bytes of memory it took at its height.</param>
    public static IEnumerable<ScaleFigure> Measure(TimeProvider time, Func<Action, long> peakOf)
    {
        foreach (var megabytes in (int[])[1, 5, 20, 50])
        {
            yield return Measure($"{megabytes} MB of pictures", $"pictures_{megabytes}mb", Pictures(megabytes, false), Pictures(megabytes, true), time, peakOf);
        }

        foreach (var cells in (int[])[100, 1_000, 10_000])
        {
            yield return Measure($"{cells} cells, a tenth edited, a tenth moved", $"cells_{cells}", Cells(cells, false), Cells(cells, true), time, peakOf);
        }

        yield return Measure("a cell of 10,000 lines, one changed", "lines_10000", LongCell(-1), LongCell(5_000), time, peakOf);
    }

    private static ScaleFigure Measure(string name, string key, byte[] before, byte[] after, TimeProvider time, Func<Action, long> peakOf)
    {
        void Diff() => NotebookDiff.Between(Notebook.Parse(before), Notebook.Parse(after)).WriteJson(new ArrayBufferWriter<byte>(4096));
        var peak = peakOf(Diff);
        var times = new List<double>();
        for (var run = 0; run < Runs; run++)
        {
            var start = time.GetTimestamp();
            Diff();
            times.Add(time.GetElapsedTime(start).TotalMilliseconds);
        }

        times.Sort();
        var inputs = before.Length + (double)after.Length;
        return new ScaleFigure(name, key, Math.Max(before.Length, after.Length), times[Runs / 2], (peak + inputs) / inputs);
    }

    /// <summary>Six pictures a megabyte; in the newer file every seventh is another and a cell is edited.</summary>
    private static byte[] Pictures(int megabytes, bool newer) => Written(megabytes * 6, (index, cell) =>
    {
        var seed = newer && index % 7 == 3 ? index + 1_000_000 : index;
        Code(cell, $"c{index}", $"plot(data[{index}])" + (newer && index == 1 ? "  # again" : ""), $"{{\"output_type\":\"display_data\",\"metadata\":{{}},\"data\":{{\"image/png\":\"{Noise(seed, 120_000)}\"}}}}");
    });

    private static byte[] Cells(int count, bool newer)
    {
        var order = Enumerable.Range(0, count).ToList();
        for (var index = 0; newer && index + 5 < count; index += 20)
        {
            (order[index], order[index + 5]) = (order[index + 5], order[index]);
        }

        return Written(count, (index, cell) =>
        {
            var which = order[index];
            var edit = newer && which % 10 == 7 ? $"\\nchanged_{which} = 1" : "";
            Code(cell, $"c{which}", $"name_{which * 7919 % 100_003} = load({which})\\nprint(name_{which * 7919 % 100_003}){edit}", $"{{\"output_type\":\"stream\",\"name\":\"stdout\",\"text\":[\"{which * 31}\\n\"]}}");
        });
    }

    private static byte[] LongCell(int changed) => Written(1, (_, cell) =>
        Code(cell, "long", string.Join("\\n", Enumerable.Range(0, 10_000).Select(line => $"value_{line} = {(line == changed ? -1 : line)}")), ""));

    private static byte[] Written(int cells, Action<int, StringBuilder> add)
    {
        var text = new StringBuilder("{\"nbformat\":4,\"nbformat_minor\":5,\"metadata\":{},\"cells\":[");
        for (var index = 0; index < cells; index++)
        {
            text.Append(index == 0 ? "\n" : ",\n");
            add(index, text);
        }

        return Encoding.UTF8.GetBytes(text.Append("\n]}\n").ToString());
    }

    private static void Code(StringBuilder text, string id, string source, string output) =>
        text.Append("{\"cell_type\":\"code\",\"id\":\"").Append(id).Append("\",\"metadata\":{},\"execution_count\":1,\"source\":\"").Append(source).Append("\",\"outputs\":[").Append(output).Append("]}");

    private static string Noise(int seed, int bytes)
    {
        var noise = new byte[bytes];
        new Random(seed).NextBytes(noise);
        return Convert.ToBase64String(noise);
    }
}
