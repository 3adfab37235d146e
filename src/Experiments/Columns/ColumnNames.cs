using System.Collections.Concurrent;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>
/// The names that an experiment's candidates logged, to choose columns from. Nothing keeps a list of them: it is gathered by looking
/// through candidates, the newest first and then some of all ages, until enough has been read; and remembered for a minute.
/// </summary>
public sealed class ColumnNames(Database database, TimeProvider time)
{
    /// <summary>The most names of one kind that are offered.</summary>
    public const int MaxNames = 50_000;

    private const int MaxCandidates = 200;
    private const int MaxRows = 300_000;
    private const int MaxKept = 8;
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<long, (DateTimeOffset ReadAt, KnownColumns Columns)> kept = new();

    public async Task<KnownColumns> FindAsync(long experimentId, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        if (kept.TryGetValue(experimentId, out var entry) && now - entry.ReadAt < Lifetime)
        {
            return entry.Columns;
        }

        var found = await database.ReadAsync(session => GatherAsync(session, experimentId), cancel);
        if (kept.Count >= MaxKept)
        {
            kept.Clear();
        }

        // An experiment that has just begun gets new names every second.
        if (!found.IsWhole || found.Candidates >= MaxCandidates)
        {
            kept[experimentId] = (now, found);
        }

        return found;
    }

    private static async Task<KnownColumns> GatherAsync(Session session, long experimentId)
    {
        const string newest = "SELECT id FROM experiments_candidates WHERE experiment_id = @experimentId AND deleted = 0 ORDER BY started_us DESC, id DESC LIMIT @take";
        var total = await session.CountAsync("SELECT count(*) FROM experiments_candidates WHERE experiment_id = @experimentId AND deleted = 0", new { experimentId });
        var ids = (await session.ListAsync<long>(newest, new { experimentId, take = total <= MaxCandidates ? MaxCandidates : MaxCandidates / 2 })).ToList();
        if (total > MaxCandidates)
        {
            ids.AddRange(await session.ListAsync<long>(
                "SELECT id FROM experiments_candidates WHERE experiment_id = @experimentId AND deleted = 0 AND id % @every = 0 ORDER BY started_us DESC, id DESC LIMIT @take",
                new { experimentId, every = Math.Max(1, total / (MaxCandidates / 2)), take = MaxCandidates / 2 }));
        }

        var sets = new Dictionary<string, HashSet<long>>(StringComparer.Ordinal) { ["experiments_params"] = [], ["experiments_latest"] = [], ["experiments_tags"] = [] };
        var (rows, seen) = (0L, 0);
        foreach (var id in ids.Distinct().TakeWhile(_ => rows < MaxRows))
        {
            foreach (var (table, keys) in sets)
            {
                var found = await session.ListAsync<long>($"SELECT key_id FROM {table} WHERE candidate_id = @id LIMIT {MaxNames}", new { id });
                keys.UnionWith(found);
                rows += found.Count;
            }

            seen++;
        }

        return new KnownColumns(
            await NamesAsync(session, sets["experiments_params"]),
            await NamesAsync(session, sets["experiments_latest"]),
            await NamesAsync(session, sets["experiments_tags"]),
            seen,
            total);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(Session session, HashSet<long> keys) =>
        [.. (await KeyNames.NamesAsync(session, keys)).Values.Order(StringComparer.Ordinal).Take(MaxNames)];
}

/// <summary>Names found by looking through some candidates of an experiment, each list in order.</summary>
public sealed record KnownColumns(IReadOnlyList<string> Params, IReadOnlyList<string> Metrics, IReadOnlyList<string> Tags, int Candidates, long Total)
{
    /// <summary>Every candidate was looked at.</summary>
    public bool IsWhole => Candidates >= Total;

    public IEnumerable<CandidateColumn> All =>
        Params.Select(CandidateColumn.Param).Concat(Metrics.Select(CandidateColumn.Metric)).Concat(Tags.Select(name => new CandidateColumn(ColumnKind.Tag, name)));

    /// <summary>Those whose text holds every word of a search, those that begin with it first; params and metrics before tags.</summary>
    public IReadOnlyList<CandidateColumn> Search(string search, int limit)
    {
        var words = search.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return
        [
            .. All.Where(column => words.All(word => column.Text.Contains(word, StringComparison.OrdinalIgnoreCase)))
                .OrderBy(column => words.Length > 0 && !column.Name.StartsWith(words[0], StringComparison.OrdinalIgnoreCase))
                .ThenBy(column => column.Kind == ColumnKind.Tag)
                .Take(limit),
        ];
    }
}
