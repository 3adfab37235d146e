using System.Text.Json;
using System.Text.RegularExpressions;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>The protocol's limits and rules for names and values.</summary>
internal static partial class Names
{
    public const int MaxKey = 250;
    public const int MaxParamValue = 6000;
    public const int MaxTagValue = 8000;
    public const int MaxExperimentTagValue = 5000;

    /// <summary>The client keeps the difference to the last commit in a tag of a logged model.</summary>
    public const int MaxModelTagValue = 100_000;
    public const int MaxBatch = 1000;
    public const int MaxBatchTexts = 100;

    /// <summary>Letters and digits of any language, and a name that would stay itself as a path.</summary>
    public static string CheckKey(string key, string parameter, string what)
    {
        if (key.Length > MaxKey)
        {
            throw MlflowError.TooLong(what, MaxKey);
        }

        if (!Allowed().IsMatch(key))
        {
            throw MlflowError.Invalid(
                $"Invalid value {Quoted(key)} for parameter '{parameter}' supplied: Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).");
        }

        var normal = Normal(key);
        return normal == key && normal != "." && !normal.StartsWith("..", StringComparison.Ordinal) && normal[0] != '/'
            ? key
            : throw MlflowError.Invalid(
                $"Invalid value {Quoted(key)} for parameter '{parameter}' supplied: Names may be treated as files in certain cases, and must not resolve to other names when treated as such. This name would resolve to '{normal}'");
    }

    public static NamedText Param(string key, string? value, string what = "Param key") => new(CheckKey(key, "key", what), Cut(value ?? "", MaxParamValue));

    public static NamedText Tag(string key, string? value, string what = "key", int limit = MaxTagValue) => new(CheckKey(key, "key", what), Cut(value ?? "", limit));

    /// <summary>The tags that something is made with: the original holds their keys to a length and to nothing else.</summary>
    public static IReadOnlyList<NamedText> Tags(Fields fields) => [.. fields.Objects("tags").Select(FirstTag)];

    private static NamedText FirstTag(Fields tag)
    {
        var key = tag.Required("key");
        return key.Length <= MaxKey ? new NamedText(key, Cut(tag.Text("value") ?? "", MaxTagValue)) : throw MlflowError.TooLong("key", MaxKey);
    }

    private static string Cut(string text, int limit) =>
        text.Length <= limit ? text : text[..(char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit)];

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);

    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The path that a POSIX system would make of it.</summary>
    private static string Normal(string path)
    {
        var rooted = path.StartsWith('/');
        var kept = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
            {
                continue;
            }

            if (part == ".." && (kept.Count > 0 ? kept[^1] != ".." : rooted))
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else
            {
                kept.Add(part);
            }
        }

        var joined = (rooted ? "/" : "") + string.Join('/', kept);
        return joined.Length == 0 ? "." : joined;
    }

    [GeneratedRegex(@"^[/\w.\- :]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Allowed();
}
