using Squero.Kernel;

namespace Squero.Tests.Kernel.Engines;

public sealed class DatabaseAddressTests
{
    [Theory]
    [InlineData("postgres://ada@db.example/forge", "db.example", 5432, "forge", "ada", null)]
    [InlineData("postgresql://ada:p%40ss%3A%2F@db.example:6000/forge", "db.example", 6000, "forge", "ada", "p@ss:/")]
    [InlineData("postgres:///forge", "localhost", 5432, "forge", null, null)]
    [InlineData("postgres://ada@/forge?host=/var/run/postgresql&port=6000", "/var/run/postgresql", 6000, "forge", "ada", null)]
    [InlineData("postgres://[::1]:6000/forge", "::1", 6000, "forge", null, null)]
    [InlineData(" postgres://ada@db/forge?sslmode=verify-full\n", "db", 5432, "forge", "ada", null)]
    public void An_address_says_where_and_as_whom(string text, string host, int port, string name, string? role, string? password)
    {
        var address = DatabaseAddress.Parse(text);
        Assert.Equal((host, port, name, role, password), (address.Host, address.Port, address.Name, address.Role, address.Password));
        Assert.Equal(address, DatabaseAddress.Parse(address.Secret));
    }

    [Theory]
    [InlineData("")]
    [InlineData("squero.db")]
    [InlineData("mysql://ada:secret@db/forge")]
    [InlineData("postgres://ada:secret@db")]
    [InlineData("postgres://ada:secret@db/a/b")]
    [InlineData("postgres://ada:secret@db/forge?sslmode=perhaps")]
    [InlineData("postgres://ada:secret@db/forge?pool=7")]
    [InlineData("postgres://ada:secret@db/forge?sslmode=")]
    public void What_is_no_address_is_refused_without_telling_its_password(string text) =>
        Assert.DoesNotContain("secret", Assert.Throws<Refusal>(() => DatabaseAddress.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("postgres://ada:secret@db/forge", "postgres://ada@db:5432/forge")]
    [InlineData("postgres://ada:secret@/forge?host=/run/pg", "postgres://ada@/forge?host=/run/pg")]
    public void Sentences_name_it_without_its_password(string text, string expected) => Assert.Equal(expected, DatabaseAddress.Parse(text).Text);
}
