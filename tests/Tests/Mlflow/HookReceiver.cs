using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Squero.Registry;

namespace Squero.Tests.Mlflow;

/// <summary>The other side of webhooks: keeps what comes, and answers as it is told, with the text "ok".</summary>
internal sealed class HookReceiver : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly Func<string, int, (int Status, string? Location)> answer;

    /// <param name="answer">By path and the number of the request on it, from 1.</param>
    public HookReceiver(Func<string, int, (int Status, string? Location)>? answer = null)
    {
        this.answer = answer ?? ((_, _) => (200, null));
        using (var port = new TcpListener(IPAddress.Loopback, 0))
        {
            port.Start();
            Port = ((IPEndPoint)port.LocalEndpoint).Port;
        }

        listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        listener.Prefixes.Add($"http://localhost:{Port}/");
        listener.Start();
        _ = ListenAsync();
    }

    public int Port { get; }

    public ConcurrentQueue<ReceivedHook> Received { get; } = [];

    /// <summary>Makes this the other side of every webhook, wherever on the internet it leads.</summary>
    public void StandIn(IServiceCollection services) =>
        services.AddSingleton(provider => new HookSender(
            provider.GetRequiredService<HookStore>(), provider.GetRequiredService<IHookMessage>(), new HookLimits(), async (_, cancel) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(IPAddress.Loopback, Port, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }));

    public void Dispose() => ((IDisposable)listener).Dispose();

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                var path = context.Request.Url!.AbsolutePath;
                Received.Enqueue(new ReceivedHook(path, context.Request.Headers.AllKeys.ToDictionary(name => name!, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync()));
                var (status, location) = answer(path, Received.Count(hook => hook.Path == path));
                context.Response.StatusCode = status;
                if (location is not null)
                {
                    context.Response.RedirectLocation = location;
                }

                context.Response.Close("ok"u8.ToArray(), willBlock: false);
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // It was told to stop.
        }
    }
}

internal sealed record ReceivedHook(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
