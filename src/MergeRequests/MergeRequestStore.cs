using Squero.Kernel;

namespace Squero.MergeRequests;

/// <summary>Merge requests, their versions, choices and history. Ask access first: a store knows no caller.</summary>
public sealed class MergeRequestStore(Database database)
{
    internal const string Columns =
        """
        id, project_id, iid, title, description, source_branch, target_branch, person_id, state, draft, head_sha, created_us, updated_us,
        merged_us, merged_by, closed_us, closed_by, merged_from, merged_sha
        """;

    internal const string VersionColumns = "id, request_id, number, base_sha, start_sha, head_sha, person_id, created_us";
    private const string ChoiceColumns = "request_id, candidate_id, candidate_iid, head_sha, model_name, person_id, chosen_us";

    public Task<MergeRequest?> FindAsync(long projectId, long iid, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<MergeRequest>(
                $"SELECT {Columns} FROM merge_requests_requests WHERE project_id = @projectId AND iid = @iid", new { projectId, iid }),
            cancel);

    /// <summary>By the server's own id: for other modules that keep it.</summary>
    public Task<MergeRequest?> FindByIdAsync(long id, CancellationToken cancel) =>
        database.ReadAsync(session => FindAsync(session, id), cancel);

    /// <summary>Newest first.</summary>
    internal Task<Page<MergeRequest>> ListAsync(RequestFilter filter, PageRequest page, CancellationToken cancel)
    {
        var parameters = filter.Parameters(page);
        return database.ReadAsync(
            async session => new Page<MergeRequest>(
                await session.ListAsync<MergeRequest>(
                    $"SELECT {Columns} FROM merge_requests_requests WHERE {RequestFilter.Where} ORDER BY {filter.Order} LIMIT @Size OFFSET @Skip", parameters),
                await session.CountAsync($"SELECT count(*) FROM merge_requests_requests WHERE {RequestFilter.Where}", parameters),
                page),
            cancel);
    }

    /// <summary>Open ones of a branch, as source or as target; at most 200.</summary>
    internal Task<IReadOnlyList<MergeRequest>> OpenOfBranchAsync(long projectId, string branch, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<MergeRequest>(
                $"""
                SELECT {Columns} FROM merge_requests_requests
                WHERE project_id = @projectId AND state IN (1, 2) AND (source_branch = @branch OR target_branch = @branch) ORDER BY id LIMIT 200
                """,
                new { projectId, branch }),
            cancel);

    internal Task<MergeRequest?> OpenBetweenAsync(long projectId, string source, string target, CancellationToken cancel) =>
        database.ReadAsync(session => OpenBetweenAsync(session, projectId, source, target), cancel);

    internal static Task<MergeRequest?> OpenBetweenAsync(Session session, long projectId, string source, string target) =>
        session.FirstAsync<MergeRequest>(
            $"""
            SELECT {Columns} FROM merge_requests_requests
            WHERE project_id = @projectId AND state IN (1, 2) AND source_branch = @source AND target_branch = @target
            """,
            new { projectId, source, target });

    /// <summary>Merge requests that have or had one of the commits as a head, newest first; at most 100.</summary>
    public Task<IReadOnlyList<MergeRequest>> ForHeadsAsync(long projectId, IReadOnlyCollection<string> shas, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<MergeRequest>(
                $"""
                SELECT {Columns} FROM merge_requests_requests WHERE project_id = @projectId
                AND id IN (SELECT request_id FROM merge_requests_versions WHERE head_sha IN @wanted) ORDER BY id DESC LIMIT 100
                """,
                new { projectId, wanted = shas.Take(500).ToArray() }),
            cancel);

    /// <summary>Newest first; at least one, at most 1,000.</summary>
    public Task<IReadOnlyList<RequestVersion>> VersionsAsync(long requestId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<RequestVersion>(
                $"SELECT {VersionColumns} FROM merge_requests_versions WHERE request_id = @requestId ORDER BY number DESC LIMIT 1000", new { requestId }),
            cancel);

    public Task<RequestChoice?> ChoiceAsync(long requestId, CancellationToken cancel) =>
        database.ReadAsync(session => ChoiceAsync(session, requestId), cancel);

    /// <summary>Oldest first.</summary>
    internal Task<IReadOnlyList<RequestEvent>> EventsAsync(long requestId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<RequestEvent>(
                "SELECT id, request_id, kind, person_id, at_us, detail FROM merge_requests_events WHERE request_id = @requestId ORDER BY id LIMIT 2000",
                new { requestId }),
            cancel);

    internal async Task<RequestCounts> CountsAsync(long projectId, CancellationToken cancel) =>
        await database.ReadAsync(
            session => session.FirstAsync<RequestCounts>(
                """
                SELECT count(*) FILTER (WHERE state IN (1, 2)) AS opened, count(*) FILTER (WHERE state = 3) AS merged, count(*) FILTER (WHERE state = 4) AS closed
                FROM merge_requests_requests WHERE project_id = @projectId
                """,
                new { projectId }),
            cancel) ?? new RequestCounts();

    internal static Task<MergeRequest?> FindAsync(Session session, long id) =>
        session.FirstAsync<MergeRequest>($"SELECT {Columns} FROM merge_requests_requests WHERE id = @id", new { id });

    internal static Task<RequestVersion?> NewestVersionAsync(Session session, long requestId) =>
        session.FirstAsync<RequestVersion>(
            $"SELECT {VersionColumns} FROM merge_requests_versions WHERE request_id = @requestId ORDER BY number DESC LIMIT 1", new { requestId });

    internal static Task<RequestChoice?> ChoiceAsync(Session session, long requestId) =>
        session.FirstAsync<RequestChoice>($"SELECT {ChoiceColumns} FROM merge_requests_choices WHERE request_id = @requestId", new { requestId });

    internal static Task<int> NoteAsync(WriteSession session, long requestId, RequestEventKind kind, long personId, string detail = "") =>
        session.ExecuteAsync(
            "INSERT INTO merge_requests_events (request_id, kind, person_id, at_us, detail) VALUES (@requestId, @kind, @personId, @NowMicros, @detail)",
            new { requestId, kind = (int)kind, personId, session.NowMicros, detail });
}

internal sealed record RequestCounts
{
    public long Opened { get; init; }

    public long Merged { get; init; }

    public long Closed { get; init; }

    public long All => Opened + Merged + Closed;
}

/// <summary>Which merge requests of a project; what is null does not filter.</summary>
internal sealed record RequestFilter(long ProjectId)
{
    public const string Where =
        """
        project_id = @ProjectId AND (@anyState = 1 OR state IN @states) AND (@Source IS NULL OR source_branch = @Source)
        AND (@Target IS NULL OR target_branch = @Target) AND (@PersonId IS NULL OR person_id = @PersonId)
        AND (@pattern IS NULL OR lower(title) LIKE @pattern ESCAPE '\' OR lower(description) LIKE @pattern ESCAPE '\')
        AND (@anyIid = 1 OR iid IN @iids)
        """;

    public IReadOnlyList<MergeRequestState>? States { get; init; }

    public string? Source { get; init; }

    public string? Target { get; init; }

    public long? PersonId { get; init; }

    public string? Search { get; init; }

    public IReadOnlyList<long>? Iids { get; init; }

    public bool ByUpdate { get; init; }

    public bool OldestFirst { get; init; }

    public string Order => (ByUpdate ? "updated_us" : "created_us") + (OldestFirst ? " ASC, id ASC" : " DESC, id DESC");

    public object Parameters(PageRequest page) =>
        new
        {
            ProjectId,
            Source,
            Target,
            PersonId,
            page.Size,
            page.Skip,
            anyState = States is null ? 1 : 0,
            states = (States ?? [MergeRequestState.Opened]).Select(state => (int)state).ToArray(),
            anyIid = Iids is null ? 1 : 0,
            iids = (Iids ?? [0]).Take(100).ToArray(),
            pattern = string.IsNullOrWhiteSpace(Search) ? null : $"%{Escape(Search.Trim().ToLowerInvariant())}%",
        };

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
}
