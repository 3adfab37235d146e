using Squero.Kernel;

namespace Squero.Accounts;

/// <summary>Shuts a person out, or lets them in again. Nobody can do it to the own account, so an administrator always remains.</summary>
public sealed class BlockPerson(PersonStore people)
{
    public async Task<Person> SetAsync(Caller caller, long personId, bool blocked, CancellationToken cancel)
    {
        if (personId == caller.PersonId)
        {
            throw Refusal.Forbidden("Nobody can block the own account.");
        }

        var person = await people.FindAsync(personId, cancel) ?? throw Refusal.NotFound("404 User Not Found");
        await people.SetBlockedAsync(personId, blocked, cancel);
        return person;
    }
}
