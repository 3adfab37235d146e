using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>The cells of a table of candidates: only the columns asked for are read, however much each candidate logged.</summary>
public sealed class CandidateCells(Database database)
{
    // Columns are chosen by looking at a few rows, and at the names that each of them logged first.
    private const int SampledRows = 5;
    private const int SampledMetrics = 400;
    private const int SampledParams = 200;
    private const int SampledNames = 2_000;

    private const int WideFrom = 100;
    private const int WideAtOnce = 20;

    /// <summary>At most <see cref="CandidateStore.MaxBatch"/> candidates at a time.</summary>
    public Task<CellGrid> ReadAsync(long projectId, IReadOnlyCollection<long> candidateIds, IReadOnlyList<CandidateColumn> columns, CancellationToken cancel) =>
        candidateIds.Count == 0 || columns.Count == 0
            ? Task.FromResult(CellGrid.Empty)
            : database.ReadAsync(session => ReadAsync(session, projectId, candidateIds, columns), cancel);

    /// <summary>The columns for people who have chosen none.</summary>
    public Task<IReadOnlyList<CandidateColumn>> UsualAsync(IReadOnlyList<long> candidateIds, CancellationToken cancel) =>
        candidateIds.Count == 0
            ? Task.FromResult<IReadOnlyList<CandidateColumn>>([])
            : database.ReadAsync(session => UsualAsync(session, candidateIds), cancel);

    /// <summary>Names of metrics, and of those that a line can be drawn of, that some candidates logged: a few rows are looked at, and two thousand names of each.</summary>
    internal Task<(IReadOnlyList<string> All, IReadOnlyList<string> Curves)> MetricsAsync(IReadOnlyList<long> candidateIds, CancellationToken cancel) =>
        candidateIds.Count == 0
            ? Task.FromResult<(IReadOnlyList<string>, IReadOnlyList<string>)>(([], []))
            : database.ReadAsync<(IReadOnlyList<string>, IReadOnlyList<string>)>(
                async session =>
                {
                    var found = new Dictionary<long, bool>();
                    foreach (var id in Sample(candidateIds))
                    {
                        foreach (var row in await session.ListAsync<CurveRow>($"SELECT key_id, is_curve FROM experiments_latest WHERE candidate_id = @id ORDER BY key_id LIMIT {SampledNames}", new { id }))
                        {
                            found[row.KeyId] = row.IsCurve || found.GetValueOrDefault(row.KeyId);
                        }
                    }

                    var names = await KeyNames.NamesAsync(session, found.Keys);
                    return ([.. names.Values], [.. found.Where(pair => pair.Value).Select(pair => names[pair.Key])]);
                },
                cancel);

    private static IEnumerable<long> Sample(IReadOnlyList<long> candidateIds) =>
        Enumerable.Range(0, SampledRows).Select(at => candidateIds[(int)((candidateIds.Count - 1L) * at / (SampledRows - 1))]).Distinct();

    internal static async Task<CellGrid> ReadAsync(
        Session session, long projectId, IReadOnlyCollection<long> candidateIds, IReadOnlyList<CandidateColumn> columns)
    {
        var keys = await KeyNames.FindAsync(session, projectId, [.. columns.Select(column => column.Name)]);
        var grid = new CellGrid();
        foreach (var kind in columns.GroupBy(column => column.Kind))
        {
            var known = kind.Where(column => keys.ContainsKey(column.Name)).ToDictionary(column => keys[column.Name]);
            var (table, extra) = kind.Key switch
            {
                ColumnKind.Metric => ("experiments_latest", ", t.is_nan"),
                ColumnKind.Param => ("experiments_params", ""),
                _ => ("experiments_tags", ""),
            };
            // Of many columns a candidate has few: then all that it has is read, and the rest left aside.
            var isWide = known.Count > WideFrom;
            foreach (var part in candidateIds.Chunk(isWide ? WideAtOnce : 500))
            {
                var sql = $"SELECT t.candidate_id, t.key_id, t.value{extra} FROM {table} t WHERE t.candidate_id IN @part{(isWide ? "" : " AND t.key_id IN @names")}";
                if (known.Count == 0)
                {
                    continue;
                }

                object values = isWide ? new { part } : new { part, names = known.Keys.ToArray() };
                if (kind.Key == ColumnKind.Metric)
                {
                    grid.Add(await session.ListAsync<NumberCell>(sql, values), known);
                }
                else
                {
                    grid.Add(await session.ListAsync<TextCell>(sql, values), known);
                }
            }
        }

        return grid;
    }

    private static async Task<IReadOnlyList<CandidateColumn>> UsualAsync(Session session, IReadOnlyList<long> candidateIds)
    {
        var metrics = new List<IReadOnlyList<long>>();
        var paramKeys = new HashSet<long>();
        foreach (var id in Sample(candidateIds))
        {
            metrics.Add(await session.ListAsync<long>($"SELECT key_id FROM experiments_latest WHERE candidate_id = @id ORDER BY key_id LIMIT {SampledMetrics}", new { id }));
            paramKeys.UnionWith(await session.ListAsync<long>($"SELECT key_id FROM experiments_params WHERE candidate_id = @id ORDER BY key_id LIMIT {SampledParams}", new { id }));
        }

        var names = await KeyNames.NamesAsync(session, [.. metrics.SelectMany(keys => keys), .. paramKeys]);
        var keys = paramKeys.Take(SampledParams).ToList();
        var texts = keys.Count == 0 ? [] : await session.ListAsync<TextCell>(
            "SELECT candidate_id, key_id, value FROM experiments_params WHERE candidate_id IN @candidateIds AND key_id IN @keys", new { candidateIds, keys });
        var byCandidate = texts.ToLookup(cell => cell.CandidateId, cell => new NamedText(names[cell.KeyId], cell.Value));
        return CandidateColumn.Usual(
            candidateIds.Select(id => (IReadOnlyList<NamedText>)[.. byCandidate[id]]),
            metrics.Select(list => (IReadOnlyList<string>)[.. list.Select(key => names[key])]));
    }
}

internal sealed record CurveRow
{
    public long KeyId { get; init; }

    public bool IsCurve { get; init; }
}

/// <summary>Values by candidate and column; what a candidate did not log is absent.</summary>
public sealed class CellGrid
{
    private readonly Dictionary<(long Candidate, CandidateColumn Column), string> texts = [];
    private readonly Dictionary<(long Candidate, string Metric), double> numbers = [];

    public static CellGrid Empty { get; } = new();

    public string? Text(long candidate, CandidateColumn column) => texts.GetValueOrDefault((candidate, column));

    /// <summary>The latest value of a metric; it may be NaN or an infinity.</summary>
    public double? Number(long candidate, string metric) => numbers.TryGetValue((candidate, metric), out var value) ? value : null;

    internal void Add(IReadOnlyList<TextCell> cells, IReadOnlyDictionary<long, CandidateColumn> columns)
    {
        foreach (var cell in cells)
        {
            if (columns.TryGetValue(cell.KeyId, out var column))
            {
                texts[(cell.CandidateId, column)] = cell.Value;
            }
        }
    }

    internal void Add(IReadOnlyList<NumberCell> cells, IReadOnlyDictionary<long, CandidateColumn> columns)
    {
        foreach (var cell in cells)
        {
            if (columns.TryGetValue(cell.KeyId, out var column))
            {
                numbers[(cell.CandidateId, column.Name)] = MetricPoint.FromStored(cell.Value, cell.IsNan);
            }
        }
    }
}

internal sealed record TextCell
{
    public long CandidateId { get; init; }

    public long KeyId { get; init; }

    public string Value { get; init; } = "";
}

internal sealed record NumberCell
{
    public long CandidateId { get; init; }

    public long KeyId { get; init; }

    public double Value { get; init; }

    public bool IsNan { get; init; }
}
