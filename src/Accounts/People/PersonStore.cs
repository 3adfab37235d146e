using Squero.Kernel;

namespace Squero.Accounts;

public sealed class PersonStore(Database database)
{
    private const string Columns = "id, username, name, email, password_hash, is_admin, blocked, created_us";

    private readonly Remembered<long, Person> byId = new(database, "accounts_people");

    public Task<Person?> FindAsync(long id, CancellationToken cancel) => byId.FindAsync(id, session => FindAsync(session, id), cancel).AsTask();

    /// <summary>The same within a session that is open already.</summary>
    internal static Task<Person?> FindAsync(Session session, long id) =>
        session.FirstAsync<Person>($"SELECT {Columns} FROM accounts_people WHERE id = @id", new { id });

    public Task<Person?> FindAsync(string username, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Person>($"SELECT {Columns} FROM accounts_people WHERE username_key = @key", new { key = Key(username) }),
            cancel);

    /// <summary>People by id, for lists that name many; at most 1,000 ids.</summary>
    public async Task<IReadOnlyDictionary<long, Person>> FindAllAsync(IEnumerable<long> ids, CancellationToken cancel)
    {
        var wanted = ids.Distinct().Take(1000).ToArray();
        if (wanted.Length == 0)
        {
            return new Dictionary<long, Person>();
        }

        var people = await database.ReadAsync(
            session => session.ListAsync<Person>($"SELECT {Columns} FROM accounts_people WHERE id IN @wanted", new { wanted }), cancel);
        return people.ToDictionary(person => person.Id);
    }

    /// <param name="username">Exactly this one, in any case.</param>
    /// <param name="search">A part of user name or name.</param>
    public Task<Page<Person>> ListAsync(PageRequest page, string? username, string? search, CancellationToken cancel)
    {
        const string wanted =
            """
            (@key IS NULL OR username_key = @key)
            AND (@pattern IS NULL OR username_key LIKE @pattern ESCAPE '\' OR lower(name) LIKE @pattern ESCAPE '\')
            """;
        var key = username is null ? null : Key(username);
        var pattern = LikePattern.Holding(search);
        return database.ReadAsync(
            async session => new Page<Person>(
                await session.ListAsync<Person>(
                    $"SELECT {Columns} FROM accounts_people WHERE {wanted} ORDER BY username_key LIMIT @Size OFFSET @Skip",
                    new { key, pattern, page.Size, page.Skip }),
                await session.CountAsync($"SELECT count(*) FROM accounts_people WHERE {wanted}", new { key, pattern }),
                page),
            cancel);
    }

    public Task<long> CountAsync(CancellationToken cancel) =>
        database.ReadAsync(session => session.CountAsync("SELECT count(*) FROM accounts_people"), cancel);

    /// <summary>A blocked person keeps everything but cannot come in; sessions end at once, tokens rest until the block ends.</summary>
    public Task SetBlockedAsync(long personId, bool blocked, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("UPDATE accounts_people SET blocked = @blocked WHERE id = @personId", new { personId, blocked = blocked ? 1 : 0 });
                await session.ExecuteAsync("DELETE FROM accounts_sessions WHERE person_id = @personId", new { personId });
            },
            cancel);

    internal static Task<long> InsertAsync(WriteSession session, Person person, string? passwordHash) =>
        session.InsertAsync(
            """
            INSERT INTO accounts_people (username, username_key, name, email, password_hash, is_admin, created_us)
            VALUES (@Username, @key, @Name, @Email, @passwordHash, @admin, @NowMicros) RETURNING id
            """,
            new { person.Username, key = Key(person.Username), person.Name, person.Email, passwordHash, admin = person.IsAdmin ? 1 : 0, session.NowMicros });

    internal static Task SetPasswordAsync(WriteSession session, long personId, string passwordHash) =>
        session.ExecuteAsync("UPDATE accounts_people SET password_hash = @passwordHash WHERE id = @personId", new { personId, passwordHash });

    private static string Key(string username) => username.ToLowerInvariant();
}
