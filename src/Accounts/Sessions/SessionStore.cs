using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Signed-in browsers: a random cookie whose hash is a row, good for two weeks.</summary>
internal sealed class SessionStore(Database database, PersonStore people, TimeProvider time)
{
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(14);

    public async Task<string> StartAsync(long personId, CancellationToken cancel)
    {
        var secret = SecretText.Create("");
        await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync("DELETE FROM accounts_sessions WHERE expires_us < @NowMicros", new { session.NowMicros });
                await session.ExecuteAsync(
                    "INSERT INTO accounts_sessions (token_hash, person_id, created_us, expires_us) VALUES (@hash, @personId, @NowMicros, @expires)",
                    new { hash = SecretText.Hash(secret), personId, session.NowMicros, expires = session.NowMicros + (long)Lifetime.TotalMicroseconds });
            },
            cancel);
        return secret;
    }

    public async ValueTask<Person?> FindAsync(string secret, CancellationToken cancel)
    {
        var personId = await database.ReadAsync(
            session => session.FirstAsync<long?>(
                "SELECT person_id FROM accounts_sessions WHERE token_hash = @hash AND expires_us > @now",
                new { hash = SecretText.Hash(secret), now = time.NowMicros() }),
            cancel);
        return personId is { } id && await people.FindAsync(id, cancel) is { Blocked: false } person ? person : null;
    }

    public Task EndAsync(string secret, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync("DELETE FROM accounts_sessions WHERE token_hash = @hash", new { hash = SecretText.Hash(secret) }), cancel);
}
