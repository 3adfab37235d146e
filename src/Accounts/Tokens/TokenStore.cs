using Squero.Kernel;

namespace Squero.Accounts;

public sealed class TokenStore(Database database, TimeProvider time)
{
    private const string Columns = "id, person_id, name, scopes, created_us, expires_us, last_used_us, revoked";
    private const int MaxName = 255;
    private readonly Remembered<string, Owned> known = new(database, "accounts_tokens", "accounts_people");

    private static readonly long LastUsedPrecision = (long)TimeSpan.FromMinutes(10).TotalMicroseconds;

    /// <summary>Makes a token and returns its secret, which cannot be read again.</summary>
    public async Task<(AccessToken Token, string Secret)> CreateAsync(
        long personId, string name, IReadOnlyCollection<string> scopes, DateTimeOffset? expires, CancellationToken cancel)
    {
        Check(name, scopes);
        var secret = SecretText.Create("sqpat-");
        var token = await database.WriteAsync(
            async session =>
            {
                var row = new AccessToken
                {
                    PersonId = personId,
                    Name = string.IsNullOrWhiteSpace(name) ? "token" : name.Trim(),
                    Scopes = string.Join(' ', scopes.Distinct(StringComparer.Ordinal)),
                    CreatedUs = session.NowMicros,
                    ExpiresUs = expires is { } end ? Micros.FromTime(end) : null,
                };
                var id = await session.InsertAsync(
                    """
                    INSERT INTO accounts_tokens (person_id, name, token_hash, scopes, created_us, expires_us)
                    VALUES (@PersonId, @Name, @hash, @Scopes, @CreatedUs, @ExpiresUs) RETURNING id
                    """,
                    new { row.PersonId, row.Name, hash = SecretText.Hash(secret), row.Scopes, row.CreatedUs, row.ExpiresUs });
                return row with { Id = id };
            },
            cancel);
        return (token, secret);
    }

    public Task<IReadOnlyList<AccessToken>> ListAsync(long personId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<AccessToken>(
                $"SELECT {Columns} FROM accounts_tokens WHERE person_id = @personId AND revoked = 0 ORDER BY id DESC LIMIT 200", new { personId }),
            cancel);

    /// <summary>False when the person has no such token.</summary>
    public async Task<bool> RevokeAsync(long personId, long tokenId, CancellationToken cancel) =>
        await database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE accounts_tokens SET revoked = 1 WHERE id = @tokenId AND person_id = @personId AND revoked = 0", new { tokenId, personId }),
            cancel) > 0;

    private static void Check(string name, IReadOnlyCollection<string> scopes)
    {
        var unknown = scopes.FirstOrDefault(scope => Scope.All.All(known => known.Name != scope));
        if (scopes.Count == 0 || unknown is not null)
        {
            var problem = unknown is null ? "A token needs a scope." : $"`{unknown}` is not a scope.";
            throw Refusal.Invalid($"{problem} Choose from {string.Join(", ", Scope.All.Select(scope => scope.Name))}.");
        }

        if (name.Length > MaxName)
        {
            throw Refusal.Invalid($"The name of a token has at most {MaxName} characters.");
        }
    }

    internal async ValueTask<Caller?> FindCallerAsync(string secret, CancellationToken cancel)
    {
        var now = time.NowMicros();
        var hash = SecretText.Hash(secret);
        if (await known.FindAsync(hash, session => ReadAsync(session, hash), cancel) is not ({ } token, { Blocked: false } person) || token.ExpiresUs <= now)
        {
            return null;
        }

        if (now - (token.LastUsedUs ?? 0) > LastUsedPrecision)
        {
            await database.WriteAsync(
                session => session.ExecuteAsync("UPDATE accounts_tokens SET last_used_us = @now WHERE id = @Id", new { now, token.Id }), cancel);
        }

        return new Caller(CallerKind.Token, person, token.Scopes.Split(' '), Token: token);
    }

    private static async Task<Owned?> ReadAsync(Session session, string hash) =>
        await session.FirstAsync<AccessToken>($"SELECT {Columns} FROM accounts_tokens WHERE token_hash = @hash AND revoked = 0", new { hash }) is { } token
        && await PersonStore.FindAsync(session, token.PersonId) is { } person
            ? new Owned(token, person)
            : null;

    private sealed record Owned(AccessToken Token, Person Person);
}
