using System.Globalization;

namespace Squero.Notebooks;

/// <summary>Which of the two versions of a diff; a lone notebook is New.</summary>
public enum NotebookSide
{
    Old,
    New,
}

public enum AnchorPart
{
    Notebook,
    Cell,
    Source,
    Output,
}

/// <summary>
/// A place in one version of a notebook that a thread can stand on. Its text form is what data-anchor holds: at most
/// 200 characters of [A-Za-z0-9._-], opaque to everybody else. Cell and Output count from 0, Line from 1 (0: none). The
/// line of an output is one of its text, as <see cref="OutputLines"/> cuts it.
/// </summary>
public sealed record NotebookAnchor(NotebookSide Side, AnchorPart Part, int Cell, string CellKey, int Line = 0, int Output = -1, string? ImageSha256 = null)
{
    private const int MaxIndex = 1_000_000;

    /// <summary>The first line of a range that ends at Line; 0 when it is one line.</summary>
    public int First { get; init; }

    /// <summary>The part of a picture that is meant, when not all of it.</summary>
    public PictureRegion? Region { get; init; }

    /// <summary>Where the range begins: Line itself when it is one line.</summary>
    public int FirstLine => First > 0 ? First : Line;

    /// <summary>
    /// The place below which a view draws the threads: ranges below their last line, lines of an output and regions of a
    /// picture below the output. Without the picture's hash: clients that send raw lines know no pictures.
    /// </summary>
    public NotebookAnchor Seat => this with { First = 0, Region = null, ImageSha256 = null, Line = Part == AnchorPart.Output ? 0 : Line };

    /// <summary>The notebook as a whole.</summary>
    public static NotebookAnchor Whole(NotebookSide side) => new(side, AnchorPart.Notebook, 0, "-");

    public static NotebookAnchor Of(NotebookSide side, Cell cell) => new(side, AnchorPart.Cell, cell.Index, cell.Key);

    /// <summary>Null when the text is no anchor.</summary>
    public static NotebookAnchor? Parse(string? text)
    {
        if (text is null || text.Length > 200 || text.Split('.') is not ["n1", var side, var part, var cell, var lines, var output, var picture, var key])
        {
            return null;
        }

        AnchorPart? parsed = part switch
        {
            "n" => AnchorPart.Notebook,
            "c" => AnchorPart.Cell,
            "s" => AnchorPart.Source,
            "o" => AnchorPart.Output,
            _ => null,
        };
        var dash = lines.IndexOf('-', StringComparison.Ordinal);
        var (hash, region) = Picture(picture);
        if (parsed is not { } known || side is not ("o" or "n") || !IsKey(key) || hash != "-" && !IsHash(hash)
            || Number(cell) is not { } cellNumber || Number(output) is not { } outputNumber
            || Number(lines[(dash + 1)..]) is not { } line || Number(dash < 0 ? "0" : lines[..dash]) is not { } first)
        {
            return null;
        }

        var anchor = new NotebookAnchor(side == "o" ? NotebookSide.Old : NotebookSide.New, known, cellNumber, key, line, outputNumber - 1, hash == "-" ? null : hash)
        {
            First = first,
            Region = region,
        };
        return anchor.ToString() == text && (first == 0 || first < line) ? anchor : null;
    }

    public override string ToString()
    {
        var lines = First > 0 ? string.Create(CultureInfo.InvariantCulture, $"{First}-{Line}") : Line.ToString(CultureInfo.InvariantCulture);
        var picture = (ImageSha256 ?? "-") + (Region is { } region ? $"_{region}" : "");
        return string.Create(
            CultureInfo.InvariantCulture, $"n1.{(Side == NotebookSide.Old ? 'o' : 'n')}.{Letter(Part)}.{Cell}.{lines}.{Output + 1}.{picture}.{CellKey}");
    }

    /// <summary>For people: "cell 4, line 12", "region of picture 1 of cell 3".</summary>
    public string Describe()
    {
        var lines = First > 0
            ? string.Create(CultureInfo.InvariantCulture, $"lines {First}–{Line}")
            : string.Create(CultureInfo.InvariantCulture, $"line {Line}");
        var output = string.Create(CultureInfo.InvariantCulture, $"{(ImageSha256 is null ? "output" : "picture")} {Output + 1} of cell {Cell + 1}");
        return Part switch
        {
            AnchorPart.Notebook => "the notebook",
            AnchorPart.Source => string.Create(CultureInfo.InvariantCulture, $"cell {Cell + 1}, {lines}"),
            AnchorPart.Output => Region is not null ? $"region of {output}" : Line > 0 ? $"{lines} of {output}" : output,
            _ => string.Create(CultureInfo.InvariantCulture, $"cell {Cell + 1}"),
        };
    }

    /// <summary>A range of lines; one line when both are the same.</summary>
    internal NotebookAnchor OnLines(int first, int last) => this with { First = first < last ? first : 0, Line = last };

    private static char Letter(AnchorPart part) => part switch
    {
        AnchorPart.Notebook => 'n',
        AnchorPart.Cell => 'c',
        AnchorPart.Source => 's',
        _ => 'o',
    };

    /// <summary>"hash" or "hash_x_y_width_height".</summary>
    private static (string Hash, PictureRegion? Region) Picture(string text)
    {
        if (text.Split('_') is not [var hash, var x, var y, var width, var height])
        {
            return (text, null);
        }

        return Number(x) is { } left && Number(y) is { } top && Number(width) is { } wide && Number(height) is { } high
            && new PictureRegion(left, top, wide, high) is { IsValid: true } region
            ? (hash, region)
            : ("", null);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxIndex ? number : null;

    private static bool IsKey(string text) => text.Length is > 0 and <= 65 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
