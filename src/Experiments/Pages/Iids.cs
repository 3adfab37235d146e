using System.Globalization;

namespace Squero.Experiments;

/// <summary>Numbers of candidates in a query: <c>candidates=1,2&amp;candidates=7</c>.</summary>
internal static class Iids
{
    public static IReadOnlyList<long> Parse(IEnumerable<string?> values, int limit) =>
    [
        .. values.SelectMany(value => (value ?? "").Split(','))
            .Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var iid) ? iid : 0)
            .Where(iid => iid > 0).Distinct().Take(limit),
    ];
}
