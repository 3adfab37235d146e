using System.Diagnostics;
using System.Net.Http.Json;

namespace Squero.Journeys;

/// <summary>MLflow's own Python client, unmodified, against the running product.</summary>
public sealed class MlflowJourney : IDisposable
{
    private const string Absent =
        "MLflow's client cannot be imported. Where Python packages come from a registry, `python3 -m pip install mlflow` is all; from Debian alone, install the "
        + "packages that mlflow's pyproject.toml names (trixie has them new enough) and put checkouts of mlflow, databricks-sdk-py, opentelemetry-python and huey on PYTHONPATH. "
        + "SQUERO_MLFLOW_PYTHON names another python3.";

    private readonly string folder = Directory.CreateTempSubdirectory("squero-journey-").FullName;
    private readonly string url = $"http://127.0.0.1:{SqueroProcess.FreePort()}";

    private static string Python => Environment.GetEnvironmentVariable("SQUERO_MLFLOW_PYTHON") is { Length: > 0 } own ? own : "/usr/bin/python3";

    [Fact]
    public async Task The_client_logs_finds_registers_traces_and_evaluates()
    {
        Assert.SkipUnless(File.Exists(Python) && (await RunAsync(Python, [], "-c", "import mlflow")).Code == 0, Absent);
        var squero = Path.Combine(SqueroProcess.Root, "squero");
        Assert.Equal(0, (await RunAsync(squero, [], "user", "create", "ada", "--data", folder, "--admin")).Code);
        var token = (await RunAsync(squero, [], "token", "create", "ada", "--data", folder)).Output.Trim();
        await using var server = SqueroProcess.Start("serve", "--data", folder, "--urls", url);
        await server.SaysAsync("serves", TimeSpan.FromMinutes(4));
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Add("PRIVATE-TOKEN", token);
        using var project = await http.PostAsJsonAsync($"{url}/api/v4/projects", new { name = "churn" });
        Assert.True(project.IsSuccessStatusCode, await project.Content.ReadAsStringAsync());

        var environment = new Dictionary<string, string>
        {
            ["MLFLOW_TRACKING_URI"] = $"{url}/api/v4/projects/ada%2Fchurn/ml/mlflow",
            ["MLFLOW_TRACKING_TOKEN"] = token,
            ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1",
            ["MLFLOW_DISABLE_TELEMETRY"] = "true",
            ["DO_NOT_TRACK"] = "true",
            ["GIT_PYTHON_REFRESH"] = "quiet",
        };
        var (code, output) = await RunAsync(Python, environment, Path.Combine(SqueroProcess.Root, "tests", "Journeys", "Clients", "mlflow_client.py"));

        Assert.True(code == 0 && output.Contains("all ok", StringComparison.Ordinal), output);
        Assert.DoesNotContain("fail:", server.Output, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static async Task<(int Code, string Output)> RunAsync(string program, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
