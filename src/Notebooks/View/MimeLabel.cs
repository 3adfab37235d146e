namespace Squero.Notebooks;

/// <summary>What an output is called that is not drawn.</summary>
internal static class MimeLabel
{
    public static bool IsChart(string mime) => mime.Contains("plotly", StringComparison.Ordinal) || mime.Contains("vega", StringComparison.Ordinal) || mime.Contains("bokeh", StringComparison.Ordinal);

    public static string Of(string mime) => mime switch
    {
        _ when mime.Contains("plotly", StringComparison.Ordinal) => "Plotly chart",
        _ when mime.Contains("vega", StringComparison.Ordinal) => "Vega chart",
        _ when mime.Contains("bokeh", StringComparison.Ordinal) => "A Bokeh chart (it needs scripts of its own and is not drawn here)",
        _ when mime.Contains("widget", StringComparison.Ordinal) => "widget",
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
