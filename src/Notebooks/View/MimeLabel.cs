namespace Squero.Notebooks;

/// <summary>What an output is called that is not drawn.</summary>
internal static class MimeLabel
{
    public static bool IsChart(string mime) => mime.Contains("plotly", StringComparison.Ordinal) || mime.Contains("vega", StringComparison.Ordinal) || mime.Contains("bokeh", StringComparison.Ordinal);

    public static string Of(string mime) => mime switch
    {
        _ when mime.Contains("plotly", StringComparison.Ordinal) => "A Plotly chart (not drawn here)",
        _ when mime.Contains("vega", StringComparison.Ordinal) => "A Vega chart (not drawn here)",
        _ when mime.Contains("bokeh", StringComparison.Ordinal) => "A Bokeh chart (not drawn here)",
        _ when mime.Contains("widget", StringComparison.Ordinal) => "A widget (its state lives in the kernel)",
        "application/javascript" or "text/javascript" => "JavaScript (never executed here)",
        "text/html" => "HTML",
        "text/plain" => "text",
        "application/json" => "JSON",
        "application/pdf" => "A PDF",
        _ when mime.StartsWith("image/", StringComparison.Ordinal) => "picture",
        _ when mime.Length == 0 => "An output of unknown type",
        _ => $"An output of type {mime}",
    };
}
