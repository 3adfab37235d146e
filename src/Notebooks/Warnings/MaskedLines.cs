using System.Text;

namespace Squero.Notebooks;

/// <summary>
/// The lines of a notebook's file that hold a credential in an output, by their number from 1, as they are shown: with the
/// credential cut to its first letters. The file itself stays what it is.
/// </summary>
public static class MaskedLines
{
    /// <summary>So long a stretch of a file is shown nowhere as text.</summary>
    private const int MaxText = 8_000_000;

    /// <summary>Values over this are warned about as large, and not read.</summary>
    private const int MaxValue = 2_000_000;

    public static IReadOnlyDictionary<int, string> Of(Notebook notebook)
    {
        var lines = new Dictionary<int, string>();
        if (notebook.Cells.Count == 0)
        {
            OfDamaged(notebook, lines);
            return lines;
        }

        var hidden = notebook.Cells.SelectMany(cell => cell.Outputs).SelectMany(output => output.Data.Concat(output.More))
            .Where(value => !value.IsPicture && value.RawLength <= MaxValue).OrderBy(value => value.Value.Start)
            .Select(value => (Whole: value, Masked: MaskedJson.Of(value)))
            .Where(one => !ReferenceEquals(one.Whole, one.Masked))
            .Select(one => (Place: one.Whole.Value, one.Masked));
        var group = new List<(JsonSlice Place, MimeValue Masked)>();
        foreach (var one in hidden)
        {
            // What ends on the line on which the next begins belongs to one text.
            if (group.Count > 0 && notebook.RawLine(group[^1].Place.End) < notebook.RawLine(one.Place.Start))
            {
                Add(notebook, group, lines);
                group.Clear();
            }

            group.Add(one);
        }

        Add(notebook, group, lines);
        return lines;
    }

    /// <summary>What cannot be read as a notebook is one text.</summary>
    private static void OfDamaged(Notebook notebook, Dictionary<int, string> to)
    {
        var text = notebook.Json.Length > MaxText ? "" : Encoding.UTF8.GetString(notebook.Json);
        Compare(text, Credentials.MaskJson(text), 1, to);
    }

    private static void Add(Notebook notebook, List<(JsonSlice Place, MimeValue Masked)> group, Dictionary<int, string> to)
    {
        if (group.Count == 0)
        {
            return;
        }

        var json = notebook.Json;
        var start = json[..group[0].Place.Start].LastIndexOf((byte)'\n') + 1;
        var length = json[group[^1].Place.End..].IndexOf((byte)'\n');
        var end = length < 0 ? json.Length : group[^1].Place.End + length;
        if (end - start > MaxText)
        {
            return;
        }

        var text = new StringBuilder();
        var at = start;
        foreach (var (place, masked) in group)
        {
            text.Append(Encoding.UTF8.GetString(json[at..place.Start])).Append(Encoding.UTF8.GetString(masked.Value.Of(masked.Json)));
            at = place.End;
        }

        var whole = text.Append(Encoding.UTF8.GetString(json[at..end])).ToString();
        Compare(Encoding.UTF8.GetString(json[start..end]), whole, notebook.RawLine(start), to);
    }

    private static void Compare(string text, string masked, int first, Dictionary<int, string> to)
    {
        var (were, are) = (text.Split('\n'), masked.Split('\n'));
        for (var line = 0; line < are.Length; line++)
        {
            if (line >= were.Length || were[line] != are[line])
            {
                to[first + line] = are[line];
            }
        }
    }
}
