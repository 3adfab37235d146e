using Squero.Pipelines;
using Squero.Ui;

namespace Squero.MergeRequests;

/// <summary>States in the interface's words and tones.</summary>
internal static class RequestWords
{
    public static string StateOf(MergeRequest request) =>
        request.State switch
        {
            MergeRequestState.Opened => request.Draft ? "draft" : "open",
            MergeRequestState.Merging => "merging",
            MergeRequestState.Merged => "merged",
            _ => "closed",
        };

    public static Tone ToneOf(MergeRequest request) =>
        request.State switch
        {
            MergeRequestState.Opened => request.Draft ? Tone.Muted : Tone.Accent,
            MergeRequestState.Merging => Tone.Run,
            MergeRequestState.Merged => Tone.Ok,
            _ => Tone.Bad,
        };

    public static Tone ToneOf(JobStatus status) =>
        status switch
        {
            JobStatus.Success => Tone.Ok,
            JobStatus.Failed => Tone.Bad,
            JobStatus.Running or JobStatus.Pending or JobStatus.Preparing => Tone.Run,
            JobStatus.Canceled or JobStatus.Canceling or JobStatus.Manual or JobStatus.Scheduled => Tone.Warn,
            _ => Tone.Muted,
        };

    /// <summary>The commands that bring the target branch into the source branch in a working copy. Names are quoted for the shell.</summary>
    public static string MergeByHand(MergeRequest request) =>
        $"git switch {Quoted(request.SourceBranch)}\ngit fetch origin\ngit merge {Quoted("origin/" + request.TargetBranch)}\ngit push";

    // What git allows in a branch's name, a shell may read as its own.
    private static string Quoted(string name) =>
        name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '/' or '.' or '_' or '-') ? name : $"'{name.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    public static string WordOf(JobStatus status) => status == JobStatus.Success ? "passed" : status.ToWord().Replace('_', ' ');
}

/// <summary>Parts of addresses.</summary>
internal static class Links
{
    /// <summary>A branch or path with its slashes kept.</summary>
    public static string Path(string text) => string.Join('/', text.Split('/').Select(Uri.EscapeDataString));
}
