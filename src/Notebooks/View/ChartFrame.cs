namespace Squero.Notebooks;

/// <summary>The place on the page where a chart or the full HTML of an output is shown, in a frame without any rights, when the reader asks for it.</summary>
internal sealed class ChartFrame(ViewPart part)
{
    // A frame with a chart library costs tens of megabytes: beyond these the reader opens them one by one.
    private const int MaxOpen = 6;
    private const int MaxNamed = 3;
    private int _open;

    public void Chart(MimeValue chart, OutputPlace place)
    {
        var word = ChartSpec.Word(chart.Mime);
        if (part.Options.FrameUrl is null)
        {
            part.Label($"{word} (not drawn here)");
            return;
        }

        Frame(place, "Interactive " + word, word, "allow-scripts", part.IsRendered && _open++ < MaxOpen);
        Remote(ChartSpec.Remote(chart));
    }

    /// <summary>All of an HTML output, with its styles and pasted pictures, without its scripts.</summary>
    public void Html(OutputPlace place)
    {
        if (part.Options.FrameUrl is not null)
        {
            Frame(place, "Full HTML", "HTML output", "", false);
        }
    }

    private void Frame(OutputPlace place, string summary, string title, string rights, bool open)
    {
        var url = part.Options.FrameUrl!(place);
        part.Fold(
            "nb-frame",
            summary,
            () =>
            {
                part.To.Raw("<iframe loading=\"lazy\" referrerpolicy=\"no-referrer\" data-frame"u8);
                part.Attribute("sandbox", rights);
                part.Attribute("title", $"{title}, output {place.Output + 1} of cell {place.Cell + 1}");
                part.Attribute("src", url);
                part.To.Raw("></iframe>"u8);
            },
            open);
    }

    private void Remote(IReadOnlyList<string> names)
    {
        if (names.Count > 0)
        {
            var rest = names.Count > MaxNamed ? $" and {ViewPart.Count(names.Count - MaxNamed, "more address", "more addresses")}" : "";
            part.Label($"It asks for data or pictures of other servers, which are never fetched: {string.Join(", ", names.Take(MaxNamed))}{rest}");
        }
    }
}
