namespace Squero.Experiments;

/// <summary>Candidates that differ in nothing but what chance began with.</summary>
/// <param name="Name">What sets the group apart from the others, for people.</param>
public sealed record CandidateGroup(string Name, IReadOnlyList<Candidate> Candidates)
{
    public int Count => Candidates.Count;
}

/// <summary>Groups candidates by all their params except seeds. Pure.</summary>
public static class SeedGroups
{
    private const int NamedParams = 4;
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "seed", "random_state", "fold", "random_seed", "rng", "replicate", "repeat",
    };

    /// <summary>Whether a param only says what chance began with: <c>seed</c>, <c>model/seed</c>, <c>torch_seed</c>, <c>random_state</c>, <c>fold</c>.</summary>
    public static bool IsSeed(string param)
    {
        var name = param[(param.LastIndexOfAny(['/', '.', ':']) + 1)..];
        return Words.Contains(name) || name.EndsWith("_seed", StringComparison.OrdinalIgnoreCase) || name.EndsWith("_random_state", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>In the order of their first candidates.</summary>
    public static IReadOnlyList<CandidateGroup> Of(IReadOnlyList<Candidate> candidates, IReadOnlyDictionary<long, IReadOnlyList<NamedText>> paramsOf)
    {
        var texts = candidates.ToDictionary(candidate => candidate.Id, candidate => (paramsOf.GetValueOrDefault(candidate.Id) ?? []).Where(param => !IsSeed(param.Name)).ToList());
        var telling = texts.Values.SelectMany(list => list).GroupBy(param => param.Name, StringComparer.Ordinal)
            .Where(group => group.Count() < candidates.Count || group.Select(param => param.Value).Distinct(StringComparer.Ordinal).Skip(1).Any())
            .Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. candidates.GroupBy(candidate => Key(texts[candidate.Id]), StringComparer.Ordinal)
                .Select(group => new CandidateGroup(NameOf(group.First(), texts[group.First().Id], telling, !group.Skip(1).Any()), [.. group])),
        ];
    }

    // The lengths keep two texts from running into one.
    private static string Key(List<NamedText> texts) =>
        string.Concat(texts.OrderBy(param => param.Name, StringComparer.Ordinal).Select(param => $"{param.Name.Length}:{param.Name}{param.Value.Length}:{param.Value}"));

    private static string NameOf(Candidate first, List<NamedText> texts, HashSet<string> telling, bool isOne)
    {
        var words = texts.Where(param => telling.Contains(param.Name)).Select(param => $"{Last(param.Name)} {Cut(param.Value)}").ToList();
        return words.Count == 0 ? isOne && first.Name.Length > 0 ? first.Name : isOne ? first.Label : $"{first.Label} and its like"
            : string.Join(", ", words.Take(NamedParams)) + (words.Count > NamedParams ? $" and {words.Count - NamedParams} more ({first.Label})" : "");
    }

    private static string Last(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string Cut(string value) => value.Length <= 24 ? value : value[..23] + "…";
}
