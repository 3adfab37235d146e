using System.CommandLine;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Server;

/// <summary><c>squero user create</c>, beside a running server or without one.</summary>
internal static class UserCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "The user name." };
        var admin = new Option<bool>("--admin") { Description = "Make the person an administrator." };
        var data = OfflineStore.DataOption();
        var database = new DatabaseArguments();
        var create = new Command("create", "Create an account and print a one-time link to choose its password.") { name, admin, data };
        database.AddTo(create);
        create.SetAction((parsed, cancel) => OfflineStore.UseAsync(
            parsed.GetValue(data)!,
            database.Read(parsed),
            async services =>
            {
                var person = await services.GetRequiredService<CreatePerson>()
                    .CreateAsync(parsed.GetValue(name)!, null, null, null, parsed.GetValue(admin), cancel);
                Console.WriteLine(await services.GetRequiredService<SetupLink>().ForAsync(person, cancel));
            },
            cancel));
        return new Command("user", "Manage accounts.") { create };
    }
}

/// <summary><c>squero token create</c>: prints the token and nothing else.</summary>
internal static class TokenCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Whose token." };
        var scopes = new Option<string>("--scopes") { Description = "Scopes, separated by commas.", DefaultValueFactory = _ => "api" };
        var data = OfflineStore.DataOption();
        var database = new DatabaseArguments();
        var create = new Command("create", "Create a personal access token and print it.") { name, scopes, data };
        database.AddTo(create);
        create.SetAction((parsed, cancel) => OfflineStore.UseAsync(
            parsed.GetValue(data)!,
            database.Read(parsed),
            mayBegin: false,
            async services =>
            {
                var username = parsed.GetValue(name)!;
                var person = await services.GetRequiredService<PersonStore>().FindAsync(username, cancel)
                    ?? throw Refusal.NotFound($"There is nobody called `{username}` in this data folder.");
                var wanted = parsed.GetValue(scopes)!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                var (_, secret) = await services.GetRequiredService<TokenStore>().CreateAsync(person.Id, "command line", wanted, null, cancel);
                Console.WriteLine(secret);
            },
            cancel));
        return new Command("token", "Manage access tokens.") { create };
    }
}
