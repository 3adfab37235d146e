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

    /// <summary>
    /// 0 and the merged file; 1 and a file in which conflicts are marked; 1 and null when the files cannot be merged cell by
    /// cell. Sentences say what is left to do.
    /// </summary>
    /// <param name="files">The three versions.</param>
    /// <param name="labels">What the sides are called.</param>
    /// <param name="name">What sentences begin with, such as the file's path; may be empty.</param>
    /// <param name="errors">Takes the sentences.</param>
    /// <param name="merged">The file to write, or null.</param>
    public static int Merge(
        (ReadOnlyMemory<byte> Base, ReadOnlyMemory<byte> Ours, ReadOnlyMemory<byte> Theirs) files, MergeLabels labels, string name, TextWriter errors, out ReadOnlyMemory<byte>? merged)
    {
        var merge = NotebookMerge.Of(files.Base, files.Ours, files.Theirs, labels);
        var lead = name.Length > 0 ? name + ": " : "";
        foreach (var sentence in merge.Conflicts.Select(conflict => conflict.Sentence))
        {
            errors.WriteLine(TerminalText.Plain(lead + sentence));
        }

        if (merge.Fallback is { } why)
        {
            errors.WriteLine(TerminalText.Plain($"{lead}{why} The file of {labels.Ours} was kept."));
            merged = null;
            return 1;
        }

        merged = merge.Write();
        return merge.IsClean ? 0 : 1;
    }

    /// <summary>What git shows of a changed notebook; either side may be absent. A file that is no notebook shows line by line.</summary>
    public static void GitDiff(string title, ReadOnlyMemory<byte>? before, ReadOnlyMemory<byte>? after, bool colour, Stream output)
    {
        var diff = NotebookDiff.Between(
            before is { } old ? Notebook.Parse(old) : Notebook.Absent,
            after is { } now ? Notebook.Parse(now) : Notebook.Absent);
        var text = $"notebook {title}\n{DiffText.Write(diff)}{(diff.Readable ? "" : RawLines.Write(before ?? default, after ?? default))}";
        output.Write(Encoding.UTF8.GetBytes(colour ? TerminalText.Coloured(text) : TerminalText.Plain(text)));
    }

    /// <summary>A notebook as Markdown; a file that is none as it is.</summary>
    public static void GitText(ReadOnlyMemory<byte> file, Stream output)
    {
        var notebook = Notebook.Parse(file);
        var text = notebook.State == NotebookState.Unreadable ? Encoding.UTF8.GetString(file.Span) : NotebookMarkdown.Write(notebook);
        output.Write(Encoding.UTF8.GetBytes(TerminalText.Plain(text)));
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

    /// <summary>One JSON line a pair; 1 when a pair failed. The pairs are gone through several times: warm means that what they need is compiled.</summary>
    /// <param name="peakOf">Runs an act and tells how many bytes of memory it took at its height.</param>
    public static int Bench(IEnumerable<NotebookPair> pairs, TimeProvider time, Func<Action, long> peakOf, TextWriter output)
    {
        NotebookBench.Warm(pairs, time);

        // Times first: measuring memory gives all of it back to the system, and the next pair would pay for taking it again.
        var times = pairs.Select(pair => NotebookBench.TimeOf(pair, time)).ToList();
        var failed = pairs.Zip(times).Count(pair => !NotebookBench.Measure(pair.First, pair.Second, peakOf, output));

        return failed > 0 ? 1 : 0;
    }
}
