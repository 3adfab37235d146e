using Squero.Kernel;
using Squero.RunnerProtocol;

namespace Squero.Pipelines;

internal sealed record GivenArchive
{
    public long JobId { get; init; }

    public string JobName { get; init; } = "";

    public string Filename { get; init; } = "";

    public long Size { get; init; }
}

/// <summary>What earlier jobs hand to a job: archives to unpack and variables from their dotenv reports.</summary>
internal sealed record GivenFiles(IReadOnlyList<GivenArchive> Archives, IReadOnlyList<JobVariable> Dotenv);

/// <summary>Finds what a job gets from those before it: the named dependencies, else its needs, else all earlier stages.</summary>
internal sealed class JobSources(Database database, TimeProvider time)
{
    public Task<GivenFiles> OfAsync(Job job, PlannedJob plan, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                var others = await session.ListAsync<BoardJob>(
                    "SELECT id, name, stage_index FROM pipelines_jobs WHERE pipeline_id = @PipelineId AND retried = 0 AND id <> @Id ORDER BY position, id",
                    new { job.PipelineId, job.Id });
                var ids = others.Where(other => Gives(other, job, plan)).Select(other => other.Id).ToArray();
                return ids.Length == 0 ? new GivenFiles([], []) : new GivenFiles(await ArchivesAsync(session, ids), await DotenvAsync(session, ids));
            },
            cancel);

    private static bool Gives(BoardJob other, Job job, PlannedJob plan) =>
        plan.Dependencies is { } names ? names.Contains(other.Name)
        : plan.Needs is { } needs ? needs.Any(need => need.Artifacts && need.Job == other.Name)
        : other.StageIndex < job.StageIndex;

    private Task<IReadOnlyList<GivenArchive>> ArchivesAsync(Session session, long[] ids) =>
        session.ListAsync<GivenArchive>(
            """
            SELECT a.job_id, j.name AS job_name, a.filename, a.size FROM pipelines_artifacts a JOIN pipelines_jobs j ON j.id = a.job_id
            WHERE a.job_id IN @ids AND a.type = @archive AND (a.expires_us IS NULL OR a.expires_us > @now) ORDER BY j.position, j.id
            """,
            new { ids, archive = ArtifactTypes.Archive, now = time.NowMicros() });

    private static async Task<IReadOnlyList<JobVariable>> DotenvAsync(Session session, long[] ids)
    {
        var rows = await session.ListAsync<DotenvRow>(
            """
            SELECT d.key, d.value FROM pipelines_dotenv d JOIN pipelines_jobs j ON j.id = d.job_id
            WHERE d.job_id IN @ids ORDER BY j.position, j.id, d.position
            """,
            new { ids });
        return [.. rows.Select(row => new JobVariable(row.Key, row.Value))];
    }

    private sealed record DotenvRow
    {
        public string Key { get; init; } = "";

        public string Value { get; init; } = "";
    }
}
