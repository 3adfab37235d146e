using System.Diagnostics;

namespace Squero.Journeys;

/// <summary>Clients that others wrote for GitLab, unmodified, against the running product.</summary>
public sealed class ClientJourney : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly string folder = Directory.CreateTempSubdirectory("squero-journey-").FullName;
    private readonly string url = $"http://127.0.0.1:{SqueroProcess.FreePort()}";

    [Fact]
    public async Task Python_gitlab_walks_the_review_flow()
    {
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync(Python, "-c", "import gitlab")).Code == 0, "python3-gitlab is not installed.");
        var (ada, bob) = (await PersonAsync("ada", "--admin"), await PersonAsync("bob"));
        await using var server = SqueroProcess.Start("serve", "--data", folder, "--urls", url);
        await server.SaysAsync("serves", TimeSpan.FromMinutes(4));

        var (code, output) = await RunAsync(Python, Path.Combine(SqueroProcess.Root, "tests", "Journeys", "Clients", "python_gitlab.py"), url, ada, bob);

        Assert.True(code == 0, output);
        Assert.DoesNotContain("fail:", server.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private async Task<string> PersonAsync(string name, params string[] more)
    {
        string squero = Path.Combine(SqueroProcess.Root, "squero");
        var (made, said) = await RunAsync(squero, ["user", "create", name, "--data", folder, .. more]);
        Assert.True(made == 0, said);
        var (code, token) = await RunAsync(squero, "token", "create", name, "--data", folder);
        Assert.True(code == 0, token);
        return token.Trim();
    }

    private static async Task<(int Code, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
