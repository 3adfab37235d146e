using System.Buffers;
using BenchmarkDotNet.Attributes;
using Squero.Notebooks;

namespace Squero.Benchmarks;

/// <summary>Each stage between two files in memory and what people see; reading a copy of the bytes is the floor.</summary>
[MemoryDiagnoser]
public class NotebookBenchmarks
{
    private byte[] _before = [];
    private byte[] _again = [];
    private byte[] _edited = [];
    private NotebookDiff? _diff;

    [Params(30, 300, 3_000)]
    public int Cells { get; set; }

    [GlobalSetup]
    public void Make()
    {
        _before = MadeNotebook.Of(Cells);
        _again = MadeNotebook.Of(Cells, run: 2);
        _edited = MadeNotebook.Of(Cells, run: 2, edited: Cells / 20, moved: true);
        _diff = NotebookDiff.Between(Notebook.Parse(_before), Notebook.Parse(_edited));
    }

    [Benchmark(Baseline = true, Description = "copy of both files")]
    public int Copy() => _before.AsSpan().ToArray().Length + _edited.AsSpan().ToArray().Length;

    [Benchmark(Description = "read both")]
    public int Read() => Notebook.Parse(_before).Cells.Count + Notebook.Parse(_edited).Cells.Count;

    [Benchmark(Description = "diff of a re-run, to JSON")]
    public int AgainToJson() => ToJson(NotebookDiff.Between(Notebook.Parse(_before), Notebook.Parse(_again)));

    [Benchmark(Description = "diff of edits and a move, to JSON")]
    public int EditedToJson() => ToJson(NotebookDiff.Between(Notebook.Parse(_before), Notebook.Parse(_edited)));

    [Benchmark(Description = "patch alone")]
    public int Patch()
    {
        var to = new ArrayBufferWriter<byte>();
        _diff!.WritePatch(to);
        return to.WrittenCount;
    }

    private static int ToJson(NotebookDiff diff)
    {
        var to = new ArrayBufferWriter<byte>();
        diff.WriteJson(to);
        return to.WrittenCount;
    }
}
