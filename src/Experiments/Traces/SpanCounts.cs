using System.Globalization;
using System.Text.Json;

namespace Squero.Experiments;

/// <summary>Numbers by name that add up over the spans of a trace, kept as a JSON object.</summary>
internal static class SpanCounts
{
    public static string Sum(string? known, IEnumerable<IReadOnlyDictionary<string, long>> more)
    {
        var sums = Read(known);
        foreach (var (name, number) in more.SelectMany(counts => counts))
        {
            sums[name] = unchecked(sums.GetValueOrDefault(name) + number);
        }

        return "{" + string.Join(", ", sums.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{JsonSerializer.Serialize(pair.Key)}: {pair.Value}"))) + "}";
    }

    /// <summary>What a client wrote there instead of numbers does not count.</summary>
    private static Dictionary<string, long> Read(string? known)
    {
        try
        {
            return known is null ? [] : JsonSerializer.Deserialize<Dictionary<string, long>>(known) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
