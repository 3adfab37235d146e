using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Squero.Tests.Repositories;

/// <summary>Anybody may fetch a public project; nobody may make the server work for hours by it.</summary>
public sealed class HostileFetchTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        var ada = await server.PersonAsync("ada");
        await ada.CreateProjectAsync("open", "public");
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_request_that_unpacks_to_gigabytes_is_refused()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var line = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0032have " + new string('a', 40) + "\n", 1000)));
            for (var round = 0; round < 2000; round++)
            {
                await gzip.WriteAsync(line, TestContext.Current.CancellationToken);
            }
        }

        using var answer = await PostAsync(packed.ToArray());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task A_body_that_is_not_gzip_is_refused()
    {
        using var answer = await PostAsync([1, 2, 3]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body)
    {
        using var http = server.Anonymous();
        using var content = new ByteArrayContent(body);
        content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-git-upload-pack-request");
        return await http.PostAsync("/ada/open.git/git-upload-pack", content, TestContext.Current.CancellationToken);
    }
}
