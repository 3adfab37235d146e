using System.Globalization;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// The order of a table: by one key at most, then by age; without a key the newest first. A page goes on from a row by comparing
/// with it, so that the last of a million rows costs what the first does. Pure.
/// </summary>
internal sealed class PageOrder
{
    private const string Alias = "o";
    private readonly string? rank;
    private readonly string? value;
    private readonly bool isDescending;

    private PageOrder(string? rank, string? value, bool isNumeric, bool isDescending) =>
        (this.rank, this.value, IsNumeric, this.isDescending) = (rank, value, isNumeric, isDescending);

    public bool IsNumeric { get; }

    /// <summary>What each row has to tell of itself, so that a page can go on from it.</summary>
    public string Columns => value is null ? "0 AS rank, NULL AS number, NULL AS text, c.started_us, c.id" : ColumnsOf(rank!, value, IsNumeric);

    public static string ColumnsOf(string rank, string value, bool isNumeric) =>
        $"{rank} AS rank, {(isNumeric ? value : "NULL")} AS number, {(isNumeric ? "NULL" : value)} AS text, c.started_us, c.id";

    /// <summary>Joins what the order needs.</summary>
    public static PageOrder Of(OrderKey? key, SqlParts parts, IReadOnlyDictionary<string, long> keys)
    {
        if (key is null or { Entity: FilterEntity.Attribute, Key: "start_time" })
        {
            return new PageOrder(null, null, true, key?.Descending ?? true);
        }

        if (key.Entity == FilterEntity.Attribute)
        {
            var attribute = CandidateSql.Attribute(parts, key.Key, "");
            return new PageOrder($"CASE WHEN {attribute} IS NULL THEN 2 ELSE 0 END", attribute, key.IsNumeric, key.Descending);
        }

        var number = keys.TryGetValue(key.Key, out var id) ? id : CandidateSql.NoKey;
        parts.Joins.Append(
            CultureInfo.InvariantCulture, $" LEFT JOIN {CandidateSql.Table(key.Entity)} {Alias} ON {Alias}.candidate_id = c.id AND {Alias}.key_id = {parts.Bind(number)}");
        var nan = key.Entity == FilterEntity.Metric ? $" WHEN {Alias}.is_nan = 1 THEN 1" : "";
        return new PageOrder(
            $"CASE WHEN {Alias}.key_id IS NULL THEN 2{nan} ELSE 0 END", ValueIndex.Beginning(key.Entity, $"{Alias}.value"), key.IsNumeric, key.Descending);
    }

    /// <summary>ORDER BY; turned round when one reads towards the beginning.</summary>
    public string Clause(bool backwards)
    {
        var direction = isDescending != backwards ? "DESC" : "ASC";
        return value is null ? $"c.started_us {direction}, c.id {direction}" : $"{rank} {(backwards ? "DESC" : "ASC")}, {value} {direction}, c.id {direction}";
    }

    /// <summary>The condition that a row stands behind a place (before it, when one reads backwards).</summary>
    public string Beyond(PagePlace place, bool backwards, SqlParts parts)
    {
        var sign = isDescending != backwards ? "<" : ">";
        if (value is null)
        {
            return $"(c.started_us, c.id) {sign} ({parts.Bind(place.StartedUs)}, {parts.Bind(place.Id)})";
        }

        var at = parts.Bind(place.Rank);
        var further = place.ValueOf(IsNumeric) is { } known ? $"({value}, c.id) {sign} ({parts.Bind(known)}, {parts.Bind(place.Id)})" : $"c.id {sign} {parts.Bind(place.Id)}";
        return $"({rank} {(backwards ? "<" : ">")} {at} OR ({rank} = {at} AND {further}))";
    }
}
