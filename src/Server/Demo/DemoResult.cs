using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>DATA/demo.json: where the story ended, for scripts. Written only after the model has really answered.</summary>
internal static class DemoResult
{
    public const string FileName = "demo.json";

    public static void Write(
        DataFolder folder, ServerAddress address, DemoPerson person, long mergeRequest, long version, JsonNode example)
    {
        var result = new JsonObject
        {
            ["url"] = address.Link(""),
            ["project"] = DemoStory.Project,
            ["merge_request"] = mergeRequest,
            ["model"] = DemoStory.ModelName,
            ["version"] = version,
            ["serve_url"] = address.Link($"{DemoStory.ServePath}/infer"),
            ["example"] = example.DeepClone(),
            ["user"] = person.Username,
            ["token"] = person.Token,
            ["seconds"] = Math.Round(SecondsSinceCommand(), 1),
        };
        folder.WritePrivate(FileName, result.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    /// <summary>Since the command was typed: <c>./squero</c> hands over the moment it began, build included.</summary>
    public static double SecondsSinceCommand()
    {
        var began = Environment.GetEnvironmentVariable("SQUERO_BEGAN")?.Replace(',', '.');
        var start = double.TryParse(began, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : new DateTimeOffset(System.Diagnostics.Process.GetCurrentProcess().StartTime.ToUniversalTime(), TimeSpan.Zero);
        return (TimeProvider.System.GetUtcNow() - start).TotalSeconds;
    }
}
