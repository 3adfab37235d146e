using System.Globalization;
using System.Reflection;

namespace Squero.Server;

/// <summary>The repository of the demo, carried inside the program: what main holds, and what the branch changes.</summary>
internal static class StoryFiles
{
    public const int DefaultSeed = 5;

    public static async Task WriteAsync(string part, string folder, CancellationToken cancel)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"Story/{part}/";
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var target = Path.Combine(folder, name[prefix.Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using var source = assembly.GetManifestResourceStream(name)!;
            await using var file = File.Create(target);
            await source.CopyToAsync(file, cancel);
        }
    }

    /// <summary>Makes the data anew with another seed, by the story's own generator.</summary>
    public static async Task SeedAsync(string folder, int seed, CancellationToken cancel)
    {
        var csv = await StoryProcess.RunAsync(
            "python3", ["tools/make_data.py", "--seed", seed.ToString(CultureInfo.InvariantCulture)], folder, null, cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "data", "churn.csv"), csv, cancel);
    }
}
