using System.Text;
using Squero.Notebooks;

namespace Squero.MergeRequests;

/// <summary>
/// Lines of a text file that collide, as the common ancestor, the target and the source branch have them; with some lines around
/// them that do not. Line: about where, counted from 1.
/// </summary>
public sealed record TextHunk(
    int Line, IReadOnlyList<string> Base, IReadOnlyList<string> Target, IReadOnlyList<string> Source, IReadOnlyList<string> Above, IReadOnlyList<string> Below);

/// <summary>A text file as git merged it, with what collides between git's markers. What is decided is put in their place; the rest stays byte for byte.</summary>
public sealed class MarkedText
{
    private const int Context = 3;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);
    private readonly List<Part> parts;

    private MarkedText(List<Part> parts)
    {
        this.parts = parts;
        var line = 1;
        for (var at = 0; at < parts.Count; at++)
        {
            if (parts[at] is { Sides: { } sides })
            {
                parts[at].Hunk = new TextHunk(
                    line, Shown(sides[1]), Shown(sides[0]), Shown(sides[2]), Shown(at > 0 ? parts[at - 1].Lines.TakeLast(Context) : []),
                    Shown(at + 1 < parts.Count ? parts[at + 1].Lines.Take(Context) : []));
            }

            line += parts[at].Sides is { } counted ? counted[0].Count : parts[at].Lines.Count;
        }

        Hunks = [.. parts.Where(part => part.Hunk is not null).Select(part => part.Hunk!)];
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<TextHunk> Hunks { get; }

    /// <summary>What it takes in memory, about.</summary>
    public long Bytes => parts.Sum(part => (part.Sides ?? [part.Lines]).Sum(lines => lines.Sum(line => 64L + (2 * line.Length))));

    /// <summary>Null when it is no text, or when a side holds lines that look like markers: nobody could tell them apart.</summary>
    /// <param name="marked">What git wrote, with the common ancestor between the sides (diff3).</param>
    /// <param name="sides">All versions that went into it.</param>
    public static MarkedText? Of(byte[] marked, params IReadOnlyList<byte[]> sides) =>
        sides.All(side => Read(side) is { } lines && !lines.Exists(line => MarkerOf(line) != ' ')) && Read(marked) is { } all && Split(all) is { } parts && parts.Exists(part => part.Sides is not null)
            ? new MarkedText(parts)
            : null;

    /// <summary>The file with the choices made, by the number of the hunk from 0; what is not decided stays marked.</summary>
    public ReadOnlyMemory<byte> Write(IReadOnlyDictionary<int, MergeChoice> choices)
    {
        var text = new StringBuilder();
        var number = 0;
        foreach (var part in parts)
        {
            var lines = part.Sides is not { } sides || !choices.TryGetValue(number, out var choice) ? part.Lines
                : choice switch { MergeChoice.Ours => sides[0], MergeChoice.Theirs => sides[2], _ => [.. sides[0], .. sides[2]] };
            number += part.Sides is null ? 0 : 1;
            text.AppendJoin("", lines);
        }

        return Strict.GetBytes(text.ToString());
    }

    /// <summary>Lines with their ends; null when it is no text.</summary>
    private static List<string>? Read(byte[] bytes)
    {
        if (bytes.AsSpan().Contains((byte)0))
        {
            return null;
        }

        try
        {
            var text = Strict.GetString(bytes);
            var lines = new List<string>();
            for (var at = 0; at < text.Length;)
            {
                var end = text.IndexOf('\n', at) is var feed && feed < 0 ? text.Length : feed + 1;
                lines.Add(text[at..end]);
                at = end;
            }

            return lines;
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static List<Part>? Split(List<string> lines)
    {
        const string order = "<|=>";
        var parts = new List<Part>();
        var plain = new List<string>();
        for (var at = 0; at < lines.Count; at++)
        {
            if (MarkerOf(lines[at]) == ' ')
            {
                plain.Add(lines[at]);
                continue;
            }

            var marked = new Part { Sides = [[], [], []] };
            for (var step = 0; step < order.Length; at++)
            {
                if (at >= lines.Count || MarkerOf(lines[at]) is var sign && sign != ' ' && sign != order[step])
                {
                    return null;
                }

                marked.Lines.Add(lines[at]);
                if (MarkerOf(lines[at]) == ' ')
                {
                    marked.Sides[step - 1].Add(lines[at]);
                }
                else
                {
                    step++;
                }
            }

            at--;
            parts.Add(new Part { Lines = plain });
            parts.Add(marked);
            plain = [];
        }

        parts.Add(new Part { Lines = plain });
        return parts;
    }

    /// <summary>The sign of a marker line, or a space.</summary>
    private static char MarkerOf(string line)
    {
        const int size = 7;
        var sign = line.Length >= size ? line[0] : ' ';
        return sign is '<' or '|' or '=' or '>' && line.AsSpan(0, size).TrimStart(sign).IsEmpty && (line.Length == size || line[size] is ' ' or '\r' or '\n') ? sign : ' ';
    }

    private static List<string> Shown(IEnumerable<string> lines) => [.. lines.Select(line => line.TrimEnd('\r', '\n'))];

    private sealed class Part
    {
        public List<string> Lines { get; init; } = [];

        /// <summary>Target, common ancestor, source: in the order of the markers.</summary>
        public List<string>[]? Sides { get; init; }

        public TextHunk? Hunk { get; set; }
    }
}
