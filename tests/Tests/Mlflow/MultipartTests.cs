using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Squero.Tests.Mlflow;

/// <summary>Files that are sent in parts, to addresses that need no token.</summary>
public sealed class MultipartTests : IAsyncLifetime
{
    private TestServer server = null!;
    private TestPerson owner = null!;
    private MlflowClient client = null!;
    private string run = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Uploads => Path.Combine(server.DataFolder, "uploads");

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        owner = await server.PersonAsync("ada");
        await owner.CreateProjectAsync("churn");
        client = new MlflowClient(owner.Http, "ada/churn");
        run = await client.StartAsync();
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_file_is_there_when_its_parts_are_put_together_and_not_before()
    {
        byte[][] parts = [Bytes(70_000, 1), Bytes(70_000, 2), Bytes(5, 3)];
        var (id, urls) = await BeginAsync(3);
        using var anonymous = server.Anonymous();
        var tags = new string[3];
        foreach (var part in new[] { 2, 0, 1 })
        {
            await PutAsync(anonymous, urls[part], Bytes(9, 9));
            tags[part] = await PutAsync(anonymous, urls[part], parts[part]);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync()).StatusCode);
        using var done = await CompleteAsync(id, tags);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal(parts.SelectMany(part => part), await (await ReadAsync()).Content.ReadAsByteArrayAsync(Cancel));
        Assert.Empty(Directory.GetFileSystemEntries(Uploads));
        using var again = await CompleteAsync(id, tags);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var late = await anonymous.PutAsync(urls[0], new ByteArrayContent(parts[0]), Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
    }

    [Fact]
    public async Task What_is_missing_or_another_is_told_and_the_upload_goes_on()
    {
        var (id, urls) = await BeginAsync(2);
        using var anonymous = server.Anonymous();
        var first = await PutAsync(anonymous, urls[0], Bytes(10, 1));
        using var missing = await CompleteAsync(id, [first]);
        Assert.Contains("Part 2 of 2 is missing", await missing.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        var second = await PutAsync(anonymous, urls[1], Bytes(10, 2));
        using var swapped = await CompleteAsync(id, [second, first]);
        Assert.Equal(HttpStatusCode.BadRequest, swapped.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync()).StatusCode);
        using var done = await CompleteAsync(id, [first, second]);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [Fact]
    public async Task An_aborted_upload_leaves_nothing()
    {
        var (id, urls) = await BeginAsync(1);
        using var anonymous = server.Anonymous();
        await PutAsync(anonymous, urls[0], Bytes(10, 1));
        using var aborted = await SendAsync("abort", new { path = "big.bin", upload_id = id });
        Assert.Equal(HttpStatusCode.OK, aborted.StatusCode);
        Assert.Empty(Directory.GetFileSystemEntries(Uploads));
    }

    [Fact]
    public async Task Only_the_key_of_an_upload_opens_it_and_only_for_its_parts()
    {
        var (_, urls) = await BeginAsync(1);
        var (_, others) = await BeginAsync(1);
        using var anonymous = server.Anonymous();
        var wrong = urls[0].Split("?key=")[0] + "?key=" + others[0].Split("?key=")[1];
        foreach (var (url, status) in new[]
        {
            (wrong, HttpStatusCode.Forbidden),
            (urls[0].Split('?')[0], HttpStatusCode.Forbidden),
            (urls[0].Replace("/1?", "/2?", StringComparison.Ordinal), HttpStatusCode.BadRequest),
        })
        {
            using var answer = await anonymous.PutAsync(url, new ByteArrayContent(Bytes(10, 1)), Cancel);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task An_upload_is_completed_where_it_was_begun()
    {
        var (id, urls) = await BeginAsync(1);
        using var anonymous = server.Anonymous();
        var tag = await PutAsync(anonymous, urls[0], Bytes(10, 1));
        var other = await client.StartAsync();
        using var elsewhere = await client.Http.PostAsJsonAsync(
            $"{client.Root}/api/2.0/mlflow-artifacts/mpu/complete/0/{other}/artifacts/dir", new { path = "big.bin", upload_id = id, parts = new[] { new { part_number = 1, etag = tag } } }, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("..", 1)]
    [InlineData("big.bin", 0)]
    [InlineData("big.bin", 10_001)]
    public async Task What_is_no_upload_is_refused(string path, int parts)
    {
        using var answer = await SendAsync("create", new { path, num_parts = parts });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static byte[] Bytes(int count, byte value) => [.. Enumerable.Repeat(value, count)];

    private static async Task<string> PutAsync(HttpClient http, string url, byte[] bytes)
    {
        using var answer = await http.PutAsync(url, new ByteArrayContent(bytes), Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.ETag!.Tag;
    }

    private async Task<(string Id, string[] Urls)> BeginAsync(int parts)
    {
        using var answer = await SendAsync("create", new { path = "/home/ada/big.bin", num_parts = parts });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var upload = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var credentials = upload.GetProperty("credentials").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, parts), credentials.Select(one => one.GetProperty("part_number").GetInt32()));
        return (upload.GetProperty("upload_id").GetString()!, [.. credentials.Select(one => one.GetProperty("url").GetString()!)]);
    }

    private Task<HttpResponseMessage> CompleteAsync(string id, string[] tags) =>
        SendAsync("complete", new { path = "/home/ada/big.bin", upload_id = id, parts = tags.Select((etag, index) => new { part_number = index + 1, etag, url = "" }) });

    private Task<HttpResponseMessage> SendAsync(string act, object body) =>
        client.Http.PostAsJsonAsync($"{client.Root}/api/2.0/mlflow-artifacts/mpu/{act}/0/{run}/artifacts/dir", body, Cancel);

    private Task<HttpResponseMessage> ReadAsync() => client.Http.GetAsync($"{client.Root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/dir/big.bin", Cancel);
}
