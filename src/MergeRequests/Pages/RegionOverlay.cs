using System.Globalization;
using System.Text;
using Squero.Notebooks;

namespace Squero.MergeRequests;

/// <summary>Outlines over a picture, one for each thread on a region of it; each leads to its thread.</summary>
internal static class RegionOverlay
{
    /// <summary>Null when no thread is on a part of the picture. The markup is numbers and ids of ours alone.</summary>
    public static string? Draw(string anchor, IReadOnlyList<PlacedThread> placed)
    {
        var seat = NotebookAnchor.Parse(anchor)?.Seat;
        var html = new StringBuilder();
        foreach (var one in placed.Where(one => !one.Thread.IsResolved))
        {
            if (NotebookAnchor.Parse(one.Anchor) is { Region: { } region } on && on.Seat == seat)
            {
                html.Append(CultureInfo.InvariantCulture, $"<a href=\"#thread-{one.Thread.Id}\" aria-label=\"Thread on this part of the picture\">")
                    .Append("<rect class=\"region-layer__box\"")
                    .Append(CultureInfo.InvariantCulture, $" x=\"{RegionOutline.Part(region.X)}\" y=\"{RegionOutline.Part(region.Y)}\"")
                    .Append(CultureInfo.InvariantCulture, $" width=\"{RegionOutline.Part(region.Width)}\" height=\"{RegionOutline.Part(region.Height)}\"/></a>");
            }
        }

        return html.Length == 0 ? null : $"<svg class=\"region-layer\" viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\">{html}</svg>";
    }
}
