using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Squero.Kernel;

namespace Squero.Pipelines;

/// <summary>KEY=value lines that a job hands to later ones: at most 5 KB and 20 variables.</summary>
internal static partial class DotenvReport
{
    public const int BytesMax = 5 * 1024;
    public const int VariablesMax = 20;

    public static async Task<IReadOnlyList<KeyValuePair<string, string>>> ReadAsync(Stream content, bool gzip, CancellationToken cancel)
    {
        var buffer = new byte[BytesMax + 1];
        try
        {
            await using var plain = gzip ? new GZipStream(content, CompressionMode.Decompress) : content;
            var length = await plain.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
            if (length > BytesMax)
            {
                throw Refusal.Invalid($"The dotenv report is larger than {BytesMax} bytes.");
            }

            return Parse(Encoding.UTF8.GetString(buffer, 0, length));
        }
        catch (InvalidDataException)
        {
            throw Refusal.Invalid("The dotenv report is not valid gzip.");
        }
    }

    /// <summary>The last of several values wins and keeps the first one's place.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text)
    {
        var values = new List<KeyValuePair<string, string>>();
        foreach (var line in text.TrimStart('\uFEFF').TrimEnd('\n', '\r').Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            var key = equals < 0 ? "" : line[..equals].Trim();
            if (!KeyPattern().IsMatch(key))
            {
                throw Refusal.Invalid("The dotenv report has a line that is not KEY=value.");
            }

            var pair = KeyValuePair.Create(key, line[(equals + 1)..].Trim());
            var known = values.FindIndex(other => other.Key == key);
            if (known >= 0)
            {
                values[known] = pair;
            }
            else
            {
                values.Add(pair);
            }
        }

        return values.Count <= VariablesMax ? values : throw Refusal.Invalid($"The dotenv report has more than {VariablesMax} variables.");
    }

    [GeneratedRegex("^[A-Za-z0-9_]{1,255}$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();
}
