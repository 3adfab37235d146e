using System.Text.Json;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>One of the two people of the demo, with what a person has: a password and a token.</summary>
internal sealed record DemoPerson(string Username, string Password, string Token);

/// <summary>
/// Author and reviewer. Their accounts are made as <c>squero user create</c> and <c>squero token create</c> make them; everything after
/// that goes through git and the web API. Kept in a private file until the story has ended, so that it can go on after an interruption.
/// </summary>
internal sealed record DemoCast(int Seed, DemoPerson Author, DemoPerson Reviewer)
{
    private const string FileName = "demo-cast.json";

    public static async Task<DemoCast> GatherAsync(DataFolder folder, DatabaseAddress? database, int seed, CancellationToken cancel)
    {
        var begun = File.Exists(folder.File(FileName));
        var cast = begun
            ? JsonSerializer.Deserialize<DemoCast>(await File.ReadAllTextAsync(folder.File(FileName), cancel))!
            : new DemoCast(seed, NewPerson("author"), NewPerson("reviewer"));
        if (begun)
        {
            Console.WriteLine("Going on with the story that was begun in this data folder.");
        }

        await OfflineStore.UseAsync(
            folder.Root,
            database,
            async services =>
            {
                await RefuseStrangersAsync(services, folder, begun, cancel);

                // The passwords are kept before the accounts are made: whatever ends in between, the accounts can be used.
                Keep(folder, cast);
                cast = cast with
                {
                    Author = await MakeAsync(services, cast.Author, admin: true, cancel),
                    Reviewer = await MakeAsync(services, cast.Reviewer, admin: false, cancel),
                };
                Keep(folder, cast);
            },
            cancel);
        return cast;
    }

    public static void Forget(DataFolder folder) => File.Delete(folder.File(FileName));

    private static DemoPerson NewPerson(string username) => new(username, SecretText.Create("")[..20], "");

    private static void Keep(DataFolder folder, DemoCast cast) => folder.WritePrivate(FileName, JsonSerializer.Serialize(cast));

    /// <summary>The story is played on a folder of its own, not among the people of a real one.</summary>
    private static async Task RefuseStrangersAsync(IServiceProvider services, DataFolder folder, bool begun, CancellationToken cancel)
    {
        if (!begun && await services.GetRequiredService<PersonStore>().CountAsync(cancel) > 0)
        {
            throw new StoryFailed($"The data folder {folder.Root} has accounts already. Give the demo a folder of its own with --data, or start this one with `serve`.");
        }
    }

    /// <summary>Makes what is missing: the account, the token.</summary>
    private static async Task<DemoPerson> MakeAsync(IServiceProvider services, DemoPerson person, bool admin, CancellationToken cancel)
    {
        if (person.Token.Length > 0)
        {
            return person;
        }

        var account = await services.GetRequiredService<PersonStore>().FindAsync(person.Username, cancel)
            ?? await services.GetRequiredService<CreatePerson>().CreateAsync(person.Username, null, null, person.Password, admin, cancel);
        var (_, token) = await services.GetRequiredService<TokenStore>().CreateAsync(account.Id, "demo", [Scope.Api.Name], null, cancel);
        return person with { Token = token };
    }
}

/// <summary>The story could not go on; the message says why and what to do.</summary>
internal sealed class StoryFailed(string sentence) : Exception(sentence);
