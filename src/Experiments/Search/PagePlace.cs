using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Squero.Experiments;

/// <summary>
/// A row of an ordered list, to go on from: what it is ordered by, and its number. It stands in addresses, so it is read with care:
/// at worst a forged one begins the list elsewhere.
/// </summary>
/// <param name="Rank">0: the row has the value; 1: it is not a number; 2: it has none.</param>
/// <param name="At">How many rows stand before it, for the reader's eye alone.</param>
public sealed record PagePlace(int Rank, double? Number, string? Text, long StartedUs, long Id, long At)
{
    private const int MaxLength = 12_000;

    /// <summary>Null when it cannot be read.</summary>
    public static PagePlace? Parse(string text)
    {
        if (text.Length is 0 or > MaxLength)
        {
            return null;
        }

        try
        {
            var place = JsonSerializer.Deserialize<PagePlace>(Base64Url.DecodeFromChars(text));
            return place is { Rank: >= 0 and <= 2, At: >= 0 } && (place.Rank > 0 || (place.Text is null || !place.Text.Contains('\0', StringComparison.Ordinal))) ? place : null;
        }
        catch (Exception failure) when (failure is FormatException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>What an order compares; null when the row has nothing of the kind.</summary>
    public object? ValueOf(bool isNumeric) => Rank > 0 ? null : isNumeric ? Number : Text;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(this)));
}
