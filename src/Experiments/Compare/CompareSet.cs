namespace Squero.Experiments;

/// <summary>What a page of comparison is about: the candidates, in order, and what they have in common and apart.</summary>
/// <param name="Total">How many there would be without <see cref="MaxCandidates"/>.</param>
/// <param name="Metrics">Names of some metrics, those that judge first.</param>
/// <param name="Curves">Those of them of which a line can be drawn.</param>
/// <param name="Query">The part of an address that names the same candidates again.</param>
public sealed record CompareSet(
    IReadOnlyList<Candidate> Candidates, MatchCount Total, IReadOnlyDictionary<long, IReadOnlyList<NamedText>> ParamsOf, IReadOnlyList<string> Metrics, IReadOnlyList<string> Curves, string Query)
{
    /// <summary>The most that one page compares.</summary>
    public const int MaxCandidates = 1_000;

    /// <summary>The most whose curves are read for one chart.</summary>
    public const int MaxOfCurves = 200;

    private readonly Dictionary<long, Dictionary<string, string>> values = ParamsOf.ToDictionary(
        pair => pair.Key, pair => pair.Value.ToDictionary(param => param.Name, param => param.Value, StringComparer.Ordinal));

    private IReadOnlyList<string>? known;
    private IReadOnlyList<string>? differing;
    private IReadOnlyList<CandidateGroup>? groups;

    /// <summary>All params, in order; seeds among them.</summary>
    public IReadOnlyList<string> Params =>
        known ??= [.. values.Values.SelectMany(texts => texts.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Params that are not the same in all: those that most have come first, and of them those with few values.</summary>
    public IReadOnlyList<string> Differing => differing ??=
    [
        .. Params.Select(name => (Name: name, Values: Candidates.Select(candidate => Param(candidate, name)).ToList()))
            .Select(pair => (pair.Name, Kinds: pair.Values.Distinct(StringComparer.Ordinal).Count(), Lacking: pair.Values.Count(value => value is null)))
            .Where(pair => pair.Kinds > 1).OrderBy(pair => pair.Lacking > Candidates.Count / 2 ? pair.Lacking : 0).ThenBy(pair => pair.Kinds).Select(pair => pair.Name),
    ];

    public bool HasSeeds => Params.Any(SeedGroups.IsSeed);

    public IReadOnlyList<CandidateGroup> Groups => groups ??= SeedGroups.Of(Candidates, ParamsOf);

    public string? Param(Candidate candidate, string name) => values.TryGetValue(candidate.Id, out var texts) ? texts.GetValueOrDefault(name) : null;
}
