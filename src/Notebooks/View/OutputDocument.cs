namespace Squero.Notebooks;

/// <summary>What draws an output that stands alone in a frame.</summary>
public enum FrameKind
{
    /// <summary>HTML without scripts.</summary>
    Html,
    Plotly,
    Vega,
}

/// <summary>
/// One output as the content of a frame on an opaque origin: HTML of which everything active is gone, or a chart's
/// description as JSON that may stand inside a script element. Mime tells the grammar of a chart.
/// </summary>
public sealed record OutputDocument(FrameKind Kind, string Content, string Mime)
{
    private const int MaxHtml = 8_000_000;
    private const int MaxChart = 32_000_000;

    /// <summary>Null when the notebook has no such output, when it is nothing for a frame, or too large for one.</summary>
    public static OutputDocument? Of(Notebook notebook, int cell, int output)
    {
        if (cell < 0 || cell >= notebook.Cells.Count || output < 0 || output >= notebook.Cells[cell].Outputs.Count)
        {
            return null;
        }

        var found = notebook.Cells[cell].Outputs[output];
        if (ChartSpec.Of(found) is { } chart)
        {
            return chart.RawLength > MaxChart ? null
                : new OutputDocument(ChartSpec.IsPlotly(chart.Mime) ? FrameKind.Plotly : FrameKind.Vega, ChartSpec.Strict(MaskedJson.Of(chart) is var spec ? spec.Value.Of(spec.Json) : default), chart.Mime);
        }

        return found.Find("text/html") is { } html && html.RawLength <= MaxHtml ? new OutputDocument(FrameKind.Html, InertHtml.Of(Credentials.Mask(html.Text())), html.Mime) : null;
    }
}
