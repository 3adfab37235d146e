using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Candidates and what was logged of them, for reading. Ask access first: a store knows no caller.</summary>
public sealed class CandidateStore(Database database)
{
    public const int MaxBatch = 1000;
    internal const string Columns =
        "c.id, c.uid, c.project_id, c.experiment_id, c.iid, c.name, c.status, c.started_us, c.ended_us, c.created_us, c.person_id, c.user_name, c.note, c.deleted, c.job_id, c.pipeline_id, c.sha, c.ref";

    private readonly Remembered<(long Project, string Uid), Candidate> byUid = new(database, "experiments_candidates");

    public ValueTask<Candidate?> FindAsync(long projectId, string uid, CancellationToken cancel) =>
        byUid.FindAsync(
            (projectId, uid),
            session => session.FirstAsync<Candidate>(
                $"SELECT {Columns} FROM experiments_candidates c WHERE c.uid = @uid AND c.project_id = @projectId", new { projectId, uid }),
            cancel);

    public Task<Candidate?> FindByIidAsync(long projectId, long iid, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Candidate>(
                $"SELECT {Columns} FROM experiments_candidates c WHERE c.project_id = @projectId AND c.iid = @iid", new { projectId, iid }),
            cancel);

    /// <summary>By the server's own id: for other modules that keep it.</summary>
    public Task<Candidate?> FindByIdAsync(long id, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Candidate>($"SELECT {Columns} FROM experiments_candidates c WHERE c.id = @id", new { id }), cancel);

    /// <summary>By the server's own ids, in their order; at most 1,000.</summary>
    public async Task<IReadOnlyList<Candidate>> FindByIdsAsync(IReadOnlyList<long> ids, CancellationToken cancel)
    {
        var found = await database.ReadAsync(
            session => session.ListOfAsync<Candidate>($"SELECT {Columns} FROM experiments_candidates c WHERE c.id IN @ids", [.. ids.Take(MaxBatch)]), cancel);
        var rows = found.ToDictionary(row => row.Id);
        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    /// <summary>Those that still exist of the given numbers, in the order of the numbers given; at most 200.</summary>
    public async Task<IReadOnlyList<Candidate>> FindByIidsAsync(long projectId, IReadOnlyCollection<long> iids, CancellationToken cancel)
    {
        var wanted = iids.Distinct().Take(CompareSet.MaxOfCurves).ToList();
        var rows = await database.ReadAsync(
            session => session.ListAsync<Candidate>(
                $"SELECT {Columns} FROM experiments_candidates c WHERE c.project_id = @projectId AND c.iid IN @wanted ORDER BY c.iid", new { projectId, wanted }),
            cancel);
        return [.. rows.OrderBy(row => wanted.IndexOf(row.Iid))];
    }

    /// <summary>The candidates that a job logged, oldest first; at most 1,000. Deleted ones are left out.</summary>
    public Task<IReadOnlyList<Candidate>> ForJobAsync(long jobId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<Candidate>(
                $"SELECT {Columns} FROM experiments_candidates c WHERE c.job_id = @jobId AND c.deleted = 0 ORDER BY c.id LIMIT {MaxBatch}", new { jobId }),
            cancel);

    /// <summary>The candidates whose origin is one of the commits, newest first; at most 1,000. Claimed commits do not count.</summary>
    public async Task<IReadOnlyList<Candidate>> ForCommitsAsync(long projectId, IReadOnlyCollection<string> shas, CancellationToken cancel)
    {
        var found = new List<Candidate>();
        foreach (var part in shas.Distinct(StringComparer.Ordinal).Chunk(500))
        {
            found.AddRange(await database.ReadAsync(
                session => session.ListAsync<Candidate>(
                    $"SELECT {Columns} FROM experiments_candidates c WHERE c.project_id = @projectId AND c.sha IN @part AND c.deleted = 0 ORDER BY c.id DESC LIMIT {MaxBatch}",
                    new { projectId, part }),
                cancel));
        }

        return [.. found.OrderByDescending(candidate => candidate.Id).Take(MaxBatch)];
    }

    /// <summary>Newest first, without deleted ones.</summary>
    public Task<Page<Candidate>> ListAsync(long experimentId, PageRequest page, CancellationToken cancel) =>
        database.ReadAsync(
            async session => new Page<Candidate>(
                await session.ListAsync<Candidate>(
                    $"SELECT {Columns} FROM experiments_candidates c WHERE c.experiment_id = @experimentId AND c.deleted = 0 ORDER BY c.started_us DESC, c.id DESC LIMIT @Size OFFSET @Skip",
                    new { experimentId, page.Size, page.Skip }),
                await session.CountAsync("SELECT count(*) FROM experiments_candidates WHERE experiment_id = @experimentId AND deleted = 0", new { experimentId }),
                page),
            cancel);

    /// <summary>Params by candidate id, in order of name. Candidates without any have no entry.</summary>
    public Task<IReadOnlyDictionary<long, IReadOnlyList<NamedText>>> ParamsAsync(IReadOnlyCollection<long> candidateIds, CancellationToken cancel) =>
        TextsAsync("experiments_params", candidateIds, cancel);

    public Task<IReadOnlyDictionary<long, IReadOnlyList<NamedText>>> TagsAsync(IReadOnlyCollection<long> candidateIds, CancellationToken cancel) =>
        TextsAsync("experiments_tags", candidateIds, cancel);

    /// <summary>Latest metrics by candidate id, in order of name.</summary>
    public async Task<IReadOnlyDictionary<long, IReadOnlyList<LatestMetric>>> LatestMetricsAsync(
        IReadOnlyCollection<long> candidateIds, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.ListOfAsync<LatestRow>(
                """
                SELECT l.candidate_id, k.name, l.step, l.at_ms, l.value, l.is_nan FROM experiments_latest l JOIN experiments_keys k ON k.id = l.key_id
                WHERE l.candidate_id IN @ids ORDER BY l.candidate_id, k.name
                """,
                candidateIds),
            cancel);
        return rows.GroupBy(row => row.CandidateId)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<LatestMetric>)[.. group.Select(row => row.ToMetric())]);
    }

    private async Task<IReadOnlyDictionary<long, IReadOnlyList<NamedText>>> TextsAsync(
        string table, IReadOnlyCollection<long> candidateIds, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.ListOfAsync<TextRow>(
                $"SELECT t.candidate_id, k.name, t.value FROM {table} t JOIN experiments_keys k ON k.id = t.key_id WHERE t.candidate_id IN @ids ORDER BY t.candidate_id, k.name",
                candidateIds),
            cancel);
        return rows.GroupBy(row => row.CandidateId)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<NamedText>)[.. group.Select(row => new NamedText(row.Name, row.Value))]);
    }

    private sealed record TextRow
    {
        public long CandidateId { get; init; }

        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }

    private sealed record LatestRow
    {
        public long CandidateId { get; init; }

        public string Name { get; init; } = "";

        public long Step { get; init; }

        public long AtMs { get; init; }

        public double Value { get; init; }

        public bool IsNan { get; init; }

        public LatestMetric ToMetric() => new(Name, MetricPoint.FromStored(Value, IsNan), Step, AtMs);
    }
}
