using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Data that candidates were made from, as a client described it: unique by name and digest in its experiment.</summary>
public sealed record Dataset
{
    public string Name { get; init; } = "";

    public string Digest { get; init; } = "";

    public string SourceType { get; init; } = "";

    public string Source { get; init; } = "";

    public string? Schema { get; init; }

    public string? Profile { get; init; }
}

/// <summary>A dataset in its use by a candidate; the context says what for (training, eval).</summary>
public sealed record DatasetUse(Dataset Dataset, string? Context, IReadOnlyList<NamedText> Tags);

/// <summary>A model file that a candidate read (no step) or wrote at a step.</summary>
public sealed record CheckpointLink(string Uid, long? Step);

public sealed record DatasetSummary
{
    public long ExperimentId { get; init; }

    public string Name { get; init; } = "";

    public string Digest { get; init; } = "";

    public string? Context { get; init; }
}

/// <summary>What went into a candidate and which checkpoints belong to it.</summary>
public sealed class CandidateInputs(Database database)
{
    /// <summary>Using the same dataset again changes nothing.</summary>
    public Task AddAsync(Candidate candidate, IReadOnlyList<DatasetUse> uses, IReadOnlyList<string> checkpoints, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                foreach (var use in uses)
                {
                    await AddAsync(session, candidate, use);
                }

                foreach (var uid in checkpoints)
                {
                    await LinkAsync(session, candidate.Id, new CheckpointLink(uid, null), false);
                }
            },
            cancel);

    public Task AddOutputsAsync(Candidate candidate, IReadOnlyList<CheckpointLink> links, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                foreach (var link in links)
                {
                    await LinkAsync(session, candidate.Id, link, true);
                }
            },
            cancel);

    /// <summary>By candidate id, in the order they were logged.</summary>
    public async Task<IReadOnlyDictionary<long, IReadOnlyList<DatasetUse>>> ForAsync(IReadOnlyCollection<long> candidateIds, CancellationToken cancel)
    {
        var (uses, tags) = await database.ReadAsync(
            async session =>
            {
                var uses = await session.ListOfAsync<UseRow>(
                    """
                    SELECT i.id, i.candidate_id, i.context, d.name, d.digest, d.source_type, d.source, d.schema, d.profile
                    FROM experiments_inputs i JOIN experiments_datasets d ON d.id = i.dataset_id WHERE i.candidate_id IN @ids ORDER BY i.id
                    """,
                    candidateIds);
                return uses.Count == 0 ? (uses, []) : (uses, await session.ListOfAsync<TagRow>(
                    "SELECT input_id, name, value FROM experiments_input_tags WHERE input_id IN @ids ORDER BY input_id, name", [.. uses.Select(use => use.Id)]));
            },
            cancel);
        var tagsOf = tags.ToLookup(tag => tag.InputId, tag => new NamedText(tag.Name, tag.Value));
        return uses.GroupBy(use => use.CandidateId).ToDictionary(
            group => group.Key, group => (IReadOnlyList<DatasetUse>)[.. group.Select(use => new DatasetUse(use.ToDataset(), use.Context, [.. tagsOf[use.Id]]))]);
    }

    /// <summary>Checkpoint links by candidate id.</summary>
    public async Task<ILookup<long, (CheckpointLink Link, bool IsOutput)>> LinksAsync(IReadOnlyCollection<long> candidateIds, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.ListOfAsync<LinkRow>(
                "SELECT candidate_id, checkpoint_uid, step, is_output FROM experiments_checkpoint_links WHERE candidate_id IN @ids ORDER BY id", candidateIds),
            cancel);
        return rows.ToLookup(row => row.CandidateId, row => (new CheckpointLink(row.CheckpointUid, row.Step), row.IsOutput));
    }

    /// <summary>Datasets of experiments with their contexts; at most 1,000.</summary>
    public Task<IReadOnlyList<DatasetSummary>> SummariesAsync(IReadOnlyCollection<long> experimentIds, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<DatasetSummary>(
                """
                SELECT DISTINCT d.experiment_id, d.name, d.digest, i.context FROM experiments_datasets d LEFT JOIN experiments_inputs i ON i.dataset_id = d.id
                WHERE d.experiment_id IN @ids ORDER BY d.experiment_id, d.name, d.digest, i.context NULLS FIRST LIMIT 1000
                """,
                new { ids = experimentIds.Take(20).ToArray() }),
            cancel);

    private static async Task AddAsync(WriteSession session, Candidate candidate, DatasetUse use)
    {
        var dataset = use.Dataset;
        await session.ExecuteAsync(
            """
            INSERT INTO experiments_datasets (experiment_id, name, digest, source_type, source, schema, profile)
            VALUES (@ExperimentId, @Name, @Digest, @SourceType, @Source, @Schema, @Profile) ON CONFLICT (experiment_id, name, digest) DO NOTHING
            """,
            new { candidate.ExperimentId, dataset.Name, dataset.Digest, dataset.SourceType, dataset.Source, dataset.Schema, dataset.Profile });
        var datasetId = await session.CountAsync(
            "SELECT id FROM experiments_datasets WHERE experiment_id = @ExperimentId AND name = @Name AND digest = @Digest",
            new { candidate.ExperimentId, dataset.Name, dataset.Digest });
        var inputId = await session.FirstAsync<long?>(
            "INSERT INTO experiments_inputs (candidate_id, dataset_id, context) VALUES (@Id, @datasetId, @Context) ON CONFLICT (candidate_id, dataset_id) DO NOTHING RETURNING id",
            new { candidate.Id, datasetId, use.Context });
        foreach (var tag in inputId is null ? [] : use.Tags)
        {
            await session.ExecuteAsync(
                "INSERT INTO experiments_input_tags (input_id, name, value) VALUES (@inputId, @Name, @Value) ON CONFLICT (input_id, name) DO UPDATE SET value = excluded.value",
                new { inputId, tag.Name, tag.Value });
        }
    }

    private static Task LinkAsync(WriteSession session, long candidateId, CheckpointLink link, bool isOutput) =>
        session.ExecuteAsync(
            """
            INSERT INTO experiments_checkpoint_links (candidate_id, checkpoint_uid, step, is_output) VALUES (@candidateId, @Uid, @Step, @isOutput)
            ON CONFLICT (candidate_id, checkpoint_uid, is_output) DO NOTHING
            """,
            new { candidateId, link.Uid, link.Step, isOutput = isOutput ? 1 : 0 });

    private sealed record UseRow
    {
        public long Id { get; init; }

        public long CandidateId { get; init; }

        public string? Context { get; init; }

        public string Name { get; init; } = "";

        public string Digest { get; init; } = "";

        public string SourceType { get; init; } = "";

        public string Source { get; init; } = "";

        public string? Schema { get; init; }

        public string? Profile { get; init; }

        public Dataset ToDataset() =>
            new() { Name = Name, Digest = Digest, SourceType = SourceType, Source = Source, Schema = Schema, Profile = Profile };
    }

    private sealed record TagRow
    {
        public long InputId { get; init; }

        public string Name { get; init; } = "";

        public string Value { get; init; } = "";
    }

    private sealed record LinkRow
    {
        public long CandidateId { get; init; }

        public string CheckpointUid { get; init; } = "";

        public long? Step { get; init; }

        public bool IsOutput { get; init; }
    }
}
