using System.Buffers;

namespace Squero.Notebooks;

public enum WarningKind
{
    /// <summary>Something that looks like a key, a token or a password.</summary>
    Credential,

    /// <summary>Several e-mail addresses of different people.</summary>
    EmailList,

    /// <summary>More than 1 MB of output, which everybody who clones the repository carries from now on.</summary>
    LargeOutput,

    /// <summary>An absolute path below somebody's home: a name, and a path that exists nowhere else.</summary>
    HomePath,
}

/// <summary>What should perhaps not be in an output. Cell and output count from 0; the excerpt never holds the whole of it.</summary>
public sealed record NotebookWarning(int Cell, int Output, WarningKind Kind, string Excerpt);

/// <summary>Looks through outputs for what people publish by mistake. Rather silent than wrong.</summary>
public static class NotebookWarnings
{
    /// <summary>Bytes of one output in the file.</summary>
    public const int LargeOutput = 1_000_000;

    /// <summary>No output is read beyond this; who prints so much is warned about that.</summary>
    private const int MaxText = 2_000_000;

    public static IReadOnlyList<NotebookWarning> Of(Notebook notebook) =>
        [.. notebook.Cells.SelectMany(cell => cell.Outputs.SelectMany(output => Of(cell, output)))];

    /// <summary>Of the outputs that a change brought or changed.</summary>
    public static IReadOnlyList<NotebookWarning> Of(NotebookDiff diff) =>
        [.. diff.Cells.Where(cell => cell.After is not null).SelectMany(cell => New(cell).SelectMany(output => Of(cell.After!, output)))];

    private static IEnumerable<CellOutput> New(CellDiff cell) =>
        cell.Before is null ? cell.After!.Outputs : cell.Outputs.Where(output => output.Change != OutputChange.Unchanged && output.After is not null).Select(output => output.After!);

    internal static IReadOnlyList<NotebookWarning> Of(Cell cell, CellOutput output)
    {
        var found = new SortedDictionary<WarningKind, string>();
        if (output.Whole.Length > LargeOutput)
        {
            found[WarningKind.LargeOutput] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{output.Whole.Length / 1_000_000.0:0.0} MB");
        }

        foreach (var value in output.Data.Concat(output.More).Where(value => !value.IsPicture && value.RawLength <= MaxText))
        {
            Read(value, found);
        }

        return [.. found.Select(warning => new NotebookWarning(cell.Index, output.Index, warning.Key, warning.Value))];
    }

    private static void Read(MimeValue value, SortedDictionary<WarningKind, string> found)
    {
        var room = ArrayPool<char>.Shared.Rent(Math.Max(1, value.RawLength));
        var text = room.AsSpan(0, JsonText.Read(value.Json, value.Value, room));
        Add(found, WarningKind.Credential, Credentials.Find(text));
        Add(found, WarningKind.HomePath, HomePaths.Find(text));
        Add(found, WarningKind.EmailList, EmailLists.Find(text));
        ArrayPool<char>.Shared.Return(room);
    }

    private static void Add(SortedDictionary<WarningKind, string> found, WarningKind kind, string? excerpt)
    {
        if (excerpt is not null)
        {
            found.TryAdd(kind, excerpt);
        }
    }
}
