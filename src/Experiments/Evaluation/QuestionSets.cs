using System.Security.Cryptography;
using System.Text;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Sets of questions with their tags and experiments.</summary>
public sealed class QuestionSets(Database database)
{
    public const int MaxPerProject = 10_000;

    internal const string Columns =
        "d.id, d.uid, d.project_id, d.name, d.schema, d.digest, d.created_ms, d.updated_ms, d.created_by, d.updated_by, (SELECT count(*) FROM experiments_questions q WHERE q.set_id = d.id) AS questions";

    public Task<QuestionSet?> FindAsync(long projectId, string uid, CancellationToken cancel) =>
        database.ReadAsync(session => FindAsync(session, projectId, uid), cancel);

    public Task<QuestionSet> CreateAsync(QuestionSet set, IReadOnlyCollection<Experiment> experiments, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.CountAsync("SELECT count(*) FROM experiments_question_sets WHERE project_id = @ProjectId", new { set.ProjectId }) >= MaxPerProject)
                {
                    throw Refusal.Invalid($"A project has at most {MaxPerProject} evaluation datasets.");
                }

                var nowMs = session.NowMicros / 1000;
                var uid = "d-" + RandomNumberGenerator.GetHexString(32, lowercase: true);
                var id = await session.InsertAsync(
                    """
                    INSERT INTO experiments_question_sets (uid, project_id, name, digest, created_ms, updated_ms, created_by, updated_by)
                    VALUES (@uid, @ProjectId, @Name, @digest, @nowMs, @nowMs, @CreatedBy, @CreatedBy) RETURNING id
                    """,
                    new { uid, set.ProjectId, set.Name, digest = Digest(set.Name, nowMs), nowMs, set.CreatedBy });
                await TagAsync(session, id, set.Tags);
                await LinkAsync(session, id, experiments);
                return (await FindAsync(session, set.ProjectId, uid))!;
            },
            cancel);

    /// <summary>With all its questions.</summary>
    public Task DeleteAsync(QuestionSet set, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                foreach (var table in (string[])["questions", "question_set_links", "question_set_tags"])
                {
                    await session.ExecuteAsync($"DELETE FROM experiments_{table} WHERE set_id = @Id", new { set.Id });
                }

                await session.ExecuteAsync("DELETE FROM experiments_question_sets WHERE id = @Id", new { set.Id });
            },
            cancel);

    public Task SetTagsAsync(QuestionSet set, IReadOnlyList<NamedText> tags, CancellationToken cancel) =>
        database.WriteAsync(session => TagAsync(session, set.Id, tags), cancel);

    public Task DeleteTagAsync(QuestionSet set, string name, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync("DELETE FROM experiments_question_set_tags WHERE set_id = @Id AND name = @name", new { set.Id, name }), cancel);

    /// <summary>In the order in which it came to them.</summary>
    public Task<IReadOnlyList<long>> ExperimentsAsync(QuestionSet set, CancellationToken cancel) =>
        database.ReadAsync(session => session.ListAsync<long>("SELECT experiment_id FROM experiments_question_set_links WHERE set_id = @Id ORDER BY id LIMIT 1000", new { set.Id }), cancel);

    /// <summary>Adds it to experiments, or takes it from them; what is so already stays so.</summary>
    public Task<QuestionSet> MoveAsync(QuestionSet set, IReadOnlyCollection<Experiment> experiments, bool adds, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                if (adds)
                {
                    await LinkAsync(session, set.Id, experiments);
                }
                else
                {
                    await session.ExecuteAsync(
                        "DELETE FROM experiments_question_set_links WHERE set_id = @Id AND experiment_id IN @ids", new { set.Id, ids = experiments.Select(experiment => experiment.Id).ToArray() });
                }

                await session.ExecuteAsync("UPDATE experiments_question_sets SET updated_ms = @nowMs WHERE id = @Id", new { set.Id, nowMs = session.NowMicros / 1000 });
                return (await FindAsync(session, set.ProjectId, set.Uid))!;
            },
            cancel);

    /// <summary>Sets of the project, or of some of its experiments, by a filter on name, times, people and tags.</summary>
    public Task<IReadOnlyList<QuestionSet>> SearchAsync(
        long projectId, IReadOnlyCollection<long>? experimentIds, string? filter, IReadOnlyCollection<string> order, long skip, int take, CancellationToken cancel)
    {
        var parts = new SqlParts(database.Dialect);
        parts.Conditions.Add($"d.project_id = {parts.Bind(projectId)}");
        if (experimentIds is not null)
        {
            parts.Conditions.Add($"EXISTS (SELECT 1 FROM experiments_question_set_links l WHERE l.set_id = d.id AND l.experiment_id IN {parts.Bind(experimentIds.ToArray())})");
        }

        foreach (var clause in Filter.Parse(filter, FilterScope.QuestionSets))
        {
            parts.Conditions.Add(clause.Entity == FilterEntity.Tag
                ? $"EXISTS (SELECT 1 FROM experiments_question_set_tags t WHERE t.set_id = d.id AND t.name = {parts.Bind(clause.Key)} AND {parts.Compare("t.value", clause)})"
                : parts.Compare(Attribute(clause.Key), clause));
        }

        parts.Order.AddRange(Ordering.Parse(order, FilterScope.QuestionSets).Select(key => $"{Attribute(key.Key)} {(key.Descending ? "DESC" : "ASC")}"));
        parts.Order.AddRange(order.Count == 0 ? ["d.created_ms DESC", "d.uid DESC"] : ["d.uid DESC"]);
        var sql = $"SELECT {Columns} FROM experiments_question_sets d WHERE {string.Join(" AND ", parts.Conditions)} ORDER BY {string.Join(", ", parts.Order)} LIMIT {parts.Bind(take)} OFFSET {parts.Bind(skip)}";
        return database.ReadAsync(async session => await WithTagsAsync(session, await session.ListAsync<QuestionSet>(sql, parts.Values)), cancel);
    }

    internal static string Digest(string name, long atMs) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}:{atMs}"))))[..8];

    internal static async Task<QuestionSet?> FindAsync(Session session, long projectId, string uid) =>
        (await WithTagsAsync(
            session, await session.ListAsync<QuestionSet>($"SELECT {Columns} FROM experiments_question_sets d WHERE d.project_id = @projectId AND d.uid = @uid", new { projectId, uid }))).FirstOrDefault();

    private static string Attribute(string key) =>
        key switch { "name" => "d.name", "created_time" => "d.created_ms", "last_update_time" => "d.updated_ms", "created_by" => "d.created_by", _ => "d.updated_by" };

    private static async Task<IReadOnlyList<QuestionSet>> WithTagsAsync(Session session, IReadOnlyList<QuestionSet> sets)
    {
        var tags = new List<TagRow>();
        foreach (var part in sets.Select(set => set.Id).Chunk(500))
        {
            tags.AddRange(await session.ListAsync<TagRow>("SELECT set_id, name, value FROM experiments_question_set_tags WHERE set_id IN @part ORDER BY set_id, name", new { part }));
        }

        var of = tags.ToLookup(tag => tag.SetId, tag => new NamedText(tag.Name, tag.Value));
        return [.. sets.Select(set => set with { Tags = [.. of[set.Id]] })];
    }

    private static async Task TagAsync(WriteSession session, long id, IReadOnlyList<NamedText> tags)
    {
        foreach (var tag in tags)
        {
            await session.ExecuteAsync(
                "INSERT INTO experiments_question_set_tags (set_id, name, value) VALUES (@id, @Name, @Value) ON CONFLICT (set_id, name) DO UPDATE SET value = excluded.value",
                new { id, tag.Name, tag.Value });
        }
    }

    private static async Task LinkAsync(WriteSession session, long id, IReadOnlyCollection<Experiment> experiments)
    {
        foreach (var experiment in experiments)
        {
            await session.ExecuteAsync(
                "INSERT INTO experiments_question_set_links (set_id, experiment_id) VALUES (@id, @experimentId) ON CONFLICT (set_id, experiment_id) DO NOTHING", new { id, experimentId = experiment.Id });
        }
    }

    private sealed record TagRow
    {
        public long SetId { get; init; }

        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
