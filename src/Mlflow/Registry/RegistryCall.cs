using System.Globalization;
using Squero.Experiments;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>Finds what a call names in the registry, or answers as the original does.</summary>
internal static class RegistryCall
{
    public static async Task<Model> ModelAsync(this MlflowCall call) => await call.ModelAsync(call.Fields.Required("name"));

    public static async Task<Model> ModelAsync(this MlflowCall call, string name) =>
        await call.Get<ModelStore>().FindAsync(call.ProjectId, name, call.Cancel)
            ?? throw MlflowError.NotFound($"Registered Model with name={name} not found");

    public static async Task<(Model Model, ModelVersion Version)> VersionAsync(this MlflowCall call)
    {
        var (name, number) = (call.Fields.Required("name"), Number(call.Fields.RequiredId("version")));
        return await call.VersionAsync(name, number);
    }

    /// <summary>A version of a model that is not there is a version that is not there.</summary>
    public static async Task<(Model Model, ModelVersion Version)> VersionAsync(this MlflowCall call, string name, long number) =>
        await call.Get<ModelStore>().FindAsync(call.ProjectId, name, call.Cancel) is { } model
        && await call.Get<ModelStore>().VersionAsync(model.Id, number, call.Cancel) is { } version
            ? (model, version)
            : throw NoVersion(name, number);

    public static MlflowError NoVersion(string name, long number) => MlflowError.NotFound($"Model Version (name={name}, version={number}) not found");

    public static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw MlflowError.Invalid($"Parameter 'version' must be an integer, got '{text}'.");

    public static VersionStage Stage(string word) =>
        Enum.GetValues<VersionStage>().Cast<VersionStage?>().FirstOrDefault(stage => string.Equals(stage.ToString(), word, StringComparison.OrdinalIgnoreCase))
            ?? throw MlflowError.Invalid($"Invalid Model Version stage: {word}. Value must be one of None, Staging, Production, Archived.");

    public static IReadOnlyList<NamedText> RegistryTags(this Fields fields) => [.. fields.Objects("tags").Select(Prompts.ReadTag)];

    /// <summary>The query of a search, for one row more than was asked for.</summary>
    public static RegistryQuery Query(this MlflowCall call, int normal, int most)
    {
        var fields = call.Fields;
        var (filter, kind) = Prompts.Split(fields.Text("filter"));
        var take = fields.Long("max_results") ?? normal;
        return take < 0 || take > most
            ? throw MlflowError.Invalid(
                $"Invalid value \"{take}\" for parameter 'max_results' supplied:  Hint: Value was of type 'str'. See the API docs for more information about request parameters.")
            : new RegistryQuery(call.ProjectId, filter, fields.Texts("order_by"), kind, PageToken.Read(fields.Text("page_token")), (int)take + 1);
    }
}
