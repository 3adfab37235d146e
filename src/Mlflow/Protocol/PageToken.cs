using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Squero.Mlflow;

/// <summary>Page tokens hold an offset: <c>{"offset": 20}</c> in base64.</summary>
internal static class PageToken
{
    public static string Write(long offset) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"offset": {{offset}}}""")));

    public static long Read(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return 0;
        }

        try
        {
            using var document = JsonDocument.Parse(Convert.FromBase64String(token));
            if (document.RootElement.TryGetProperty("offset", out var value) && value.TryGetInt64(out var offset) && offset >= 0)
            {
                return offset;
            }
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            // Answered below: every fault of a token is the same to a client.
        }

        throw MlflowError.Invalid("Invalid page token, could not base64-decode");
    }
}
