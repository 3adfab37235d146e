using System.Buffers;
using System.Text;

namespace Squero.Notebooks;

public enum DiffFormat
{
    Text,
    Json,
    Html,

    /// <summary>The patch alone, for <c>apply</c>.</summary>
    Patch,
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
            case DiffFormat.Patch:
                diff.WritePatch(to);
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

    /// <summary>0 and the new file; 1 and a sentence when the diff is damaged or was made from another notebook.</summary>
    public static int Apply(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> diff, Stream output, TextWriter errors)
    {
        var outcome = PatchApply.Apply(before, diff);
        if (outcome.After is not { } after)
        {
            errors.WriteLine(outcome.Reason);
            return 1;
        }

        output.Write(after);
        return 0;
    }

    /// <summary>0; 1 when the file is no notebook.</summary>
    public static int Markdown(ReadOnlyMemory<byte> file, bool map, Stream output)
    {
        var notebook = Notebook.Parse(file);
        var to = new ArrayBufferWriter<byte>();
        if (notebook.State == NotebookState.Unreadable)
        {
            to.Write(Encoding.UTF8.GetBytes(notebook.Reason + "\n"));
        }
        else if (map)
        {
            NotebookMarkdown.WriteMap(notebook, to);
        }
        else
        {
            to.Write(Encoding.UTF8.GetBytes(NotebookMarkdown.Write(notebook)));
        }

        output.Write(to.WrittenSpan);
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
