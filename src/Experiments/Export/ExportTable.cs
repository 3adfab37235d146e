using System.Globalization;
using System.Runtime.CompilerServices;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>One row of an export: the candidate, and its cells.</summary>
internal readonly record struct ExportRow(Candidate Candidate, CellGrid Cells);

/// <summary>A column that every export has.</summary>
internal sealed record FixedColumn(string Name, Func<Candidate, string?> Text);

/// <summary>
/// All candidates that a table finds, a few hundred at a time: the memory that an export takes does not grow with their number,
/// but for the eight bytes of each that keep the order.
/// </summary>
internal sealed class ExportTable(Database database, CandidatePages pages)
{
    public const int RowsAtOnce = 500;

    /// <summary>Wide rows come fewer at a time.</summary>
    private const int MaxCellsAtOnce = 200_000;

    public static IReadOnlyList<FixedColumn> Fixed { get; } =
    [
        new("candidate", candidate => candidate.Label),
        new("id", candidate => candidate.Uid),
        new("name", candidate => candidate.Name),
        new("status", candidate => candidate.Word()),
        new("started", candidate => Time(candidate.StartedUs)),
        new("ended", candidate => candidate.EndedUs is { } ended ? Time(ended) : null),
        new("user", candidate => candidate.UserName),
        new("job", candidate => candidate.Origin?.JobId.ToString(CultureInfo.InvariantCulture)),
        new("commit", candidate => candidate.Origin?.Sha),
    ];

    public static int RowsFor(int columns) => Math.Clamp(MaxCellsAtOnce / Math.Max(1, columns), 1, RowsAtOnce);

    /// <summary>The order is fixed before the first row comes, so that a bad filter is refused while there still is an answer to give.</summary>
    public Task<IReadOnlyList<long>> BeginAsync(TableQuestion question, CancellationToken cancel) => pages.IdsAsync(question, CandidatePages.MaxIds, cancel);

    /// <summary>
    /// Every column that any of the candidates has: looked up in all of them, because what is left out of a file nobody misses.
    /// </summary>
    public async Task<IReadOnlyList<CandidateColumn>> ColumnsAsync(IReadOnlyList<long> ids, CancellationToken cancel)
    {
        var columns = new List<CandidateColumn>();
        foreach (var (kind, table) in new[] { (ColumnKind.Param, "experiments_params"), (ColumnKind.Metric, "experiments_latest"), (ColumnKind.Tag, "experiments_tags") })
        {
            var keys = new HashSet<long>();
            foreach (var part in ids.Chunk(RowsAtOnce))
            {
                keys.UnionWith(await database.ReadAsync(
                    session => session.ListAsync<long>($"SELECT DISTINCT key_id FROM {table} WHERE candidate_id IN @part", new { part }), cancel));
            }

            var names = await database.ReadAsync(session => KeyNames.NamesAsync(session, keys), cancel);
            columns.AddRange(names.Values.Order(StringComparer.Ordinal).Select(name => new CandidateColumn(kind, name)));
        }

        return columns;
    }

    public async IAsyncEnumerable<IReadOnlyList<ExportRow>> RowsAsync(
        long projectId, IReadOnlyList<long> ids, IReadOnlyList<CandidateColumn> columns, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var part in ids.Chunk(RowsFor(columns.Count)))
        {
            var (rows, cells) = await database.ReadAsync(
                async session => (
                    await session.ListAsync<Candidate>($"SELECT {CandidateStore.Columns} FROM experiments_candidates c WHERE c.id IN @part", new { part }),
                    await CandidateCells.ReadAsync(session, projectId, part, columns)),
                cancel);
            var byId = rows.ToDictionary(row => row.Id);
            yield return [.. part.Where(byId.ContainsKey).Select(id => new ExportRow(byId[id], cells))];
        }
    }

    private static string Time(long micros) => Micros.ToTime(micros).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
