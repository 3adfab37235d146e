using System.Text.RegularExpressions;

namespace Squero.Mlflow;

/// <summary>
/// The text that a client calls the source of a version. It is never followed; what looks like another place is refused all
/// the same, whatever the version is. Of our own addresses it is read which folder of the named candidate is meant.
/// </summary>
internal static partial class VersionSource
{
    public const int MaxLength = 2048;
    private const int MaxDecodings = 8;

    public static void Check(string source, bool ofPrompt)
    {
        if (source.Length > MaxLength)
        {
            throw MlflowError.TooLong("source", MaxLength);
        }

        if (ofPrompt && Prompts.IsSource(source))
        {
            return;
        }

        if (!Scheme().IsMatch(source) || source.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            throw MlflowError.Invalid(
                $"Invalid model version source: '{source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.");
        }

        if (Climbs(source))
        {
            throw MlflowError.Invalid(
                $"Invalid model version source: '{source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.");
        }
    }

    /// <summary>The folder below a run's artifacts; null when the source does not lead into that run.</summary>
    public static string? FolderOf(string source, string runId)
    {
        var match = OfRun().Match(source);
        return match.Success && match.Groups["run"].Value == runId ? match.Groups["path"].Value.Trim('/') : null;
    }

    /// <summary><c>models:/m-…</c></summary>
    public static string? LoggedModelOf(string source) => OfLoggedModel().Match(source) is { Success: true } match ? match.Groups["uid"].Value : null;

    /// <summary><c>models:/NAME/NUMBER</c></summary>
    public static (string Name, string Version)? VersionOf(string source) =>
        OfVersion().Match(source) is { Success: true } match ? (match.Groups["name"].Value, match.Groups["number"].Value) : null;

    private static bool Climbs(string source)
    {
        for (var round = 0; round < MaxDecodings; round++)
        {
            if (source.Any(char.IsControl) || source.Split('/', '\\', '?', '#').Any(part => part.Trim() is ".." or "."))
            {
                return true;
            }

            var next = Uri.UnescapeDataString(source);
            if (next == source)
            {
                return false;
            }

            source = next;
        }

        return true;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]+:", RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    [GeneratedRegex("^(?:runs:/|mlflow-artifacts:/[0-9]+/)(?<run>[0-9a-f]{32})(?:(?<=^runs:/.{32})|/artifacts)(?<path>/.*)?\\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfRun();

    [GeneratedRegex("^models:/(?<uid>m-[0-9a-f]{32})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfLoggedModel();

    [GeneratedRegex("^models:/(?<name>.+)/(?<number>[0-9]{1,18})\\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfVersion();
}
