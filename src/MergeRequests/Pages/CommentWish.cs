using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Squero.Notebooks;

namespace Squero.MergeRequests;

/// <summary>What an address or a form says about the place of a comment that is about to be written.</summary>
internal sealed record CommentWish(string Anchor)
{
    public PlaceWish? Place { get; init; }

    /// <summary>An anchor on the first line of what was selected.</summary>
    public string? From { get; init; }

    /// <summary>Begin with the lines as a suggestion.</summary>
    public bool Suggests { get; init; }

    /// <summary><c>?comment=ANCHOR&amp;from=ANCHOR&amp;line=3&amp;end_line=5&amp;region=x,y,w,h&amp;suggest=1</c>.</summary>
    public static CommentWish Of(IQueryCollection query) =>
        new(query["comment"].ToString())
        {
            From = query["from"],
            Suggests = query["suggest"] == "1",
            Place = Narrowed(name => query[name]),
        };

    /// <summary>The fields of the form: lines, and a region in percent.</summary>
    public static PlaceWish? Narrowed(IFormCollection form) => Narrowed(name => form[name]);

    /// <summary>The anchor's range widened to where the selection began, when both are lines of one source.</summary>
    public PlaceWish? Widened()
    {
        if (Place is not null || From is null)
        {
            return Place;
        }

        if (NotebookAnchor.Parse(Anchor) is { Part: AnchorPart.Source } end && NotebookAnchor.Parse(From) is { Part: AnchorPart.Source } start
            && (start.Side, start.Cell, start.CellKey) == (end.Side, end.Cell, end.CellKey))
        {
            return new PlaceWish(start.FirstLine, end.Line);
        }

        return Repositories.TextAnchor.Parse(Anchor) is { IsWhole: false } last && Repositories.TextAnchor.Parse(From) is { IsWhole: false } first && first.IsOld == last.IsOld
            ? new PlaceWish(first.FirstLine, last.Line)
            : null;
    }

    private static PlaceWish? Narrowed(Func<string, StringValues> field)
    {
        var (first, last) = (Number(field("line")), Number(field("end_line")));
        var region = PictureRegion.Parse(field("region")) ?? Percent(field);
        return first is null && last is null && region is null ? null : new PlaceWish(first, last, region);
    }

    /// <summary>Nothing in any of the four fields: the whole picture.</summary>
    private static PictureRegion? Percent(Func<string, StringValues> field)
    {
        var shares = new[] { "x", "y", "width", "height" }.Select(name => field(name).ToString().Trim().Replace(',', '.')).ToList();
        if (shares.TrueForAll(share => share.Length == 0))
        {
            return null;
        }

        var numbers = shares.ConvertAll(share => double.TryParse(share, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number / 100 : double.NaN);
        return PictureRegion.Of(numbers[0], numbers[1], numbers[2], numbers[3])
            ?? throw Kernel.Refusal.Invalid("A region takes four numbers: percent from the left and from the top, and percent of the width and of the height.");
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
