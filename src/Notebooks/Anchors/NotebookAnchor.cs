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
/// 200 characters of [A-Za-z0-9._-], opaque to everybody else. Cell and Output count from 0, Line from 1 (0: none).
/// </summary>
public sealed record NotebookAnchor(NotebookSide Side, AnchorPart Part, int Cell, string CellKey, int Line = 0, int Output = -1, string? ImageSha256 = null)
{
    private const int MaxIndex = 1_000_000;

    /// <summary>The notebook as a whole.</summary>
    public static NotebookAnchor Whole(NotebookSide side) => new(side, AnchorPart.Notebook, 0, "-");

    public static NotebookAnchor Of(NotebookSide side, Cell cell) => new(side, AnchorPart.Cell, cell.Index, cell.Key);

    /// <summary>Null when the text is no anchor.</summary>
    public static NotebookAnchor? Parse(string? text)
    {
        if (text is null || text.Length > 200 || text.Split('.') is not ["n1", var side, var part, var cell, var line, var output, var hash, var key])
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
        if (parsed is not { } known || side is not ("o" or "n") || !IsKey(key) || hash != "-" && !IsHash(hash)
            || Number(cell) is not { } cellNumber || Number(line) is not { } lineNumber || Number(output) is not { } outputNumber)
        {
            return null;
        }

        var anchor = new NotebookAnchor(side == "o" ? NotebookSide.Old : NotebookSide.New, known, cellNumber, key, lineNumber, outputNumber - 1, hash == "-" ? null : hash);
        return anchor.ToString() == text ? anchor : null;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"n1.{(Side == NotebookSide.Old ? 'o' : 'n')}.{Letter(Part)}.{Cell}.{Line}.{Output + 1}.{ImageSha256 ?? "-"}.{CellKey}");

    /// <summary>For people: "cell 4, line 12".</summary>
    public string Describe() => Part switch
    {
        AnchorPart.Notebook => "the notebook",
        AnchorPart.Source => string.Create(CultureInfo.InvariantCulture, $"cell {Cell + 1}, line {Line}"),
        AnchorPart.Output => string.Create(CultureInfo.InvariantCulture, $"{(ImageSha256 is null ? "output" : "picture")} {Output + 1} of cell {Cell + 1}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"cell {Cell + 1}"),
    };

    private static char Letter(AnchorPart part) => part switch
    {
        AnchorPart.Notebook => 'n',
        AnchorPart.Cell => 'c',
        AnchorPart.Source => 's',
        _ => 'o',
    };

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MaxIndex ? number : null;

    private static bool IsKey(string text) => text.Length is > 0 and <= 65 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigitLower);
}
