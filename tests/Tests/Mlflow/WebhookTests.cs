using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Squero.Kernel;
using Squero.Mlflow;

namespace Squero.Tests.Mlflow;

/// <summary>What webhooks deliver, and where they do not lead.</summary>
public sealed class WebhookTests
{
    [Fact]
    public async Task Deliveries_are_those_that_were_recorded_and_signed_with_the_secret()
    {
        await using var server = await TestServer.StartAsync(privateWebhooks: true);
        using var receiver = new HookReceiver();
        var author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
        var replay = new TranscriptReplay(author.Http, $"{server.Url.ToString().TrimEnd('/')}/api/v4/projects/ada%2Fchurn/ml/mlflow");
        replay.Map("127.0.0.1:44129", $"127.0.0.1:{receiver.Port}");

        // The hook is deleted at the end of the session, with what is not delivered yet.
        var session = (await File.ReadAllLinesAsync(Transcripts.Named("12_webhooks").File)).Where(line => !line.Contains("delete_webhook", StringComparison.Ordinal) && !line.Contains("get_webhook deleted", StringComparison.Ordinal));
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, session);
        Assert.All((await replay.RunAsync(file)).Where(exchange => exchange.Number is not (12 or 13 or 23)), exchange => Assert.Empty(exchange.Differences));
        var recorded = JsonNode.Parse(await File.ReadAllTextAsync(TestData.Path("mlflow/12_webhooks.deliveries.json")))!.AsArray()
            .Select(delivery => $"{delivery!["path"]} {Meaning((string)delivery["body"]!)}").Order(StringComparer.Ordinal).ToList();
        await TestServer.EventuallyAsync(() => Task.FromResult(receiver.Received.Count), count => count >= recorded.Count);
        Assert.Equal(recorded, receiver.Received.Select(hook => $"{hook.Path} {Meaning(hook.Body)}").Order(StringComparer.Ordinal));
        foreach (var hook in receiver.Received)
        {
            var expected = hook.Path == "/hook" ? HookMessage.Sign("s3cr3t", hook.Headers["X-MLflow-Delivery-Id"], hook.Headers["X-MLflow-Timestamp"], hook.Body) : null;
            Assert.Equal(expected, hook.Headers.GetValueOrDefault("X-MLflow-Signature"));
        }
    }

    [Fact]
    public void A_recorded_signature_is_the_one_that_we_would_have_made()
    {
        foreach (var delivery in JsonNode.Parse(File.ReadAllText(TestData.Path("mlflow/12_webhooks.deliveries.json")))!.AsArray().Where(delivery => delivery!["headers"]!["X-MLflow-Signature"] is not null))
        {
            var headers = delivery!["headers"]!;
            Assert.Equal(
                (string)headers["X-MLflow-Signature"]!,
                HookMessage.Sign("s3cr3t", (string)headers["X-MLflow-Delivery-Id"]!, (string)headers["X-MLflow-Timestamp"]!, (string)delivery["body"]!));
        }
    }

    [Fact]
    public async Task A_delivery_that_fails_is_sent_again_under_its_own_id()
    {
        await using var server = await TestServer.StartAsync(privateWebhooks: true);
        using var receiver = new HookReceiver((_, number) => (number == 1 ? 503 : 200, null));
        var client = await ClientAsync(server);
        await CreateAsync(client, $"http://127.0.0.1:{receiver.Port}/hook");
        await client.PostAsync("registered-models/create", new { name = "churn" });
        await TestServer.EventuallyAsync(() => Task.FromResult(receiver.Received.Count), count => count == 2);
        Assert.Single(receiver.Received.Select(hook => hook.Headers["X-MLflow-Delivery-Id"]).Distinct());
    }

    [Fact]
    public async Task An_address_that_hangs_holds_up_no_other_project()
    {
        await using var server = await TestServer.StartAsync(privateWebhooks: true);
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        using var receiver = new HookReceiver();
        var client = await ClientAsync(server);
        await CreateAsync(client, $"http://127.0.0.1:{((IPEndPoint)hanging.LocalEndpoint).Port}/hook");
        for (var model = 0; model < 220; model++)
        {
            await client.PostAsync("registered-models/create", new { name = $"m{model}" });
        }

        // It never answers: its project has as many under way as it may, and all the others wait.
        using var first = await hanging.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        var bob = await server.PersonAsync("bob");
        await bob.CreateProjectAsync("own");
        var other = new MlflowClient(bob.Http, "bob/own");
        await CreateAsync(other, $"http://127.0.0.1:{receiver.Port}/hook");
        await other.PostAsync("registered-models/create", new { name = "churn" });
        await TestServer.EventuallyAsync(() => Task.FromResult(receiver.Received.Count), count => count == 1);
        var waiting = await server.Services.GetRequiredService<Database>().ReadAsync(session => session.CountAsync("SELECT count(*) FROM registry_deliveries"), TestContext.Current.CancellationToken);
        Assert.True(waiting >= 210, $"Only {waiting} deliveries wait: the address does not hang.");
    }

    [Fact]
    public async Task A_test_shows_what_an_address_of_the_internet_says()
    {
        using var receiver = new HookReceiver((_, number) => (number == 1 ? 200 : 403, null));
        await using var server = await TestServer.StartAsync(services: receiver.StandIn);
        var client = await ClientAsync(server);
        var hook = await CreateAsync(client, $"http://localhost:{receiver.Port}/hook");
        var good = (await client.PostAsync($"webhooks/{hook}/test", new { })).GetProperty("result");
        Assert.Equal((true, 200, "ok"), (good.GetProperty("success").GetBoolean(), good.GetProperty("response_status").GetInt32(), good.GetProperty("response_body").GetString()));
        var bad = (await client.PostAsync($"webhooks/{hook}/test", new { })).GetProperty("result");
        Assert.Equal((false, 403, "ok"), (bad.GetProperty("success").GetBoolean(), bad.GetProperty("response_status").GetInt32(), bad.GetProperty("response_body").GetString()));
    }

    [Fact]
    public async Task A_test_shows_nothing_that_the_network_around_the_server_says()
    {
        await using var server = await TestServer.StartAsync(privateWebhooks: true);
        using var receiver = new HookReceiver();
        var client = await ClientAsync(server);
        var hook = await CreateAsync(client, $"http://127.0.0.1:{receiver.Port}/hook");
        var result = (await client.PostAsync($"webhooks/{hook}/test", new { })).GetProperty("result");
        Assert.True(result.GetProperty("success").GetBoolean());
        Assert.False(result.TryGetProperty("response_body", out _));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var server = await TestServer.StartAsync(privateWebhooks: true);
        using var receiver = new HookReceiver((path, _) => path == "/hook" ? (302, "/secret") : (200, null));
        var client = await ClientAsync(server);
        var hook = await CreateAsync(client, $"http://127.0.0.1:{receiver.Port}/hook");
        var result = (await client.PostAsync($"webhooks/{hook}/test", new { })).GetProperty("result");
        Assert.False(result.GetProperty("success").GetBoolean());
        Assert.DoesNotContain(receiver.Received, received => received.Path == "/secret");
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT/")]
    [InlineData("http://127.1:PORT/")]
    [InlineData("http://2130706433:PORT/")]
    [InlineData("http://0x7f000001:PORT/")]
    [InlineData("http://[::1]:PORT/")]
    [InlineData("http://[::ffff:127.0.0.1]:PORT/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://user:secret@example.org/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("   ")]
    [InlineData("gopher://example.org/")]
    public async Task An_address_that_is_not_of_the_internet_is_refused_at_once(string url)
    {
        await using var server = await TestServer.StartAsync();
        var client = await ClientAsync(server);
        using var answer = await client.SendAsync("webhooks", Hook(url.Replace("PORT", "80", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_name_that_leads_to_this_machine_is_not_connected_to()
    {
        await using var server = await TestServer.StartAsync();
        using var receiver = new HookReceiver();
        var client = await ClientAsync(server);
        var hook = await CreateAsync(client, $"http://localhost:{receiver.Port}/hook");
        await client.PostAsync("registered-models/create", new { name = "churn" });
        var result = (await client.PostAsync($"webhooks/{hook}/test", new { })).GetProperty("result");
        Assert.False(result.GetProperty("success").GetBoolean());
        Assert.Contains("not an address of the internet", result.GetProperty("error_message").GetString(), StringComparison.Ordinal);
        Assert.Empty(receiver.Received);
    }

    [Fact]
    public async Task A_name_is_resolved_once_and_each_of_its_addresses_looked_at()
    {
        var asked = 0;
        Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel) =>
            Task.FromResult<IPAddress[]>(++asked == 1 ? [IPAddress.Parse("93.184.216.34"), IPAddress.Loopback] : [IPAddress.Loopback]);
        await Assert.ThrowsAsync<NotPublicException>(async () => await PublicNetwork.ConnectAsync(new DnsEndPoint("rebinding.example", 80), ResolveAsync, TestContext.Current.CancellationToken));
        Assert.Equal(1, asked);
    }

    [Theory]
    [InlineData("93.184.216.34", true)]
    [InlineData("2606:2800:220:1:248:1893:25c8:1946", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("172.31.255.255", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::7f00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("fd00::1", false)]
    [InlineData("fe80::1", false)]
    public void Addresses_are_of_the_internet_or_not(string address, bool isPublic) => Assert.Equal(isPublic, PublicNetwork.IsPublic(IPAddress.Parse(address)));

    [Fact]
    public async Task A_secret_is_kept_protected_and_never_comes_out()
    {
        await using var server = await TestServer.StartAsync();
        var client = await ClientAsync(server);
        var hook = await CreateAsync(client, "https://example.org/hook", "s3cr3t");
        Assert.DoesNotContain("s3cr3t", JsonSerializer.Serialize(await client.GetAsync($"webhooks/{hook}")), StringComparison.Ordinal);
        var kept = await server.Services.GetRequiredService<Database>().ReadAsync(session => session.FirstAsync<string>("SELECT secret FROM registry_hooks"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("s3cr3t", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_webhook_of_another_project_is_not_there()
    {
        await using var server = await TestServer.StartAsync();
        var client = await ClientAsync(server);
        var hook = await CreateAsync(client, "https://example.org/hook");
        var mallory = await server.PersonAsync("mallory");
        await mallory.CreateProjectAsync("own");
        var other = new MlflowClient(mallory.Http, "mallory/own");
        using var answer = await other.SendAsync($"webhooks/{hook}/test", new { });
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<MlflowClient> ClientAsync(TestServer server)
    {
        var author = await server.PersonAsync("ada");
        await author.CreateProjectAsync("churn");
        return new MlflowClient(author.Http, "ada/churn");
    }

    private static object Hook(string url, string? secret = null) =>
        new { name = "wh", url, secret, events = new[] { new { entity = "REGISTERED_MODEL", action = "CREATED" } } };

    private static async Task<string> CreateAsync(MlflowClient client, string url, string? secret = null) =>
        (await client.PostAsync("webhooks", Hook(url, secret))).GetProperty("webhook").GetProperty("webhook_id").GetString()!;

    /// <summary>A body without its time.</summary>
    private static string Meaning(string body)
    {
        var fields = JsonNode.Parse(body)!.AsObject();
        Assert.True(DateTimeOffset.TryParse((string)fields["timestamp"]!, out _));
        fields.Remove("timestamp");
        return fields.ToJsonString();
    }
}
