using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>How a delivery ended: a status, or why none came.</summary>
public sealed record HookAnswer(int? Status, string? Fault)
{
    public bool Arrived => Status is >= 200 and < 300;

    /// <summary>Whether it may arrive later: the other side is away, busy or broken.</summary>
    public bool MayArriveLater => Status is null or 408 or 429 or >= 500;
}

/// <summary>
/// Posts messages to addresses that people gave: to the internet alone, without following redirects, without a proxy, and
/// with the answer's body unread.
/// </summary>
public sealed class HookSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly HttpClient http;
    private readonly HookStore hooks;
    private readonly IHookMessage message;

    /// <param name="resolve">The addresses of a host; null: as the machine resolves names.</param>
    public HookSender(HookStore hooks, IHookMessage message, HookLimits limits, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
    {
        (this.hooks, this.message) = (hooks, message);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = Patience,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
        };
        if (!limits.Private)
        {
            handler.ConnectCallback = (context, cancel) => PublicNetwork.ConnectAsync(context.DnsEndPoint, resolve, cancel);
        }

        http = new HttpClient(handler) { Timeout = Patience };
    }

    public async Task<HookAnswer> SendAsync(long hookId, string url, string deliveryUid, string body, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = new StringContent(body, Encoding.UTF8) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            request.Headers.UserAgent.ParseAdd("squero");
            foreach (var (name, value) in message.Headers(deliveryUid, body, await hooks.SecretAsync(hookId, cancel)))
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            return new HookAnswer((int)answer.StatusCode, answer.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest ? "The address redirects, and redirects are not followed." : null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new HookAnswer(null, $"No answer within {Patience.TotalSeconds} seconds.");
        }
        catch (HttpRequestException error)
        {
            return new HookAnswer(null, error.InnerException is NotPublicException refused ? refused.Message : "The address cannot be reached.");
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return new HookAnswer(null, "The secret cannot be read any more: set it anew.");
        }
    }

    public void Dispose() => http.Dispose();
}
