namespace Squero.Pipelines;

/// <summary>The spelling of <see cref="JobWhen"/> in files and in the API.</summary>
internal static class WhenWords
{
    public static IReadOnlyList<string> All { get; } = ["on_success", "on_failure", "always", "manual", "delayed", "never"];

    public static IReadOnlyList<string> OfJob { get; } = ["on_success", "on_failure", "always", "manual", "delayed"];

    public static IReadOnlyList<string> OfFiles { get; } = ["on_success", "on_failure", "always"];

    public static string ToWord(this JobWhen when) => All[(int)when];

    public static JobWhen Parse(string word)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i] == word)
            {
                return (JobWhen)i;
            }
        }

        throw new ArgumentException($"`{word}` is no word for when.", nameof(word));
    }
}
