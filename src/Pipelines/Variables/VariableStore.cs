using Squero.Kernel;

namespace Squero.Pipelines;

internal sealed class VariableStore(Database database, SecretBox box)
{
    private const int VariablesMax = 200;

    public async Task<IReadOnlyList<ProjectVariable>> ListAsync(long projectId, CancellationToken cancel)
    {
        var rows = await database.ReadAsync(
            session => session.ListAsync<ProjectVariable>(
                """
                SELECT id, project_id, key, sealed_value, masked, protected, file, raw, environment_scope
                FROM pipelines_variables WHERE project_id = @projectId ORDER BY key, id LIMIT 200
                """,
                new { projectId }),
            cancel);
        return [.. rows.Select(row => row with { Value = box.Open(row.SealedValue) })];
    }

    /// <summary>As planning takes them: those that jobs on such a ref may have.</summary>
    public async Task<IReadOnlyList<SettingVariable>> ForRefAsync(long projectId, bool refProtected, CancellationToken cancel) =>
        [.. (await ListAsync(projectId, cancel))
            .Where(row => refProtected || !row.Protected)
            .Select(row => new SettingVariable(row.Key, row.Value, row.Masked, row.File, row.Raw, row.EnvironmentScope))];

    /// <summary>Adds a variable or replaces the one of the same key and scope.</summary>
    public Task PutAsync(ProjectVariable variable, CancellationToken cancel) => StoreAsync(variable, mayReplace: true, cancel);

    /// <summary>False when there is one of the same key and scope.</summary>
    public Task<bool> AddAsync(ProjectVariable variable, CancellationToken cancel) => StoreAsync(variable, mayReplace: false, cancel);

    private Task<bool> StoreAsync(ProjectVariable variable, bool mayReplace, CancellationToken cancel)
    {
        variable.Check();
        return database.WriteAsync(
            async session =>
            {
                var isThere = await session.CountAsync(
                    "SELECT count(*) FROM pipelines_variables WHERE project_id = @ProjectId AND key = @Key AND environment_scope = @EnvironmentScope",
                    new { variable.ProjectId, variable.Key, variable.EnvironmentScope }) > 0;
                if (isThere && !mayReplace)
                {
                    return false;
                }

                if (!isThere && await session.CountAsync("SELECT count(*) FROM pipelines_variables WHERE project_id = @ProjectId", new { variable.ProjectId }) >= VariablesMax)
                {
                    throw Refusal.Invalid($"A project has at most {VariablesMax} variables.");
                }

                await session.ExecuteAsync(
                    """
                    INSERT INTO pipelines_variables (project_id, key, sealed_value, masked, protected, file, raw, environment_scope, created_us)
                    VALUES (@ProjectId, @Key, @box, @masked, @isProtected, @file, @raw, @EnvironmentScope, @NowMicros)
                    ON CONFLICT (project_id, key, environment_scope) DO UPDATE SET
                        sealed_value = excluded.sealed_value, masked = excluded.masked, protected = excluded.protected, file = excluded.file, raw = excluded.raw
                    """,
                    new
                    {
                        variable.ProjectId,
                        variable.Key,
                        box = box.Seal(variable.Value),
                        masked = variable.Masked ? 1 : 0,
                        isProtected = variable.Protected ? 1 : 0,
                        file = variable.File ? 1 : 0,
                        raw = variable.Raw ? 1 : 0,
                        variable.EnvironmentScope,
                        session.NowMicros,
                    });
                return true;
            },
            cancel);
    }

    /// <summary>False when the project has no such variable.</summary>
    public async Task<bool> DeleteAsync(long projectId, long id, CancellationToken cancel) =>
        await database.WriteAsync(
            session => session.ExecuteAsync("DELETE FROM pipelines_variables WHERE id = @id AND project_id = @projectId", new { id, projectId }), cancel) > 0;
}
