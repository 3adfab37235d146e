using System.ComponentModel;
using System.Diagnostics;
using Squero.Kernel;

namespace Squero.Deployments;

/// <summary>How a worker is started: this product's own program with the command <c>model-worker</c> and next to nothing in its environment.</summary>
internal sealed class WorkerProgram(DataFolder data)
{
    public Process Start()
    {
        var start = new ProcessStartInfo(Host())
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,

            // A model may name files of "its" folder as the place of its weights; without a path, that is where the worker stands.
            WorkingDirectory = data.Folder("empty"),
        };
        if (!IsOwnProgram)
        {
            start.ArgumentList.Add(ProgramFile);
        }

        start.ArgumentList.Add("model-worker");
        var root = Environment.GetEnvironmentVariable("DOTNET_ROOT");
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";

        // ONNX Runtime reports its use to its maker over the network unless told not to. Nothing leaves this machine unasked.
        start.Environment["ORT_DISABLE_TELEMETRY"] = "1";
        if (root is not null)
        {
            start.Environment["DOTNET_ROOT"] = root;
        }

        try
        {
            return Process.Start(start) ?? throw new WorkerFailed("The worker process could not be started.");
        }
        catch (Win32Exception error)
        {
            throw new WorkerFailed($"The worker process could not be started: {error.Message}");
        }
    }

    private static string ProgramFile => Path.Combine(AppContext.BaseDirectory, "squero.dll");

    /// <summary>A single file, or the program beside its library; else this process is <c>dotnet</c> or a test.</summary>
    private static bool IsOwnProgram => !File.Exists(ProgramFile) || Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "squero";

    private static string Host() =>
        IsOwnProgram ? Environment.ProcessPath!
        : Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath!
        : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
