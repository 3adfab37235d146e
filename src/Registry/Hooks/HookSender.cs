using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Squero.Kernel;

namespace Squero.Registry;

/// <summary>How a delivery ended: a status, or why none came.</summary>
/// <param name="Said">The beginning of the answer's body, where it was asked for and may be shown.</param>
public sealed record HookAnswer(int? Status, string? Fault, string? Said = null)
{
    public bool Arrived => Status is >= 200 and < 300;

    /// <summary>Whether it may arrive later: the other side is away, busy or broken.</summary>
    public bool MayArriveLater => Status is null or 408 or 429 or >= 500;
}

/// <summary>
/// Posts messages to addresses that people gave: to the internet alone, without following redirects and without a proxy. What the
/// other side says is read for a test alone, and never where hooks may lead to the network around this machine: a hook is no way
/// to read what only the server can reach.
/// </summary>
public sealed class HookSender : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private const int MaxSaid = 4096;
    private readonly HttpClient http;
    private readonly HookStore hooks;
    private readonly IHookMessage message;
    private readonly bool mayShow;

    /// <param name="connect">A connection to a host; null: to its addresses on the internet, and to no others.</param>
    public HookSender(HookStore hooks, IHookMessage message, HookLimits limits, Func<DnsEndPoint, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        (this.hooks, this.message, mayShow) = (hooks, message, !limits.Private);
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
            connect ??= (host, cancel) => PublicNetwork.ConnectAsync(host, null, cancel);
            handler.ConnectCallback = (context, cancel) => connect(context.DnsEndPoint, cancel);
        }

        http = new HttpClient(handler) { Timeout = Patience };
    }

    /// <param name="listens">Whether to read what the other side says.</param>
    public async Task<HookAnswer> SendAsync(long hookId, string url, string deliveryUid, string body, CancellationToken cancel, bool listens = false)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(Patience);
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

            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            return new HookAnswer(
                (int)answer.StatusCode,
                answer.StatusCode is >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest ? "The address redirects, and redirects are not followed." : null,
                listens && mayShow ? await BeginningAsync(answer.Content, limited.Token) : null);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new HookAnswer(null, $"No answer within {Patience.TotalSeconds} seconds.");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new HookAnswer(null, error.InnerException is NotPublicException refused ? refused.Message : "The address cannot be reached.");
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return new HookAnswer(null, "The secret cannot be read any more: set it anew.");
        }
    }

    public void Dispose() => http.Dispose();

    private static async Task<string> BeginningAsync(HttpContent content, CancellationToken cancel)
    {
        using var reader = new StreamReader(await content.ReadAsStreamAsync(cancel), Encoding.UTF8);
        var said = new char[MaxSaid];
        return new string(said, 0, await reader.ReadBlockAsync(said, cancel));
    }
}
