using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Squero.Tests.Mlflow;

/// <summary>An upload whose connection breaks in the middle.</summary>
public sealed class BrokenUploadTests
{
    [Fact]
    public async Task Half_a_file_is_no_file_and_the_old_one_stays()
    {
        await using var server = await TestServer.StartAsync();
        var owner = await server.PersonAsync("ada");
        await owner.CreateProjectAsync("churn");
        var client = new MlflowClient(owner.Http, "ada/churn");
        var run = await client.StartAsync();
        using var kept = await client.PutFileAsync(run, "old.bin", "old");
        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        foreach (var name in new[] { "new.bin", "old.bin" })
        {
            await BreakAsync(server, owner, $"/api/v4/projects/ada%2Fchurn/ml/mlflow/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{name}");
        }

        var blobs = Path.Combine(server.DataFolder, "blobs");
        await TestServer.EventuallyAsync(() => Task.FromResult(Directory.GetFiles(blobs, "draft-*").Length), count => count == 0);
        var list = await owner.GetAsync($"/api/v4/projects/ada%2Fchurn/ml/mlflow/api/2.0/mlflow/artifacts/list?run_id={run}");
        Assert.Equal(["old.bin"], list.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.Equal("old", await owner.Http.GetStringAsync($"/api/v4/projects/ada%2Fchurn/ml/mlflow/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/old.bin"));
    }

    /// <summary>Sends half of what it announced, sees that the server is at it, and goes away.</summary>
    private static async Task BreakAsync(TestServer server, TestPerson person, string path)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Url.Host, server.Url.Port);
        var head = $"PUT {path} HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Bearer {person.Token}\r\nContent-Length: 2000000\r\n\r\n";
        await socket.SendAsync(Encoding.ASCII.GetBytes(head));
        await socket.SendAsync(new byte[1_000_000]);
        await TestServer.EventuallyAsync(
            () => Task.FromResult(Directory.GetFiles(Path.Combine(server.DataFolder, "blobs"), "draft-*").Sum(file => new FileInfo(file).Length)), bytes => bytes > 100_000);
        socket.LingerState = new LingerOption(true, 0);
    }
}
