using System.Text;

namespace Squero.Notebooks;

/// <summary>Charts that an output carries as a description in JSON, and what of other servers they ask for.</summary>
internal static class ChartSpec
{
    private const int MaxNames = 200;

    public static bool IsPlotly(string mime) => mime.StartsWith("application/vnd.plotly.", StringComparison.Ordinal) && mime.EndsWith("json", StringComparison.Ordinal);

    public static bool IsVega(string mime) => mime.StartsWith("application/vnd.vega", StringComparison.Ordinal) && mime.EndsWith("json", StringComparison.Ordinal);

    public static bool IsDrawable(string mime) => IsPlotly(mime) || IsVega(mime);

    public static MimeValue? Of(CellOutput output) => output.Data.FirstOrDefault(value => IsDrawable(value.Mime));

    public static string Word(string mime) => IsPlotly(mime) ? "Plotly chart" : mime.Contains("vegalite", StringComparison.Ordinal) ? "Vega-Lite chart" : "Vega chart";

    /// <summary>Addresses in the description, in their order: they are named to the reader and never fetched.</summary>
    public static IReadOnlyList<string> Remote(MimeValue chart)
    {
        var names = new List<string>();
        var json = chart.Value.Of(chart.Json);
        string key = "";
        for (var at = json.IndexOf((byte)'"'); at >= 0 && names.Count < MaxNames;)
        {
            var walker = new JsonWalker(json, at);
            var text = walker.Value();
            var isKey = walker.IsAt((byte)':');
            if (isKey)
            {
                key = text.Length <= 40 ? JsonText.ReadString(json, text) : "";
            }
            else if (key != "$schema" && IsRemote(json, text, key))
            {
                names.Add(Shorten(Credentials.Mask(JsonText.ReadString(json, text))));
            }

            var step = text.End < json.Length ? json[text.End..].IndexOf((byte)'"') : -1;
            at = step < 0 ? -1 : text.End + step;
        }

        if (IsPlotly(chart.Mime) && (json.IndexOf("geo\""u8) >= 0 || json.IndexOf("choropleth"u8) >= 0 || json.IndexOf("mapbox\""u8) >= 0))
        {
            names.Add("outlines of a map");
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>JSON as scripts can read it: without the literals that only Python writes, and with nothing in it that could end a script element.</summary>
    public static string Strict(ReadOnlySpan<byte> json)
    {
        var text = new StringBuilder(json.Length + 64);
        for (var at = 0; at < json.Length;)
        {
            var quote = json[at..].IndexOf((byte)'"');
            Plain(json[at..(quote < 0 ? json.Length : at + quote)], text);
            if (quote < 0)
            {
                break;
            }

            var walker = new JsonWalker(json, at + quote);
            var value = walker.Value();
            text.Append(Encoding.UTF8.GetString(value.Of(json)).Replace("<", "\\u003c", StringComparison.Ordinal).Replace("\u2028", "\\u2028", StringComparison.Ordinal).Replace("\u2029", "\\u2029", StringComparison.Ordinal));
            at = Math.Max(value.End, at + quote + 1);
        }

        return text.ToString();
    }

    private static void Plain(ReadOnlySpan<byte> json, StringBuilder to)
    {
        var text = Encoding.UTF8.GetString(json).Replace("<", "", StringComparison.Ordinal);
        to.Append(text.Contains('N', StringComparison.Ordinal) || text.Contains('I', StringComparison.Ordinal)
            ? text.Replace("-Infinity", "null", StringComparison.Ordinal).Replace("Infinity", "null", StringComparison.Ordinal).Replace("NaN", "null", StringComparison.Ordinal)
            : text);
    }

    private static bool IsRemote(ReadOnlySpan<byte> json, JsonSlice text, string key)
    {
        var inner = text.Length > 2 ? json[(text.Start + 1)..(text.End - 1)] : default;
        return inner.StartsWith("http://"u8) || inner.StartsWith("https://"u8) || inner.StartsWith("//"u8) || inner.StartsWith("ftp:"u8) || inner.StartsWith("file:"u8)
            || key is "url" && !inner.IsEmpty && !inner.StartsWith("data:image/"u8);
    }

    private static string Shorten(string address) => address.Length <= 120 ? address : address[..120] + "…";
}
