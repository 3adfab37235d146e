using Squero.Kernel;
using Squero.Server;

namespace Squero.Tests.Server;

public sealed class ServeOptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:7070", null, "http://127.0.0.1:7070/a")]
    [InlineData("http://*:8080", null, "http://localhost:8080/a")]
    [InlineData("http://+:8080;http://10.0.0.1:81", null, "http://localhost:8080/a")]
    [InlineData("http://0.0.0.0:80", null, "http://localhost/a")]
    [InlineData("http://[::]:8080", null, "http://localhost:8080/a")]
    [InlineData("http://127.0.0.1:7070", "https://forge.example.org", "https://forge.example.org/a")]
    [InlineData("http://127.0.0.1:7070", "https://forge.example.org:8443/", "https://forge.example.org:8443/a")]
    public void Links_come_from_the_external_address_else_from_the_first_to_listen_on(string urls, string? external, string link) =>
        Assert.Equal(link, Options(urls, external).Address().Link("/a"));

    [Theory]
    [InlineData("", null)]
    [InlineData(";", null)]
    [InlineData("nonsense", null)]
    [InlineData("localhost:7070", null)]
    [InlineData("https://127.0.0.1:7070", null)]
    [InlineData("http://127.0.0.1:0", null)]
    [InlineData("http://127.0.0.1:7070/squero", null)]
    [InlineData("http://127.0.0.1:7070;ftp://127.0.0.1", null)]
    [InlineData("http://127.0.0.1:7070", "forge.example.org")]
    [InlineData("http://127.0.0.1:7070", "ftp://forge.example.org")]
    [InlineData("http://127.0.0.1:7070", "https://forge.example.org/squero")]
    [InlineData("http://127.0.0.1:7070", "https://ada:secret@forge.example.org")]
    public void An_address_that_cannot_be_used_is_refused_by_name(string urls, string? external)
    {
        var options = Options(urls, external);
        var refusal = Assert.Throws<Refusal>(() => (options.ListenAddresses(), options.Address()));
        Assert.Matches("(`.+`|--urls)", refusal.Sentence);
    }

    private static ServeOptions Options(string urls, string? external) => new() { DataFolder = "unused", Urls = urls, ExternalUrl = external };
}
