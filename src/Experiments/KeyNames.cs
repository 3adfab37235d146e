using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Names of params, metrics and tags as integers, once per project. A name never leaves, so its number may be kept.</summary>
internal static class KeyNames
{
    /// <summary>Names without a number were never used in the project.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> FindAsync(Session session, long projectId, IReadOnlyCollection<string> names)
    {
        var found = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in names.Distinct(StringComparer.Ordinal).Chunk(500))
        {
            foreach (var row in await session.ListAsync<KeyRow>(
                "SELECT id, name FROM experiments_keys WHERE project_id = @projectId AND name IN @part", new { projectId, part }))
            {
                found[row.Name] = row.Id;
            }
        }

        return found;
    }

    /// <summary>The names behind numbers.</summary>
    public static async Task<IReadOnlyDictionary<long, string>> NamesAsync(Session session, IReadOnlyCollection<long> ids)
    {
        var found = new Dictionary<long, string>();
        foreach (var part in ids.Distinct().Chunk(500))
        {
            foreach (var row in await session.ListAsync<KeyRow>("SELECT id, name FROM experiments_keys WHERE id IN @part", new { part }))
            {
                found[row.Id] = row.Name;
            }
        }

        return found;
    }

    private sealed record KeyRow
    {
        public long Id { get; init; }

        public string Name { get; init; } = "";
    }
}
