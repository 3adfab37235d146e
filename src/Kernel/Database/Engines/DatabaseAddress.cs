using Npgsql;

namespace Squero.Kernel;

/// <summary>
/// Where a PostgreSQL database is: <c>postgres://role:password@host:port/name</c>. A folder as <c>?host=/var/run/postgresql</c>
/// is a local socket; <c>?sslmode=</c> takes libpq's words. What is left out, libpq's environment (PGPASSWORD, PGPASSFILE) fills in.
/// </summary>
public sealed record DatabaseAddress
{
    private const int DefaultPort = 5432;

    public required string Host { get; init; }

    public int Port { get; init; } = DefaultPort;

    public required string Name { get; init; }

    public string? Role { get; init; }

    public string? Password { get; init; }

    public SslMode Ssl { get; init; } = SslMode.Prefer;

    /// <summary>For sentences: everything but the password.</summary>
    public string Text => $"postgres://{(Role is null ? "" : Role + "@")}{(Host.StartsWith('/') ? "" : $"{Host}:{Port}")}/{Name}{(Host.StartsWith('/') ? "?host=" + Host : "")}";

    /// <summary>The whole address, with the password: for the environment of a process of ours, never for a sentence.</summary>
    public string Secret =>
        $"postgres://{(Role is null ? "" : Uri.EscapeDataString(Role) + (Password is null ? "" : ":" + Uri.EscapeDataString(Password)) + "@")}"
        + $"{(Host.StartsWith('/') ? $"localhost:{Port}" : Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}")}/{Uri.EscapeDataString(Name)}"
        + $"?sslmode={Ssl.ToString().ToLowerInvariant()}{(Host.StartsWith('/') ? "&host=" + Uri.EscapeDataString(Host) : "")}";

    /// <summary>Reads an address; refuses what it does not understand, so that no wish is passed over in silence.</summary>
    public static DatabaseAddress Parse(string text)
    {
        // Without the text: it may hold a password.
        if (!Uri.TryCreate(text.Trim().Replace("@/", "@localhost/", StringComparison.Ordinal), UriKind.Absolute, out var url) || url.Scheme is not ("postgres" or "postgresql"))
        {
            throw Refusal.Invalid("The database is not an address such as postgres://squero@db.example:5432/squero.");
        }

        var name = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/'));
        if (name.Length == 0 || name.Contains('/', StringComparison.Ordinal))
        {
            throw Refusal.Invalid("The address of the database names no database: it ends with one, as in postgres://squero@db.example/squero.");
        }

        var who = url.UserInfo.Split(':', 2);
        var address = new DatabaseAddress
        {
            Host = url.Host.Length == 0 ? "localhost" : url.Host.Trim('[', ']'),
            Port = url.Port > 0 ? url.Port : DefaultPort,
            Name = name,
            Role = who[0].Length == 0 ? null : Uri.UnescapeDataString(who[0]),
            Password = who.Length < 2 ? null : Uri.UnescapeDataString(who[1]),
        };
        return url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Aggregate(address, With);
    }

    internal NpgsqlConnectionStringBuilder ToBuilder() => new()
    {
        Host = Host,
        Port = Port,
        Database = Name,
        Username = Role,
        Password = Password,
        SslMode = Ssl,
    };

    private static DatabaseAddress With(DatabaseAddress address, string option)
    {
        var parts = option.Split('=', 2);
        var value = Uri.UnescapeDataString(parts.Length < 2 ? "" : parts[1]);
        switch (parts[0])
        {
            case "host" when value.Length > 0:
                return address with { Host = value };
            case "port" when int.TryParse(value, out var port) && port is > 0 and < 65536:
                return address with { Port = port };
            case "sslmode" when Enum.TryParse<SslMode>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var mode) && !char.IsAsciiDigit(value[0]):
                return address with { Ssl = mode };
            default:
                throw Refusal.Invalid($"The address of the database has an option `{parts[0]}` that means nothing here; host, port and sslmode (disable, prefer, require, verify-ca, verify-full) do.");
        }
    }
}
