using System.Globalization;
using Squero.Projects;
using Squero.Ui;

namespace Squero.Experiments;

/// <summary>How candidates are shown to people.</summary>
public static class CandidateWords
{
    public static Tone Tone(this Candidate candidate) =>
        candidate.Status switch
        {
            CandidateStatus.Running => Ui.Tone.Run,
            CandidateStatus.Finished => Ui.Tone.Ok,
            CandidateStatus.Failed => Ui.Tone.Bad,
            CandidateStatus.Lost => Ui.Tone.Warn,
            _ => Ui.Tone.Muted,
        };

    public static string Word(this Candidate candidate) => candidate.Deleted ? "deleted" : candidate.Status.ToString().ToLowerInvariant();

    public static string Href(this Candidate candidate, Project project) => project.Area(string.Create(CultureInfo.InvariantCulture, $"candidates/{candidate.Iid}"));

    public static string Href(this Experiment experiment, Project project) => project.Area(string.Create(CultureInfo.InvariantCulture, $"experiments/{experiment.Iid}"));

    public static string? Duration(this Candidate candidate) =>
        candidate.EndedUs is not { } ended || ended < candidate.StartedUs ? null
        : TimeSpan.FromMicroseconds(ended - candidate.StartedUs) switch
        {
            { TotalSeconds: < 60 } span => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
            { TotalMinutes: < 60 } span => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds} s"),
            var span => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min"),
        };

    public static string Size(long bytes) =>
        bytes switch
        {
            < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
            < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB"),
            < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.##} GB"),
        };

    /// <summary>A path with each name escaped, for addresses.</summary>
    public static string EscapePath(string path) => string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
}
