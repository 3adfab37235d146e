using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

public enum DiffFormat
{
    Text,
    Json,
    Html,
}

/// <summary>The notebook commands of the command line, on bytes in memory. They return exit codes.</summary>
public static class NotebookCommands
{
    /// <summary>0; 1 when a side is no notebook (its reason is written).</summary>
    public static int Diff(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after, DiffFormat format, bool ignoreIds, Stream output)
    {
        var diff = NotebookDiff.Between(Notebook.Parse(before), Notebook.Parse(after), new DiffOptions { IgnoreIds = ignoreIds });
        var to = new ArrayBufferWriter<byte>();
        switch (format)
        {
            case DiffFormat.Json:
                diff.WriteJson(to);
                to.Write("\n"u8);
                break;
            case DiffFormat.Html:
                NotebookView.WriteDiff(diff, new NotebookViewOptions { ImageUrl = image => $"{image.Sha256}" }, to);
                to.Write("\n"u8);
                break;
            default:
                to.Write(Encoding.UTF8.GetBytes(DiffText.Write(diff)));
                break;
        }

        output.Write(to.WrittenSpan);
        return diff.Readable ? 0 : 1;
    }

    /// <summary>0; 1 when the file is no notebook.</summary>
    public static int Markdown(ReadOnlyMemory<byte> file, Stream output)
    {
        var notebook = Notebook.Parse(file);
        output.Write(Encoding.UTF8.GetBytes(notebook.State == NotebookState.Unreadable ? notebook.Reason + "\n" : NotebookMarkdown.Write(notebook)));
        return notebook.State == NotebookState.Unreadable ? 1 : 0;
    }

    /// <summary>One JSON line a pair; 1 when a pair failed.</summary>
    public static int Bench(IEnumerable<NotebookPair> pairs, TimeProvider time, TextWriter output)
    {
        var failed = 0;
        foreach (var pair in pairs)
        {
            failed += NotebookBench.Measure(pair, time, output) ? 0 : 1;
        }

        return failed > 0 ? 1 : 0;
    }
}
