using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>A question as a client gives it: what it says of it comes on top of what is known of the same inputs.</summary>
/// <param name="Hash">Of the inputs: equal inputs are the same question.</param>
/// <param name="Merge">The question after it, from what is known or null.</param>
public sealed record QuestionChange(string Hash, string? By, Func<Question?, Question> Merge);

/// <summary>The questions of sets.</summary>
public sealed class QuestionStore(Database database)
{
    public const int MaxPerSet = 100_000;

    private const string Columns = "id, uid, inputs, outputs, expectations, tags, source, created_ms, updated_ms, created_by, updated_by";

    /// <summary>Adds new questions and changes known ones, all of them or none; returns how many of each.</summary>
    public Task<(int Added, int Changed)> MergeAsync(QuestionSet set, IReadOnlyList<QuestionChange> changes, Func<string?, string?> mergeSchema, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var nowMs = session.NowMicros / 1000;
                var (added, changed) = (0, 0);
                foreach (var change in changes)
                {
                    var known = await session.FirstAsync<Question>($"SELECT {Columns} FROM experiments_questions WHERE set_id = @Id AND hash = @Hash", new { set.Id, change.Hash });
                    await WriteAsync(session, set.Id, change, known, nowMs);
                    (added, changed) = known is null ? (added + 1, changed) : (added, changed + 1);
                }

                if (await session.CountAsync("SELECT count(*) FROM experiments_questions WHERE set_id = @Id", new { set.Id }) > MaxPerSet)
                {
                    throw Refusal.Invalid($"An evaluation dataset has at most {MaxPerSet} records.");
                }

                var schema = mergeSchema(await session.FirstAsync<string>("SELECT schema FROM experiments_question_sets WHERE id = @Id", new { set.Id }));
                await session.ExecuteAsync(
                    "UPDATE experiments_question_sets SET schema = @schema, digest = @digest, updated_ms = @nowMs, updated_by = @by WHERE id = @Id",
                    new { set.Id, schema, digest = QuestionSets.Digest(set.Name, nowMs), nowMs, by = changes.LastOrDefault(change => change.By is not null)?.By });
                return (added, changed);
            },
            cancel);

    /// <summary>In the order in which they came, after the one with the given id.</summary>
    public Task<IReadOnlyList<Question>> ListAsync(QuestionSet set, long afterId, int take, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<Question>($"SELECT {Columns} FROM experiments_questions WHERE set_id = @Id AND id > @afterId ORDER BY id LIMIT @take", new { set.Id, afterId, take }), cancel);

    private static Task<int> WriteAsync(WriteSession session, long setId, QuestionChange change, Question? known, long nowMs)
    {
        var question = change.Merge(known);
        var values = new
        {
            setId,
            change.Hash,
            question.Uid,
            question.Inputs,
            question.Outputs,
            question.Expectations,
            question.Tags,
            question.Source,
            nowMs,
            change.By,
        };
        return session.ExecuteAsync(
            known is null
                ? """
                  INSERT INTO experiments_questions (uid, set_id, hash, inputs, outputs, expectations, tags, source, created_ms, updated_ms, created_by, updated_by)
                  VALUES (@Uid, @setId, @Hash, @Inputs, @Outputs, @Expectations, @Tags, @Source, @nowMs, @nowMs, @By, @By)
                  """
                : """
                  UPDATE experiments_questions SET outputs = @Outputs, expectations = @Expectations, tags = @Tags, updated_ms = @nowMs, updated_by = coalesce(@By, updated_by)
                  WHERE set_id = @setId AND hash = @Hash
                  """,
            values);
    }
}
