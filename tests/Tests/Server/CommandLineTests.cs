using System.Diagnostics;

namespace Squero.Tests.Server;

/// <summary>The program as a script meets it: what it cannot do ends with one sentence on standard error and another code than 0.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("squero-commands-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("serve --bogus", "--bogus")]
    [InlineData("serve extra", "extra")]
    [InlineData("serve --urls nonsense --data DATA", "`nonsense`")]
    [InlineData("serve --external-url http://a.example/b --data DATA", "more than scheme, host and port")]
    [InlineData("serve --data /etc/hostname", "cannot be the data folder")]
    [InlineData("serve --data EMPTY", "--data is empty")]
    [InlineData("demo --data EMPTY", "--data is empty")]
    [InlineData("user create ada --data EMPTY", "--data is empty")]
    [InlineData("token create ada --data EMPTY", "is not a data folder")]
    [InlineData("demo --until 0 --data DATA", "1 to 9")]
    [InlineData("demo --seed many --data DATA", "many")]
    [InlineData("user create", "name")]
    [InlineData("user create -x- --data DATA", "-x-")]
    [InlineData("token create nobody --data NONE", "is not a data folder")]
    [InlineData("notebook diff /absent /absent", "/absent")]
    [InlineData("notebook bench /absent", "/absent")]
    [InlineData("notebook merge /absent /absent /absent", "/absent")]
    [InlineData("notebook merge /etc/passwd /etc/hostname /etc/group", "is not a notebook")]
    [InlineData("ci check /absent", "/absent")]
    [InlineData("ci check /etc/hostname --context /absent", "/absent")]
    [InlineData("verdict /absent", "/absent")]
    [InlineData("bench everything", "everything")]
    [InlineData("bench notebooks --json /absent/figures.json", "/absent")]
    [InlineData("runner --url nowhere --token x", "nowhere")]
    [InlineData("runner --url http://127.0.0.1:1 --token x --concurrency 0", "1 to 64")]
    [InlineData("nosuch", "nosuch")]
    public async Task What_cannot_be_done_is_told_in_a_sentence(string line, string words)
    {
        var (code, output, errors) = await RunAsync([.. line.Split(' ').Select(word => word switch
        {
            "DATA" => Path.Combine(folder, "data"),
            "EMPTY" => "",
            "NONE" => Path.Combine(folder, "none"),
            _ => word,
        })]);
        Assert.NotEqual(0, code);
        Assert.Contains(words, output + errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output + errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder, "none")));
    }

    [Fact]
    public async Task Accounts_are_made_beside_a_running_server_and_a_second_server_is_turned_away()
    {
        await using var server = await TestServer.StartAsync();

        var (made, link, _) = await RunAsync("user", "create", "ada", "--admin", "--data", server.DataFolder);
        Assert.Equal(0, made);
        Assert.StartsWith(new Uri(server.Url, "/-/setup/").ToString(), link, StringComparison.Ordinal);
        var (_, token, _) = await RunAsync("token", "create", "ada", "--scopes", "read_user", "--data", server.DataFolder);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v4/user") { Headers = { { "PRIVATE-TOKEN", token.Trim() } } };
        using var answer = await server.Anonymous().SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"The token `{token}` was refused.");

        foreach (var command in new[] { "serve", "demo" })
        {
            var (code, _, errors) = await RunAsync(command, "--data", server.DataFolder, "--urls", "http://127.0.0.1:1");
            Assert.Equal(1, code);
            Assert.Contains($"Another server works on the data folder {server.DataFolder} and serves {server.Url}", errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told_in_one_line()
    {
        await using var server = await TestServer.StartAsync();
        var (code, output, errors) = await RunAsync("serve", "--data", Path.Combine(folder, "data"), "--urls", server.Url.ToString().TrimEnd('/'));
        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Single(errors.Trim().Split('\n'));
        Assert.Contains(server.Url.Authority, errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "squero"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, output, await errors);
    }
}
