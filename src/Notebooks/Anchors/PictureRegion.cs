using System.Globalization;

namespace Squero.Notebooks;

/// <summary>
/// A part of a picture, in ten-thousandths of its width and height, so that it means the same on a picture drawn anew in
/// another size. Never empty, never beyond the picture.
/// </summary>
public readonly record struct PictureRegion(int X, int Y, int Width, int Height)
{
    /// <summary>The whole picture's width or height.</summary>
    public const int Whole = 10_000;

    /// <summary>From four fractions (0 to 1), cut to the picture; null when nothing of it is left.</summary>
    public static PictureRegion? Of(double x, double y, double width, double height)
    {
        if (!double.IsFinite(x) || !double.IsFinite(y) || !double.IsFinite(width) || !double.IsFinite(height))
        {
            return null;
        }

        var (left, top) = (Share(x), Share(y));
        var region = new PictureRegion(left, top, Share(x + width) - left, Share(y + height) - top);
        return region.IsValid ? region : null;
    }

    /// <summary>Four fractions with commas between them, as the page's script writes them; null when they are none.</summary>
    public static PictureRegion? Parse(string? fractions)
    {
        if (fractions is null || fractions.Length > 100 || fractions.Split(',') is not [var x, var y, var width, var height])
        {
            return null;
        }

        return Number(x) is { } left && Number(y) is { } top && Number(width) is { } wide && Number(height) is { } high ? Of(left, top, wide, high) : null;
    }

    internal bool IsValid => X >= 0 && Y >= 0 && Width > 0 && Height > 0 && X <= Whole - Width && Y <= Whole - Height;

    /// <summary>As it stands in an anchor.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{X}_{Y}_{Width}_{Height}");

    private static int Share(double fraction) => (int)Math.Round(Math.Clamp(fraction, 0, 1) * Whole);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
