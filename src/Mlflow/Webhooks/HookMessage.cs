using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>
/// Signs deliveries as MLflow's server does: an HMAC-SHA256 of <c>DELIVERY.SECONDS.BODY</c> in base64, after <c>v1,</c>. The receiver checks it with its
/// secret, and by the time that nobody sends an old delivery again.
/// </summary>
internal sealed class HookMessage(TimeProvider time) : IHookMessage
{
    public IEnumerable<KeyValuePair<string, string>> Headers(string deliveryUid, string body, string? secret)
    {
        var seconds = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        yield return KeyValuePair.Create("X-MLflow-Delivery-Id", deliveryUid);
        yield return KeyValuePair.Create("X-MLflow-Timestamp", seconds);
        if (secret is not null)
        {
            yield return KeyValuePair.Create("X-MLflow-Signature", Sign(secret, deliveryUid, seconds, body));
        }
    }

    public static string Sign(string secret, string deliveryUid, string seconds, string body) =>
        "v1," + Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{deliveryUid}.{seconds}.{body}")));
}
