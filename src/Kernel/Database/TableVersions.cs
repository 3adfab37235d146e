using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Squero.Kernel;

/// <summary>
/// How often each table has changed in this process. Every write names its tables in its SQL, so nobody who changes a table has
/// to think of those who remember rows of it.
/// </summary>
public sealed partial class TableVersions
{
    private const int MaxKnownStatements = 10_000;

    // Statements are constants of the source; a few hundred in all.
    private readonly ConcurrentDictionary<string, FrozenSet<string>> tablesOf = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StrongCount> versions = new(StringComparer.Ordinal);

    /// <summary>A number that is another one after each commit that changed one of the tables.</summary>
    public long Of(ReadOnlySpan<string> tables)
    {
        var sum = 0L;
        foreach (var table in tables)
        {
            sum += Volatile.Read(ref CountOf(table).Value);
        }

        return sum;
    }

    internal FrozenSet<string> TablesIn(string sql)
    {
        if (tablesOf.TryGetValue(sql, out var known))
        {
            return known;
        }

        var tables = Written().Matches(sql).Select(match => match.Groups["table"].Value.ToLowerInvariant()).ToFrozenSet(StringComparer.Ordinal);
        if (tablesOf.Count < MaxKnownStatements)
        {
            tablesOf[sql] = tables;
        }

        return tables;
    }

    internal void Bump(IEnumerable<string> tables)
    {
        foreach (var table in tables)
        {
            Interlocked.Increment(ref CountOf(table).Value);
        }
    }

    private StrongCount CountOf(string table) => versions.GetOrAdd(table, _ => new StrongCount());

    [GeneratedRegex(@"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE(?!\s+SET\b)|DELETE\s+FROM)\s+(?<table>\w+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Written();

    private sealed class StrongCount
    {
        public long Value;
    }
}
