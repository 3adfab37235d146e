using System.Text.Json;

namespace Squero.MergeRequests;

/// <summary>
/// Where a thread was started: the version's commits, the file on both sides, raw line numbers for clients, and for people the
/// place in words with the text that stood there. Kept with the thread as its context.
/// </summary>
public sealed record ThreadPlace
{
    private const int QuoteMax = 2000;

    public int Version { get; init; }

    public string Base { get; init; } = "";

    public string Start { get; init; } = "";

    public string Head { get; init; } = "";

    public string? OldPath { get; init; }

    public string? NewPath { get; init; }

    public int? OldLine { get; init; }

    public int? NewLine { get; init; }

    /// <summary>"cell 4, line 12"; "line 7".</summary>
    public string Where { get; init; } = "";

    public string? Quote { get; init; }

    /// <summary>The file as it was on either side, by its blob: pictures are read out of it.</summary>
    public string? OldOid { get; init; }

    public string? NewOid { get; init; }

    public string Path => NewPath ?? OldPath ?? "";

    public static ThreadPlace? Parse(string? context)
    {
        if (context is null)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<ThreadPlace>(context);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this);

    public static string? Cut(string? quote) => quote is { Length: > QuoteMax } ? quote[..QuoteMax] + "…" : quote;
}
