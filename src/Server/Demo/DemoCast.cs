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

    public static async Task<DemoCast> GatherAsync(DataFolder folder, int seed, CancellationToken cancel)
    {
        if (File.Exists(folder.File(FileName)))
        {
            var known = JsonSerializer.Deserialize<DemoCast>(await File.ReadAllTextAsync(folder.File(FileName), cancel))!;
            Console.WriteLine("Going on with the story that was begun in this data folder.");
            return known;
        }

        DemoCast? cast = null;
        await OfflineStore.UseAsync(
            folder.Root,
            async services =>
            {
                var author = await MakeAsync(services, "author", admin: true, cancel);
                var reviewer = await MakeAsync(services, "reviewer", admin: false, cancel);
                cast = new DemoCast(seed, author, reviewer);
            },
            cancel);
        folder.WritePrivate(FileName, JsonSerializer.Serialize(cast ?? throw new StoryFailed("The accounts could not be made: is this data folder in use for something else?")));
        return cast;
    }

    public static void Forget(DataFolder folder) => File.Delete(folder.File(FileName));

    private static async Task<DemoPerson> MakeAsync(IServiceProvider services, string username, bool admin, CancellationToken cancel)
    {
        var password = SecretText.Create("")[..20];
        var person = await services.GetRequiredService<CreatePerson>().CreateAsync(username, null, null, password, admin, cancel);
        var (_, token) = await services.GetRequiredService<TokenStore>().CreateAsync(person.Id, "demo", [Scope.Api.Name], null, cancel);
        return new DemoPerson(username, password, token);
    }
}

/// <summary>The story could not go on; the message says why and what to do.</summary>
internal sealed class StoryFailed(string sentence) : Exception(sentence);
