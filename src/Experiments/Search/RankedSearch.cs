using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// The best of one experiment by a metric, read off the index of latest values instead of sorting all that match: the value
/// so many places down is found first, and what lies above it is filtered and put in order. When that fills the page, it is
/// the page, since everything else is no better; else more is looked at, and at last the plain search has to be asked.
/// </summary>
internal static class RankedSearch
{
    /// <summary>So many values are looked at for each that is wanted: filters leave one in two, or one in thirty.</summary>
    private static readonly int[] Breadths = [4, 60];

    /// <summary>Fewer values are not worth looking for their worst.</summary>
    private const int LeastValues = 400;

    private const string Values = "r.experiment_id = @rankedExperiment AND r.key_id = @rankedKey AND r.is_nan = 0";

    /// <summary>Null when the plain search has to be asked.</summary>
    public static async Task<IReadOnlyList<Candidate>?> FindAsync(Session session, AskedSearch asked)
    {
        if (asked.Order is not [{ Entity: FilterEntity.Metric } first, ..] || !asked.Keys.TryGetValue(first.Key, out var key)
            || asked.Question.ExperimentIds.Distinct().ToList() is not [var experiment])
        {
            return null;
        }

        foreach (var breadth in Breadths)
        {
            var values = new Dictionary<string, object?>(asked.Parts.Values, StringComparer.Ordinal)
            {
                ["rankedExperiment"] = experiment,
                ["rankedKey"] = key,
                ["breadth"] = Math.Max(LeastValues, (asked.Question.Skip + asked.Question.Take) * breadth),
            };
            if (await AmongAsync(session, asked, first.Descending, values) is not { } found)
            {
                return null;
            }

            if (found.Count == asked.Question.Take)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>What matches among the best values; null when there are not so many.</summary>
    private static async Task<IReadOnlyList<Candidate>?> AmongAsync(Session session, AskedSearch asked, bool descending, Dictionary<string, object?> values)
    {
        var (direction, beyond) = descending ? ("DESC", ">") : ("ASC", "<");
        var worst = await session.ListAsync<double>(
            $"SELECT r.value FROM experiments_latest r WHERE {Values} ORDER BY r.value {direction} LIMIT 1 OFFSET @breadth", values);
        if (worst is not [var limit])
        {
            return null;
        }

        values["limit"] = limit;
        var parts = asked.Parts;
        return await session.ListAsync<Candidate>(
            $"""
            SELECT {CandidateStore.Columns} FROM experiments_latest r CROSS JOIN experiments_candidates c{parts.Joins}
            WHERE {Values} AND r.value {beyond} @limit AND c.id = r.candidate_id AND {string.Join(" AND ", parts.Conditions)}
            ORDER BY {string.Join(", ", parts.Order)} LIMIT @take OFFSET @skip
            """,
            values);
    }
}
