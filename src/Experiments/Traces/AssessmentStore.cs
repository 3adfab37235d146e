using System.Security.Cryptography;
using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>What people and programs think of traces.</summary>
public sealed class AssessmentStore(Database database)
{
    public const int MaxPerTrace = 1000;
    private const string Columns =
        "uid, trace_id, name, is_expectation, value, error, source_type, source_id, span_uid, rationale, metadata, overrides, valid, created_ms, updated_ms";

    public static string NewUid() => "a-" + RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>By trace id, in the order in which they were given.</summary>
    public async Task<ILookup<long, Assessment>> ForAsync(IReadOnlyCollection<long> traceIds, CancellationToken cancel)
    {
        var found = new List<Assessment>();
        foreach (var part in traceIds.Chunk(500))
        {
            found.AddRange(await database.ReadAsync(
                session => session.ListAsync<Assessment>($"SELECT {Columns} FROM experiments_assessments WHERE trace_id IN @part ORDER BY trace_id, created_ms, id", new { part }), cancel));
        }

        return found.ToLookup(assessment => assessment.TraceId);
    }

    public Task<Assessment?> FindAsync(Trace trace, string uid, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Assessment>($"SELECT {Columns} FROM experiments_assessments WHERE trace_id = @Id AND uid = @uid", new { trace.Id, uid }), cancel);

    /// <summary>False when the assessment that it stands for is not there: then nothing is written.</summary>
    public Task<bool> AddAsync(Assessment assessment, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                if (await session.CountAsync("SELECT count(*) FROM experiments_assessments WHERE trace_id = @TraceId", new { assessment.TraceId }) >= MaxPerTrace)
                {
                    throw Refusal.Invalid($"A trace has at most {MaxPerTrace} assessments.");
                }

                if (assessment.Overrides is { } overridden && await SetValidAsync(session, assessment.TraceId, overridden, false) == 0)
                {
                    return false;
                }

                await AddAsync(session, assessment);
                return true;
            },
            cancel);

    public Task UpdateAsync(Assessment assessment, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                """
                UPDATE experiments_assessments SET name = @Name, value = @Value, error = @Error, rationale = @Rationale, metadata = @Metadata, updated_ms = @UpdatedMs
                WHERE trace_id = @TraceId AND uid = @Uid
                """,
                new { assessment.Name, assessment.Value, assessment.Error, assessment.Rationale, assessment.Metadata, assessment.UpdatedMs, assessment.TraceId, assessment.Uid }),
            cancel);

    /// <summary>What it stood for is valid again.</summary>
    public Task DeleteAsync(Assessment assessment, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                if (assessment.Overrides is { } overridden)
                {
                    await SetValidAsync(session, assessment.TraceId, overridden, true);
                }

                await session.ExecuteAsync("DELETE FROM experiments_assessments WHERE trace_id = @TraceId AND uid = @Uid", new { assessment.TraceId, assessment.Uid });
            },
            cancel);

    internal static Task<int> AddAsync(WriteSession session, Assessment assessment) =>
        session.ExecuteAsync(
            $"""
            INSERT INTO experiments_assessments ({Columns})
            VALUES (@Uid, @TraceId, @Name, @expectation, @Value, @Error, @SourceType, @SourceId, @SpanUid, @Rationale, @Metadata, @Overrides, @valid, @CreatedMs, @UpdatedMs)
            ON CONFLICT (trace_id, uid) DO NOTHING
            """,
            new
            {
                assessment.Uid,
                assessment.TraceId,
                assessment.Name,
                expectation = assessment.IsExpectation ? 1 : 0,
                assessment.Value,
                assessment.Error,
                assessment.SourceType,
                assessment.SourceId,
                assessment.SpanUid,
                assessment.Rationale,
                assessment.Metadata,
                assessment.Overrides,
                valid = assessment.Valid ? 1 : 0,
                assessment.CreatedMs,
                assessment.UpdatedMs,
            });

    private static Task<int> SetValidAsync(WriteSession session, long traceId, string uid, bool valid) =>
        session.ExecuteAsync("UPDATE experiments_assessments SET valid = @valid WHERE trace_id = @traceId AND uid = @uid", new { traceId, uid, valid = valid ? 1 : 0 });
}
