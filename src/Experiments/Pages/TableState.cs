using Microsoft.AspNetCore.Http;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What a table of candidates shows, as its address says it: filter, order, columns.</summary>
public sealed record TableState(string Filter, string? Sort, IReadOnlyList<CandidateColumn> Columns)
{
    /// <summary>The most that is kept of one in a saved view.</summary>
    public const int MaxLength = 16_000;

    public static TableState Empty { get; } = new("", null, []);

    public bool IsEmpty => Filter.Length == 0 && Sort is null && Columns.Count == 0;

    public static TableState Read(IQueryCollection query) => Of(query["filter"], query["sort"], [.. query["column"]]);

    public static TableState Read(IFormCollection form) => Of(form["filter"], form["sort"], [.. form["column"]]);

    /// <summary>Reads what <see cref="Query"/> wrote.</summary>
    public static TableState Parse(string query) => Read(new QueryCollection(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query)));

    /// <summary>The same table as part of an address, without a question mark; empty for the table as it begins.</summary>
    public string Query(params (string Name, string? Value)[] more) =>
        string.Join('&', Pairs().Concat(more).Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));

    /// <summary>The parts by name, as hidden fields of a form carry them.</summary>
    public IEnumerable<(string Name, string? Value)> Pairs(bool withColumns = true)
    {
        if (Filter.Length > 0)
        {
            yield return ("filter", Filter);
        }

        if (Sort is not null)
        {
            yield return ("sort", Sort);
        }

        foreach (var column in withColumns ? Columns : [])
        {
            yield return ("column", column.Text);
        }
    }

    public string Href(string page, params (string Name, string? Value)[] more) => Query(more) is { Length: > 0 } query ? $"{page}?{query}" : page;

    private static TableState Of(string? filter, string? sort, IReadOnlyList<string?> columns) =>
        new((filter ?? "").Trim(), sort?.Trim() is { Length: > 0 } order ? Plain(order) : null, CandidateColumn.Parse(columns));

    /// <summary>An order as the headings write it, so that the heading of the present one knows itself; what is none stays as it is.</summary>
    private static string Plain(string order)
    {
        try
        {
            var key = Ordering.Parse([order], FilterScope.Candidates)[0];
            var name = key.Entity switch
            {
                FilterEntity.Metric => CandidateColumn.Metric(key.Key).SortKey,
                FilterEntity.Param => CandidateColumn.Param(key.Key).SortKey,
                FilterEntity.Tag => new CandidateColumn(ColumnKind.Tag, key.Key).SortKey,
                _ => key.Key,
            };
            return name is null ? order : $"{name} {(key.Descending ? "DESC" : "ASC")}";
        }
        catch (Refusal)
        {
            return order;
        }
    }
}
