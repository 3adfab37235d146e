using Squero.Kernel;

namespace Squero.Experiments;

/// <summary>Saved views of a project. A private view of somebody else cannot be loaded.</summary>
public sealed class SavedViewStore(Database database)
{
    public const int MaxName = 100;
    private const int MaxOfPerson = 100;
    private const int MaxListed = 500;
    private const string Columns = "id, project_id, person_id, name, is_shared, state";

    /// <summary>Null when there is none, or it is not for this person (0: nobody signed in).</summary>
    public Task<SavedView?> FindAsync(long projectId, long personId, long id, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<SavedView>(
                $"SELECT {Columns} FROM experiments_views WHERE id = @id AND project_id = @projectId AND (is_shared = 1 OR person_id = @personId)",
                new { projectId, personId, id }),
            cancel);

    /// <summary>One's own first, then those for all, by name; at most 500.</summary>
    public Task<IReadOnlyList<SavedView>> ListAsync(long projectId, long personId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<SavedView>(
                $"""
                SELECT {Columns} FROM experiments_views WHERE project_id = @projectId AND (is_shared = 1 OR person_id = @personId)
                ORDER BY CASE WHEN person_id = @personId THEN 0 ELSE 1 END, name, id LIMIT {MaxListed}
                """,
                new { projectId, personId }),
            cancel);

    /// <summary>Saves a view; one of the same person and name is replaced.</summary>
    public Task<long> PutAsync(SavedView view, CancellationToken cancel)
    {
        var name = view.Name.Trim();
        if (name.Length is 0 or > MaxName || name.Any(char.IsControl))
        {
            throw Refusal.Invalid($"A view needs a name of 1 to {MaxName} characters.");
        }

        if (view.State.Length > TableState.MaxLength)
        {
            throw Refusal.Invalid($"This view is too long to be kept: its address has {view.State.Length} characters, {TableState.MaxLength} are possible. Choose fewer columns.");
        }

        return database.WriteAsync(
            async session =>
            {
                var count = await session.CountAsync(
                    "SELECT count(*) FROM experiments_views WHERE project_id = @ProjectId AND person_id = @PersonId AND name <> @name", new { view.ProjectId, view.PersonId, name });
                if (count >= MaxOfPerson)
                {
                    throw Refusal.Invalid($"You have {MaxOfPerson} views in this project already. Delete one first.");
                }

                return await session.InsertAsync(
                    """
                    INSERT INTO experiments_views (project_id, person_id, name, is_shared, state, updated_us)
                    VALUES (@ProjectId, @PersonId, @name, @shared, @State, @NowMicros)
                    ON CONFLICT (project_id, person_id, name) DO UPDATE SET is_shared = excluded.is_shared, state = excluded.state, updated_us = excluded.updated_us
                    RETURNING id
                    """,
                    new { view.ProjectId, view.PersonId, name, shared = view.IsShared ? 1 : 0, view.State, session.NowMicros });
            },
            cancel);
    }

    public Task DeleteAsync(SavedView view, CancellationToken cancel) =>
        database.WriteAsync(session => session.ExecuteAsync("DELETE FROM experiments_views WHERE id = @Id", new { view.Id }), cancel);
}
