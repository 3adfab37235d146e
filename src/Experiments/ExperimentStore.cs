using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Experiments and their tags. Names are unique within a project, deleted experiments included.</summary>
public sealed class ExperimentStore(Database database)
{
    internal const string Columns = "e.id, e.project_id, e.iid, e.name, e.location, e.deleted, e.created_us, e.updated_us, e.pipeline_id";

    private readonly Remembered<(long Project, long Iid), Experiment> byIid = new(database, "experiments_experiments");

    public ValueTask<Experiment?> FindAsync(long projectId, long iid, CancellationToken cancel) =>
        byIid.FindAsync(
            (projectId, iid),
            session => session.FirstAsync<Experiment>(
                $"SELECT {Columns} FROM experiments_experiments e WHERE e.project_id = @projectId AND e.iid = @iid", new { projectId, iid }),
            cancel);

    public Task<Experiment?> FindByNameAsync(long projectId, string name, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Experiment>(
                $"SELECT {Columns} FROM experiments_experiments e WHERE e.project_id = @projectId AND e.name = @name", new { projectId, name }),
            cancel);

    public Task<Experiment?> FindByIdAsync(long id, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Experiment>($"SELECT {Columns} FROM experiments_experiments e WHERE e.id = @id", new { id }), cancel);

    /// <summary>By id, for lists of candidates that name their experiments.</summary>
    public async Task<IReadOnlyDictionary<long, Experiment>> FindManyAsync(IReadOnlyCollection<long> ids, CancellationToken cancel)
    {
        var found = new Dictionary<long, Experiment>();
        foreach (var part in ids.Distinct().Chunk(500))
        {
            foreach (var row in await database.ReadAsync(
                session => session.ListAsync<Experiment>($"SELECT {Columns} FROM experiments_experiments e WHERE e.id IN @part", new { part }), cancel))
            {
                found[row.Id] = row;
            }
        }

        return found;
    }

    /// <summary>
    /// Those that started something last first, then by number, newest first. Only those of the page are counted: a project may
    /// have ten thousand experiments.
    /// </summary>
    /// <param name="search">A part of the name; null is all.</param>
    public Task<Page<ExperimentSummary>> ListAsync(long projectId, string? search, bool deleted, PageRequest page, CancellationToken cancel)
    {
        var values = new { projectId, pattern = LikePattern.Holding(search), deleted = deleted ? 1 : 0, page.Size, page.Skip };
        return database.ReadAsync(
            async session => new Page<ExperimentSummary>(
                await session.ListAsync<ExperimentSummary>(
                    $"""
                    SELECT p.*, (SELECT count(*) FROM experiments_candidates c WHERE c.experiment_id = p.id AND c.deleted = @deleted) AS candidates
                    FROM (
                        SELECT e.id, e.iid, e.name, e.created_us, e.updated_us,
                               (SELECT max(c.started_us) FROM experiments_candidates c WHERE c.experiment_id = e.id AND c.deleted = @deleted) AS last_started_us
                        {Listed} ORDER BY last_started_us DESC NULLS LAST, e.iid DESC LIMIT @Size OFFSET @Skip
                    ) AS p ORDER BY p.last_started_us DESC NULLS LAST, p.iid DESC
                    """,
                    values),
                await session.CountAsync($"SELECT count(*) {Listed}", values),
                page),
            cancel);
    }

    private const string Listed =
        """
        FROM experiments_experiments e
        WHERE e.project_id = @projectId AND e.deleted = @deleted AND (@pattern IS NULL OR lower(e.name) LIKE @pattern ESCAPE '\')
        """;

    /// <summary>Null when the name is taken.</summary>
    public Task<Experiment?> CreateAsync(
        long projectId, string name, string? location, IReadOnlyList<NamedText> tags, CancellationToken cancel) =>
        CreateAsync(projectId, name, location, tags, null, cancel);

    /// <param name="pipelineId">The pipeline whose job asks, known by its token.</param>
    public Task<Experiment?> CreateAsync(
        long projectId, string name, string? location, IReadOnlyList<NamedText> tags, long? pipelineId, CancellationToken cancel) =>
        database.WriteAsync<Experiment?>(
            async session =>
            {
                if (await session.CountAsync("SELECT count(*) FROM experiments_experiments WHERE project_id = @projectId AND name = @name", new { projectId, name }) > 0)
                {
                    return null;
                }

                var created = await InsertAsync(session, projectId, name, location, pipelineId);
                foreach (var tag in tags)
                {
                    await SetTagAsync(session, created.Id, tag);
                }

                return created;
            },
            cancel);

    /// <summary>False when the name is taken.</summary>
    public Task<bool> RenameAsync(Experiment experiment, string name, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.CountAsync(
                    "SELECT count(*) FROM experiments_experiments WHERE project_id = @ProjectId AND name = @name AND id <> @Id",
                    new { experiment.ProjectId, experiment.Id, name }) > 0)
                {
                    return false;
                }

                await session.ExecuteAsync(
                    "UPDATE experiments_experiments SET name = @name, updated_us = @NowMicros WHERE id = @Id", new { experiment.Id, name, session.NowMicros });
                return true;
            },
            cancel);

    /// <summary>Deletes or restores it with all its candidates.</summary>
    public Task SetDeletedAsync(Experiment experiment, bool deleted, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var values = new { experiment.Id, deleted = deleted ? 1 : 0, session.NowMicros };
                await session.ExecuteAsync("UPDATE experiments_experiments SET deleted = @deleted, updated_us = @NowMicros WHERE id = @Id AND deleted < 2", values);
                await session.ExecuteAsync("UPDATE experiments_candidates SET deleted = @deleted WHERE experiment_id = @Id AND deleted < 2", values);
            },
            cancel);

    public Task SetTagAsync(long experimentId, NamedText tag, CancellationToken cancel) =>
        database.WriteAsync(session => SetTagAsync(session, experimentId, tag), cancel);

    /// <summary>False when there was no such tag.</summary>
    public async Task<bool> DeleteTagAsync(long experimentId, string name, CancellationToken cancel) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(
                "DELETE FROM experiments_experiment_tags WHERE experiment_id = @experimentId AND name = @name", new { experimentId, name }),
            cancel) > 0;

    /// <summary>Tags by experiment id; at most 1,000 experiments are asked at once.</summary>
    public async Task<IReadOnlyDictionary<long, IReadOnlyList<NamedText>>> TagsAsync(IReadOnlyCollection<long> ids, CancellationToken cancel)
    {
        var rows = new List<TagRow>();
        foreach (var part in ids.Chunk(500))
        {
            rows.AddRange(await database.ReadAsync(
                session => session.ListAsync<TagRow>(
                    "SELECT experiment_id, name, value FROM experiments_experiment_tags WHERE experiment_id IN @part ORDER BY experiment_id, name", new { part }),
                cancel));
        }

        return rows.GroupBy(row => row.ExperimentId)
            .ToDictionary(group => group.Key, group => (IReadOnlyList<NamedText>)[.. group.Select(row => new NamedText(row.Name, row.Value))]);
    }

    internal static async Task<Experiment> InsertAsync(WriteSession session, long projectId, string name, string? location, long? pipelineId = null)
    {
        var iid = await session.CountAsync(
            """
            SELECT COALESCE(max(n.iid), -1) + 1 FROM (
                SELECT max(iid) AS iid FROM experiments_experiments WHERE project_id = @projectId
                UNION ALL SELECT max(iid) FROM experiments_experiments WHERE project_id = -@projectId
            ) AS n
            """,
            new { projectId });
        var experiment = new Experiment
        {
            ProjectId = projectId,
            Iid = iid,
            Name = name,
            Location = location,
            CreatedUs = session.NowMicros,
            UpdatedUs = session.NowMicros,
            PipelineId = pipelineId,
        };
        var id = await session.InsertAsync(
            """
            INSERT INTO experiments_experiments (project_id, iid, name, location, created_us, updated_us, pipeline_id)
            VALUES (@ProjectId, @Iid, @Name, @Location, @CreatedUs, @UpdatedUs, @PipelineId) RETURNING id
            """,
            new { experiment.ProjectId, experiment.Iid, experiment.Name, experiment.Location, experiment.CreatedUs, experiment.UpdatedUs, experiment.PipelineId });
        return experiment with { Id = id };
    }

    private static Task SetTagAsync(WriteSession session, long experimentId, NamedText tag) =>
        session.ExecuteAsync(
            """
            INSERT INTO experiments_experiment_tags (experiment_id, name, value) VALUES (@experimentId, @Name, @Value)
            ON CONFLICT (experiment_id, name) DO UPDATE SET value = excluded.value
            """,
            new { experimentId, tag.Name, tag.Value });

    private sealed record TagRow
    {
        public long ExperimentId { get; init; }

        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}

/// <summary>An experiment in a list, with how much is in it.</summary>
public sealed record ExperimentSummary
{
    public long Id { get; init; }

    public long Iid { get; init; }

    public string Name { get; init; } = "";

    public long CreatedUs { get; init; }

    public long UpdatedUs { get; init; }

    public long Candidates { get; init; }

    public long? LastStartedUs { get; init; }
}
