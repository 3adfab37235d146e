namespace Squero.Notebooks;

/// <summary>A file that a cell reads by a path written out in it. The line counts from 1.</summary>
public sealed record DataFile(int Cell, int Line, string Path);

/// <summary>Finds calls that read a file whose path is their first argument, or that of an argument named for it.</summary>
internal static class PythonFiles
{
    private static readonly HashSet<string> Readers = new(StringComparer.Ordinal)
    {
        "load", "loadtxt", "genfromtxt", "fromfile", "memmap", "imread", "loadmat", "open_dataset", "open_zarr", "read_text", "read_bytes", "safe_load_file", "load_file", "from_file", "load_model", "load_img", "File",
    };

    private static readonly HashSet<string> Named = new(StringComparer.Ordinal) { "filepath_or_buffer", "path", "file", "filename", "io", "path_or_buf", "fname", "data_files" };

    public static IEnumerable<DataFile> Of(int cell, IEnumerable<PythonStatement> statements)
    {
        foreach (var statement in statements)
        {
            for (var at = 0; at + 2 < statement.Tokens.Count; at++)
            {
                if (Path(statement.Tokens, at) is { } path)
                {
                    yield return new DataFile(cell, statement.Tokens[at].Line, path);
                }
            }

            foreach (var file in Of(cell, statement.Body))
            {
                yield return file;
            }
        }
    }

    private static string? Path(List<PythonToken> tokens, int at)
    {
        var call = tokens[at];
        if (call.Kind != PythonTokenKind.Name || !tokens[at + 1].Is("("))
        {
            return null;
        }

        var method = at > 0 && tokens[at - 1].Is(".");
        var arguments = tokens[(at + 2)..];
        arguments = arguments[..(arguments.FindIndex(token => token.Closes && token.Depth == call.Depth) is >= 0 and var end ? end : arguments.Count)];

        // Path("rows.csv").read_text() has its path in the bracket before.
        if (call.Text is "read_text" or "read_bytes" or "open" && method && at > 3 && tokens[at - 2].Is(")") && tokens[at - 3].Kind == PythonTokenKind.Text)
        {
            return IsRead(arguments, 0) ? Plausible(tokens[at - 3].Text) : null;
        }

        var reads = call.Text.StartsWith("read_", StringComparison.Ordinal) || call.Text == "open" || method && Readers.Contains(call.Text) || call.Text is "imread" or "load_img" or "load_model" or "loadtxt";
        return reads && (call.Text != "open" || IsRead(arguments, 1)) ? Literal(arguments) : null;
    }

    private static string? Literal(List<PythonToken> arguments)
    {
        if (arguments.Count > 0 && arguments[0].Kind == PythonTokenKind.Text && (arguments.Count == 1 || arguments[1].Is(",")))
        {
            return Plausible(arguments[0].Text);
        }

        var named = arguments.FindIndex(token => token.Kind == PythonTokenKind.Name && Named.Contains(token.Text));
        return named >= 0 && named + 2 < arguments.Count && arguments[named + 1].Is("=") && arguments[named + 2].Kind == PythonTokenKind.Text ? Plausible(arguments[named + 2].Text) : null;
    }

    private static bool IsRead(List<PythonToken> arguments, int position)
    {
        var texts = arguments.Where((token, at) => token.Kind == PythonTokenKind.Text && (at == 0 || arguments[at - 1].Is(",") || at > 1 && arguments[at - 2].IsWord("mode"))).ToList();
        return texts.Count <= position || !texts[position].Text.AsSpan().ContainsAny("wax") || texts[position].Text.Length > 3;
    }

    private static string? Plausible(string text) => text.Length is > 0 and <= 1_000 && !text.Contains('\n', StringComparison.Ordinal) ? text : null;
}
