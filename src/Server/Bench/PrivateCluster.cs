using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Squero.Server;

/// <summary>
/// A PostgreSQL server of one's own for benchmarks and tests, from Debian's package, on a free port and in a temporary folder. Local connections are
/// trusted; over the network the role <see cref="Role"/> needs its password.
/// </summary>
internal sealed class PrivateCluster : IAsyncDisposable
{
    public const string Role = "squero";
    public const string Password = "open sesame: 1/2@3";

    private readonly string folder;
    private int lastNumber;

    private PrivateCluster(string folder, int port) => (this.folder, Port) = (folder, port);

    public int Port { get; }

    /// <summary>The process whose children serve the connections.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    /// <summary>Whether there is something to start.</summary>
    public static bool IsInstalled => Programs is not null;

    private static string? Programs { get; } =
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
        .Where(version => File.Exists(Path.Combine(version, "bin", "initdb")) && int.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out _))
        .OrderByDescending(version => int.Parse(Path.GetFileName(version), CultureInfo.InvariantCulture))
        .Select(version => Path.Combine(version, "bin"))
        .FirstOrDefault();

    /// <param name="durable">Whether commits reach the disk; tests that kill nothing need not wait for it.</param>
    public static async Task<PrivateCluster> StartAsync(bool durable)
    {
        var folder = Directory.CreateTempSubdirectory("squero-pg-").FullName;
        var cluster = new PrivateCluster(folder, FreePort());
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), Password + "\n");
        await RunAsync("chmod", "755", folder);
        await RunAsync("chmod", "644", Path.Combine(folder, "password"));
        if (IsRoot)
        {
            await RunAsync("chown", "-R", "postgres", folder);
        }

        await cluster.AsOwnerAsync(
            "initdb", "-D", cluster.Data, "-U", Role, "--pwfile", Path.Combine(folder, "password"), "--auth-local=trust", "--auth-host=scram-sha-256",
            "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        await File.AppendAllLinesAsync(
            Path.Combine(cluster.Data, "postgresql.conf"),
            [
                $"port = {cluster.Port}", "listen_addresses = '127.0.0.1'", $"unix_socket_directories = '{folder}'", "max_connections = 500", "shared_buffers = 64MB",
                "max_wal_size = 256MB", "logging_collector = off", .. durable ? (string[])[] : ["fsync = off", "full_page_writes = off"],
            ]);
        await cluster.StartAgainAsync();
        return cluster;
    }

    public Task StartAgainAsync() => AsOwnerAsync("pg_ctl", "-D", Data, "-w", "-t", "120", "-l", Path.Combine(folder, "log"), "start");

    /// <summary>Stops at once, as if the machine had: connections break.</summary>
    public Task KillAsync() => AsOwnerAsync("pg_ctl", "-D", Data, "-m", "immediate", "-w", "stop");

    /// <summary>Makes an empty database, or a copy of one that nobody is connected to. Returns its name.</summary>
    public async Task<string> CreateAsync(string? template = null)
    {
        var name = $"squero_{Interlocked.Increment(ref lastNumber)}";
        await AskAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {template ?? "template0"} STRATEGY {(template is null ? "WAL_LOG" : "FILE_COPY")}");
        return name;
    }

    public Task DropAsync(string name) => AskAsync("postgres", $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");

    /// <summary>Runs a statement and returns what it gives, unaligned and without headers.</summary>
    public async Task<string> AskAsync(string database, string sql) =>
        (await RunAsync(Path.Combine(Programs!, "psql"), "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", $"{Port}", "-U", Role, "-d", database, "-c", sql)).Trim();

    /// <summary>What <c>--database</c> takes.</summary>
    public string AddressOf(string database, string password = Password) =>
        $"postgres://{Role}:{Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{database}";

    public async ValueTask DisposeAsync()
    {
        try
        {
            await KillAsync();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsRoot => Environment.UserName == "root";

    private string Data => Path.Combine(folder, "data");

    /// <summary>PostgreSQL does not run as root.</summary>
    private Task<string> AsOwnerAsync(string program, params string[] arguments) =>
        IsRoot
            ? RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(Programs!, program), .. arguments])
            : RunAsync(Path.Combine(Programs!, program), arguments);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        // Through files, not pipes: the server that pg_ctl leaves behind would hold a pipe open.
        var log = Path.GetTempFileName();
        try
        {
            var start = new ProcessStartInfo("sh", ["-c", "exec \"$@\" > \"$0\" 2>&1 < /dev/null", log, program, .. arguments]) { WorkingDirectory = "/" };
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync();
            var output = await File.ReadAllTextAsync(log);
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{Path.GetFileName(program)} {string.Join(' ', arguments)} failed: {output}");
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
