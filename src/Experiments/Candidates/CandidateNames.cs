using System.Globalization;
using System.Security.Cryptography;

namespace Squero.Experiments;

/// <summary>Names for attempts that nobody named: easy to say, unlikely to meet twice.</summary>
public static class CandidateNames
{
    private static readonly string[] Kinds =
    [
        "amber", "brisk", "calm", "clever", "coastal", "eager", "early", "gentle", "golden", "hardy", "keen", "level", "lively", "mellow", "northern",
        "patient", "quiet", "ready", "salty", "sharp", "silver", "steady", "swift", "tidal", "upright", "vivid", "wakeful", "western", "windy", "young",
    ];

    private static readonly string[] Things =
    [
        "anchor", "barge", "bow", "bulwark", "canoe", "clipper", "compass", "cutter", "deck", "dinghy", "dory", "ferry", "frigate", "galley", "harbour",
        "hull", "jib", "kayak", "keel", "ketch", "lantern", "mast", "oar", "rudder", "schooner", "skiff", "sloop", "spar", "tiller", "yawl",
    ];

    public static string Next() => string.Create(CultureInfo.InvariantCulture, $"{Any(Kinds)}-{Any(Things)}-{RandomNumberGenerator.GetInt32(1, 1000)}");

    private static string Any(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
