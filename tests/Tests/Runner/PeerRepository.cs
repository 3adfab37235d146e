using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Squero.Tests.Runner;

/// <summary>A real bare repository served by git's own HTTP program, to the holder of a job token alone.</summary>
internal sealed class PeerRepository
{
    private readonly string root;

    private PeerRepository(string root) => this.root = root;

    /// <summary>The commit of main.</summary>
    public required string Head { get; init; }

    public static async Task<PeerRepository> CreateAsync(string folder)
    {
        var tree = Path.Combine(folder, "tree");
        var bare = Path.Combine(folder, "git", "acme", "vision.git");
        Directory.CreateDirectory(tree);
        await GitAsync(tree, "init", "-q", "-b", "main");
        await File.WriteAllTextAsync(Path.Combine(tree, "README"), "first\n");
        await GitAsync(tree, "add", ".");
        await GitAsync(tree, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "First");
        await File.WriteAllTextAsync(Path.Combine(tree, "README"), "second\n");
        File.CreateSymbolicLink(Path.Combine(tree, "outside"), "/etc");
        await GitAsync(tree, "add", ".");
        await GitAsync(tree, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "Second");
        await GitAsync(tree, "clone", "-q", "--bare", tree, bare);
        await GitAsync(bare, "update-ref", "refs/pipelines/301", "main");
        return new PeerRepository(Path.Combine(folder, "git")) { Head = (await GitAsync(bare, "rev-parse", "main")).Trim() };
    }

    public async Task ServeAsync(HttpContext http)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("gitlab-ci-token:" + Payloads.JobToken));
        if (http.Request.Headers.Authorization != expected)
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"peer\"";
            return;
        }

        var start = new ProcessStartInfo("git", ["http-backend"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["GIT_PROJECT_ROOT"] = root;
        start.Environment["GIT_HTTP_EXPORT_ALL"] = "1";
        start.Environment["PATH_INFO"] = http.Request.Path;
        start.Environment["QUERY_STRING"] = http.Request.QueryString.Value?.TrimStart('?');
        start.Environment["REQUEST_METHOD"] = http.Request.Method;
        start.Environment["CONTENT_TYPE"] = http.Request.ContentType;
        start.Environment["HTTP_CONTENT_ENCODING"] = http.Request.Headers.ContentEncoding;
        start.Environment["GIT_PROTOCOL"] = http.Request.Headers["Git-Protocol"];
        start.Environment["GIT_CONFIG_COUNT"] = "1";
        start.Environment["GIT_CONFIG_KEY_0"] = "safe.directory";
        start.Environment["GIT_CONFIG_VALUE_0"] = "*";
        using var process = Process.Start(start)!;
        await http.Request.Body.CopyToAsync(process.StandardInput.BaseStream);
        process.StandardInput.Close();
        using var answer = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(answer);
        await WriteAsync(http.Response, answer.ToArray());
    }

    private static async Task WriteAsync(HttpResponse response, byte[] answer)
    {
        var end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        foreach (var line in Encoding.ASCII.GetString(answer, 0, end).Split("\r\n"))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (line.StartsWith("Status:", StringComparison.OrdinalIgnoreCase))
            {
                response.StatusCode = int.Parse(line[7..].Trim()[..3], CultureInfo.InvariantCulture);
            }
            else
            {
                response.Headers[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        await response.Body.WriteAsync(answer.AsMemory(end + 4));
    }

    private static async Task<string> GitAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
