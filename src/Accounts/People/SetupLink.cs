using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>
/// One-time links instead of default passwords: the first start offers one that makes the first administrator;
/// an administrator's invitation is one that lets a new person choose a password.
/// </summary>
public sealed class SetupLink(Database database, PersonStore people, ServerAddress address, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    /// <summary>A fresh link while there is nobody yet; null afterwards. Earlier setup links stop working.</summary>
    public async Task<string?> ForFirstPersonAsync(CancellationToken cancel) =>
        await people.CountAsync(cancel) == 0 ? await IssueAsync(null, cancel) : null;

    public Task<string> ForAsync(Person person, CancellationToken cancel) => IssueAsync(person.Id, cancel);

    /// <summary>Uses a link up: makes the first administrator, or sets the invited person's password.</summary>
    public async Task<Person> RedeemAsync(string token, string username, string password, CancellationToken cancel)
    {
        var invitee = await InviteeAsync(token, cancel) ?? throw UsedUp();
        var name = invitee.Length > 0 ? invitee : username;

        // Hashing is slow by design: not while the writer's turn is held.
        var hash = Passwords.Hash(name, password);
        return await database.WriteAsync(
            async session =>
            {
                var link = await FindAsync(session, token) ?? throw UsedUp();
                var person = link.PersonId is { } id ? await ChangePasswordAsync(session, id, hash) : await MakeAdministratorAsync(session, name, hash);
                await session.ExecuteAsync("DELETE FROM accounts_links WHERE token_hash = @TokenHash", new { link.TokenHash });
                return person;
            },
            cancel);
    }

    /// <summary>Whom a link is for: null when it is not valid, an empty text for the first administrator.</summary>
    public Task<string?> InviteeAsync(string token, CancellationToken cancel) =>
        database.ReadAsync(
            async session =>
            {
                var link = await FindAsync(session, token);
                return link is null
                    ? null
                    : link.PersonId is { } id
                        ? await session.FirstAsync<string>("SELECT username FROM accounts_people WHERE id = @id", new { id })
                        : "";
            },
            cancel);

    private async Task<string> IssueAsync(long? personId, CancellationToken cancel)
    {
        var token = SecretText.Create("");
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("DELETE FROM accounts_links WHERE person_id IS NOT DISTINCT FROM @personId OR expires_us < @NowMicros", new { personId, session.NowMicros });
                await session.ExecuteAsync(
                    "INSERT INTO accounts_links (token_hash, person_id, expires_us) VALUES (@hash, @personId, @expires)",
                    new { hash = SecretText.Hash(token), personId, expires = session.NowMicros + (long)Lifetime.TotalMicroseconds });
            },
            cancel);
        return address.Link($"/-/setup/{token}");
    }

    private static async Task<Person> MakeAdministratorAsync(WriteSession session, string username, string passwordHash)
    {
        if (await session.CountAsync("SELECT count(*) FROM accounts_people") > 0)
        {
            throw Refusal.Conflict("There are accounts already: ask an administrator for one.");
        }

        return await CreatePerson.InsertAsync(session, CreatePerson.Check(username, null, null, admin: true), passwordHash);
    }

    private static async Task<Person> ChangePasswordAsync(WriteSession session, long personId, string passwordHash)
    {
        var person = await session.FirstAsync<Person>("SELECT id, username, name, is_admin FROM accounts_people WHERE id = @personId", new { personId });
        await PersonStore.SetPasswordAsync(session, personId, passwordHash);
        await session.ExecuteAsync("DELETE FROM accounts_sessions WHERE person_id = @personId", new { personId });
        return person!;
    }

    private static Refusal UsedUp() => Refusal.NotFound("This link has been used or is too old. Ask for a new one.");

    private Task<LinkRow?> FindAsync(Session session, string token) =>
        session.FirstAsync<LinkRow>(
            "SELECT token_hash, person_id FROM accounts_links WHERE token_hash = @hash AND expires_us > @now",
            new { hash = SecretText.Hash(token), now = time.NowMicros() });

    private sealed record LinkRow
    {
        public string TokenHash { get; init; } = "";

        public long? PersonId { get; init; }
    }
}
