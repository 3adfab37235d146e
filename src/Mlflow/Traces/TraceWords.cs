using System.Globalization;
using System.Text.RegularExpressions;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>The protocol's names and forms for traces.</summary>
internal static partial class TraceWords
{
    public const string ArtifactLocation = "mlflow.artifactLocation";
    public const string SpansLocation = "mlflow.trace.spansLocation";
    public const string TrackingStore = "TRACKING_STORE";
    public const string SizeStats = "mlflow.trace.sizeStats";
    public const string TokenUsage = "mlflow.trace.tokenUsage";

    private const int MaxNote = 8000;

    public static TraceNames Names { get; } = new("mlflow.traceName", "mlflow.sourceRun");

    public static string Of(TraceState state, string unspecified) =>
        state switch { TraceState.Ok => "OK", TraceState.Error => "ERROR", TraceState.InProgress => "IN_PROGRESS", _ => unspecified };

    /// <summary>By name or number; an unknown one is unspecified, as in the original.</summary>
    public static TraceState? State(string word) =>
        word switch { "OK" or "1" => TraceState.Ok, "ERROR" or "2" => TraceState.Error, "IN_PROGRESS" or "3" => TraceState.InProgress, _ => TraceState.Unspecified };

    /// <summary>Where spans would lie as a file, if their client kept them so.</summary>
    public static string Folder(long experimentIid, string uid) => $"{experimentIid}/traces/{uid}/artifacts";

    public static NamedText LocationTag(long experimentIid, string uid) => new(ArtifactLocation, Words.ArtifactScheme + Folder(experimentIid, uid));

    public static NamedText StoreTag { get; } = new(SpansLocation, TrackingStore);

    /// <summary>Values longer than the limit are cut, as the original's are.</summary>
    public static IReadOnlyList<NamedText> Notes(IEnumerable<NamedText> notes) => [.. notes.Select(note => Note(note.Name, note.Value))];

    public static NamedText Note(string name, string value) =>
        name.Length == 0 ? throw MlflowError.Missing("key")
        : name.Length > Mlflow.Names.MaxKey ? throw MlflowError.TooLong("key", Mlflow.Names.MaxKey)
        : new NamedText(name, value.Length <= MaxNote ? value : value[..MaxNote]);

    public static string? Preview(string? text) => text is null || text.Length <= Trace.MaxPreview ? text : text[..Trace.MaxPreview];

    /// <summary>ISO 8601 in UTC, as a Timestamp is written in JSON.</summary>
    public static string Time(long ms)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, -62_135_596_800_000, 253_402_300_799_999)).UtcDateTime;
        return time.ToString(ms % 1000 == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
    }

    public static long ReadTime(string text, string field) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time.ToUnixTimeMilliseconds()
            : throw MlflowError.Invalid($"Invalid value \"{text}\" for parameter '{field}' supplied: it is no time such as 2026-11-23T06:28:43.457Z.");

    /// <summary>Seconds with their fraction, as a Duration is written in JSON.</summary>
    public static string Duration(long ms) =>
        ms % 1000 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{ms / 1000}s") : string.Create(CultureInfo.InvariantCulture, $"{ms / 1000m:0.000}s");

    public static long ReadDuration(string text, string field) =>
        Seconds().IsMatch(text) && decimal.TryParse(text[..^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? (long)(seconds * 1000)
            : throw MlflowError.Invalid($"Invalid value \"{text}\" for parameter '{field}' supplied: it is no duration such as 0.139s.");

    [GeneratedRegex(@"^-?[0-9]{1,12}(\.[0-9]{1,9})?s\z")]
    private static partial Regex Seconds();
}
