using Microsoft.AspNetCore.Http;
using Squero.Projects;

namespace Squero.Experiments;

/// <summary>A comparison as its address says it: which candidates, which view, and what the view's charts are drawn of.</summary>
public sealed record CompareFrame(ProjectAccess Access, CompareSet Set, IQueryCollection Query)
{
    public const string Curves = "curves";

    private static readonly (string Word, string Text)[] Known =
    [
        (Curves, "Curves"), ("scatter", "Scatter"), ("parallel", "Parallel"), ("contour", "Contour"), ("box", "Box plots"), ("params", "Params"), ("files", "Files"),
    ];

    public static IReadOnlyList<(string Word, string Text)> Views => Known;

    public string Show => Known.Any(view => view.Word == Query["show"]) ? Query["show"].ToString() : Curves;

    /// <summary>Candidates that differ in their seeds alone are one, unless one asks for each, or there are no seeds.</summary>
    public bool Together => Set.HasSeeds && Query["seeds"] != "apart";

    public string? SeedsWord => Query["seeds"] == "apart" ? "apart" : null;

    public string Href(string? show = null, string? seeds = null) =>
        $"{Access.Project.Area("candidates")}?{Set.Query}{Part("show", show ?? (Show == Curves ? null : Show))}{Part("seeds", seeds ?? SeedsWord)}";

    /// <summary>The fields that a form of this view carries along.</summary>
    public IEnumerable<(string Name, string Value)> Hidden()
    {
        foreach (var (name, values) in Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(Set.Query))
        {
            yield return (name, values.ToString());
        }

        yield return ("show", Show);
        if (SeedsWord is { } seeds)
        {
            yield return ("seeds", seeds);
        }
    }

    /// <summary>The columns that charts can be drawn of: params that differ, then metrics.</summary>
    public IReadOnlyList<CandidateColumn> Columns => [.. Set.Differing.Select(CandidateColumn.Param), .. Set.Metrics.Select(CandidateColumn.Metric)];

    /// <summary>A column that the address names, or a usual one.</summary>
    public CandidateColumn? Chosen(string name, CandidateColumn? usual) => CandidateColumn.Parse([Query[name].ToString()]).FirstOrDefault() ?? usual;

    private static string Part(string name, string? value) => string.IsNullOrEmpty(value) ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
