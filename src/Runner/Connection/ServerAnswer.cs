using System.Globalization;
using System.Net;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>What the server said to a call about a job. Status 0: it could not be reached.</summary>
internal sealed record ServerAnswer(HttpStatusCode Status, string? JobStatus = null, long? StoredSize = null, TimeSpan? Interval = null)
{
    private const double ShortestInterval = 0.2;
    private const double LongestInterval = 60;

    public static ServerAnswer Unreachable { get; } = new((HttpStatusCode)0);

    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>The job is over for the server: whatever the runner still does with it is for nothing.</summary>
    public bool IsDropped => Status is HttpStatusCode.Forbidden || JobStatus is JobStates.Canceled or JobStates.Failed;

    public static ServerAnswer From(HttpResponseMessage response) => new(
        response.StatusCode,
        First(response, RunnerHeaders.JobStatus),
        TraceRange.ParseStoredSize(First(response, "Range")),
        ParseInterval(First(response, RunnerHeaders.TraceUpdateInterval)));

    public static string? First(HttpResponseMessage response, string header)
    {
        // Range is a request header for .NET, so an answer's has to be read without validation.
        var found = response.Headers.NonValidated.TryGetValues(header, out var values) || response.Content.Headers.NonValidated.TryGetValues(header, out values);
        return found ? values.ToString() : null;
    }

    private static TimeSpan? ParseInterval(string? text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Clamp(seconds, ShortestInterval, LongestInterval))
            : null;
}

/// <summary>Answer to the question for a job.</summary>
internal abstract record JobOffer
{
    public sealed record Taken(JobPayload Job) : JobOffer;

    /// <summary>Nothing to do; <paramref name="LastUpdate"/> goes into the next question.</summary>
    public sealed record Nothing(string? LastUpdate) : JobOffer;

    /// <summary>The server does not know the token.</summary>
    public sealed record Unknown : JobOffer;

    public sealed record Failed(string Reason) : JobOffer;
}
