using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Squero.Tests.Demo;

/// <summary>The demo's repository, written from the program into a temporary folder, where Python runs it.</summary>
internal sealed class StoryFolder : IDisposable
{
    private static readonly Assembly Program = Assembly.Load("squero");

    private StoryFolder()
    {
        Root = Directory.CreateTempSubdirectory("squero-story-").FullName;
    }

    public string Root { get; }

    /// <summary>What the first push holds.</summary>
    public static StoryFolder OfMain()
    {
        var folder = new StoryFolder();
        folder.Unpack("main");
        return folder;
    }

    /// <summary>What the branch holds: main with the change over it.</summary>
    public static StoryFolder OfBranch()
    {
        var folder = OfMain();
        folder.Unpack("change");
        return folder;
    }

    /// <summary>The paths of one part of the story ("main" or "change").</summary>
    public static IReadOnlyList<string> PathsOf(string part)
    {
        var prefix = $"Story/{part}/";
        return [.. Program.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => name[prefix.Length..])
            .Order(StringComparer.Ordinal)];
    }

    public string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    public string Read(params string[] parts) => File.ReadAllText(Path(parts));

    /// <summary>The only folder that training left in `out`.</summary>
    public string Candidate() => Assert.Single(Directory.GetDirectories(Path("out")));

    /// <summary>Runs Python without site packages, so that an installed `mlflow` does not take part.</summary>
    public Task<Ending> Python(CancellationToken cancel, params string[] arguments) =>
        Run(["-S", .. arguments], [], cancel);

    /// <summary>Trains for a few epochs; <paramref name="variables"/> as NAME=value.</summary>
    public Task<Ending> Train(CancellationToken cancel, params string[] variables) =>
        Run(["-S", "train.py"], ["EPOCHS=30", .. variables], cancel);

    public async Task<Ending> Run(
        IEnumerable<string> arguments, IEnumerable<string> variables, CancellationToken cancel)
    {
        using var process = Start(arguments, variables);
        var output = process.StandardOutput.ReadToEndAsync(cancel);
        var errors = process.StandardError.ReadToEndAsync(cancel);
        await process.WaitForExitAsync(cancel);
        return new Ending(process.ExitCode, await output, await errors);
    }

    public Process Start(IEnumerable<string> arguments, IEnumerable<string> variables)
    {
        var start = new ProcessStartInfo("python3")
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        foreach (var variable in variables)
        {
            var (name, value) = (variable[..variable.IndexOf('=')], variable[(variable.IndexOf('=') + 1)..]);
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static bool IsOurs(string name) =>
        name.StartsWith("MLFLOW_", StringComparison.Ordinal)
        || name is "LEARNING_RATE" or "L2" or "EPOCHS" or "SEED" or "FEATURES";

    private void Unpack(string part)
    {
        foreach (var path in PathsOf(part))
        {
            var target = Path(path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
            using var from = Program.GetManifestResourceStream($"Story/{part}/{path}")!;
            using var to = File.Create(target);
            from.CopyTo(to);
        }
    }

    internal sealed record Ending(int Code, string Output, string Errors)
    {
        public void ShouldSucceed() =>
            Assert.True(Code == 0, string.Create(CultureInfo.InvariantCulture, $"exit {Code}\n{Output}\n{Errors}"));
    }
}
