using System.Text.RegularExpressions;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>registered-models/alias.</summary>
internal static partial class AliasCalls
{
    private const string Latest = "latest";

    public static void Map(MlflowRoutes routes)
    {
        routes.Read("GET", "registered-models/alias", GetAsync);
        routes.Write("POST", "registered-models/alias", SetAsync);
        routes.Write("DELETE", "registered-models/alias", DeleteAsync);
    }

    private static async Task GetAsync(MlflowCall call)
    {
        var (name, alias) = (call.Fields.Required("name"), call.Fields.Required("alias"));
        var model = await call.ModelAsync(name);
        var version = string.Equals(alias, Latest, StringComparison.OrdinalIgnoreCase)
            ? (await call.Get<ModelDetails>().LatestAsync([model.Id], call.Cancel))[model.Id].MaxBy(row => row.Number)
                ?? throw MlflowError.NotFound($"Latest version not found for model {name}.")
            : await call.Get<ModelStore>().AliasedAsync(model.Id, alias, call.Cancel)
                ?? throw MlflowError.Invalid($"Registered model alias {alias} not found.");
        await ModelJson.WriteAsync(call, model, version);
    }

    private static async Task SetAsync(MlflowCall call)
    {
        var name = call.Fields.Required("name");
        var alias = Check(call.Fields.Required("alias"));
        var number = RegistryCall.Number(call.Fields.RequiredId("version"));
        var (model, version) = await call.VersionAsync((await call.ModelAsync(name)).Name, number);
        await call.Get<AliasEdits>().SetAsync(call.Access, model, alias, version.Number, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task DeleteAsync(MlflowCall call)
    {
        var (name, alias) = (call.Fields.Required("name"), call.Fields.Required("alias"));
        await call.Get<AliasEdits>().RemoveAsync(call.Access, await call.ModelAsync(name), alias, call.Cancel);
        await call.DoneAsync();
    }

    private static string Check(string alias) =>
        string.Equals(alias, Latest, StringComparison.OrdinalIgnoreCase) ? throw MlflowError.Invalid("'latest' alias name (case insensitive) is reserved.")
        : Numbered().IsMatch(alias) ? throw MlflowError.Invalid($"Version alias name '{alias}' is reserved.")
        : alias.Length > AliasEdits.MaxLength ? throw MlflowError.TooLong("Registered model alias name", AliasEdits.MaxLength)
        : AliasEdits.IsFit(alias) ? alias
        : throw MlflowError.Invalid($"Invalid alias name: '{alias}'. Names may only contain alphanumerics, underscores (_), and dashes (-).");

    [GeneratedRegex(@"^[vV]\d+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Numbered();
}
