using Squero.Accounts;
using Squero.Kernel;
using Squero.Repositories;

namespace Squero.MergeRequests;

/// <summary>In whose name the server commits.</summary>
internal sealed class SignCommit(PersonStore people, ServerAddress address, TimeProvider time)
{
    public async Task<GitIdentity> AsAsync(long personId, CancellationToken cancel)
    {
        var person = await people.FindAsync(personId, cancel) ?? throw new Refusal(RefusalKind.Unauthenticated, "401 Unauthorized");
        return new GitIdentity(NameOf(person), EmailOf(person), time.GetUtcNow());
    }

    public static string NameOf(Person person) => person.Name.Length > 0 ? person.Name : person.Username;

    public string EmailOf(Person person) => person.Email.Length > 0 ? person.Email : $"{person.Username}@users.noreply.{address.External.Host}";
}
