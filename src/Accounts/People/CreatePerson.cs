using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Creates an account. Without a password the person can use tokens, or a one-time link to choose a password.</summary>
public sealed class CreatePerson(Database database)
{
    private const int MaxText = 255;

    public async Task<Person> CreateAsync(
        string username, string? name, string? email, string? password, bool admin, CancellationToken cancel)
    {
        var person = Check(username, name, email, admin);
        var hash = password is null ? null : Passwords.Hash(username, password);
        return await database.WriteAsync(session => InsertAsync(session, person, hash), cancel);
    }

    internal static Person Check(string username, string? name, string? email, bool admin)
    {
        Person.CheckUsername(username);
        if (name?.Length > MaxText || email?.Length > MaxText)
        {
            throw Refusal.Invalid($"A name and an e-mail address have at most {MaxText} characters.");
        }

        return new Person
        {
            Username = username,
            Name = string.IsNullOrWhiteSpace(name) ? username : name.Trim(),
            Email = string.IsNullOrWhiteSpace(email) ? $"{username}@users.invalid" : email.Trim(),
            IsAdmin = admin,
        };
    }

    internal static async Task<Person> InsertAsync(WriteSession session, Person person, string? passwordHash)
    {
        var taken = await session.CountAsync(
            "SELECT count(*) FROM accounts_people WHERE username_key = @key", new { key = person.Username.ToLowerInvariant() });
        if (taken > 0)
        {
            throw Refusal.Conflict($"The user name `{person.Username}` has already been taken.");
        }

        var id = await PersonStore.InsertAsync(session, person, passwordHash);
        await session.PublishAsync(new PersonCreated(id, person.Username, person.Name));
        return person with { Id = id, CreatedUs = session.NowMicros };
    }
}
