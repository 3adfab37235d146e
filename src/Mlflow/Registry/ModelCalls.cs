using Squero.Experiments;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>registered-models/*: models and prompts of the project.</summary>
internal static class ModelCalls
{
    private const int MaxName = 256;
    private const int NormalResults = 100;
    private const int MaxResults = 1000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "registered-models/create", CreateAsync);
        routes.Read("GET", "registered-models/get", GetAsync);
        routes.Read("GET", "registered-models/search", SearchAsync);
        routes.Read("GET", "registered-models/get-latest-versions", LatestAsync);
        routes.Read("POST", "registered-models/get-latest-versions", LatestAsync);
        routes.Write("POST", "registered-models/rename", RenameAsync);
        routes.Write("PATCH", "registered-models/update", UpdateAsync);
        routes.Write("DELETE", "registered-models/delete", DeleteAsync);
        routes.Write("POST", "registered-models/set-tag", SetTagAsync);
        routes.Write("DELETE", "registered-models/delete-tag", DeleteTagAsync);
    }

    private static async Task CreateAsync(MlflowCall call)
    {
        var name = CheckName(call.Fields.Required("name"), "name");
        var tags = call.Fields.RegistryTags();
        var kind = Prompts.KindOf(tags);
        if (await call.Get<ModelEdits>().CreateAsync(call.Access, name, kind, call.Fields.Text("description") ?? "", tags, call.Cancel) is { } model)
        {
            await ModelJson.WriteAsync(call, model);
            return;
        }

        var owner = (await call.ModelAsync(name)).Kind;
        throw owner == kind ? Taken(name, kind)
            : MlflowError.Exists(
                $"Tried to create a {Prompts.Word(kind)} with name '{name}', but the name is already taken by a {Prompts.Word(owner)}. MLflow does not allow creating a model and a prompt with the same name.");
    }

    private static async Task GetAsync(MlflowCall call) => await ModelJson.WriteAsync(call, await call.ModelAsync());

    private static async Task SearchAsync(MlflowCall call)
    {
        var query = call.Query(NormalResults, MaxResults);
        var found = await call.Get<RegistrySearch>().ModelsAsync(query, call.Cancel);
        var page = found.Take(query.Take - 1).ToList();
        var json = await ModelJson.OfModelsAsync(call, page);
        await call.WriteAsync(writer =>
        {
            ExperimentCalls.WriteArray(writer, "registered_models", page, model => json.Write(writer, model));
            if (found.Count > page.Count && page.Count > 0)
            {
                writer.WriteString("next_page_token", PageToken.Write(query.Skip + page.Count));
            }
        });
    }

    private static async Task LatestAsync(MlflowCall call)
    {
        var name = call.Fields.Required("name");
        var stages = call.Fields.Texts("stages").Select(RegistryCall.Stage).ToList();
        var model = await call.ModelAsync(name);
        var latest = (await call.Get<ModelDetails>().LatestAsync([model.Id], call.Cancel))[model.Id]
            .Where(version => stages.Count == 0 || stages.Contains(version.Stage)).ToList();
        var json = await ModelJson.OfVersionsAsync(call, latest);
        await call.WriteAsync(writer => ExperimentCalls.WriteArray(writer, "model_versions", latest, version => json.Write(writer, model.Name, version)));
    }

    private static async Task RenameAsync(MlflowCall call)
    {
        var (name, next) = (call.Fields.Required("name"), CheckName(call.Fields.Required("new_name"), "new_name"));
        var model = await call.ModelAsync(name);
        if (name != next && !await call.Get<ModelEdits>().RenameAsync(call.Access, model, next, call.Cancel))
        {
            throw Taken(next, model.Kind);
        }

        await ModelJson.WriteAsync(call, await call.ModelAsync(next));
    }

    private static async Task UpdateAsync(MlflowCall call)
    {
        var model = await call.ModelAsync();
        await call.Get<ModelEdits>().DescribeAsync(call.Access, model, call.Fields.Text("description") ?? "", call.Cancel);
        await GetAsync(call);
    }

    private static async Task DeleteAsync(MlflowCall call)
    {
        await call.Get<ModelEdits>().DeleteAsync(call.Access, await call.ModelAsync(), call.Cancel);
        await call.DoneAsync();
    }

    private static async Task SetTagAsync(MlflowCall call)
    {
        var name = call.Fields.Required("name");
        var tag = Prompts.ReadTag(call.Fields);
        var model = await call.ModelAsync(name);
        Prompts.CheckKept(model, tag);
        await call.Get<ModelEdits>().SetTagAsync(call.Access, model, tag, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task DeleteTagAsync(MlflowCall call)
    {
        var (name, key) = (call.Fields.Required("name"), call.Fields.Required("key"));
        var model = await call.ModelAsync(name);
        Prompts.CheckStays(model, key);
        await call.Get<ModelEdits>().DeleteTagAsync(call.Access, model, key, call.Cancel);
        await call.DoneAsync();
    }

    private static string CheckName(string name, string field) => name.Length > MaxName ? throw MlflowError.TooLong(field, MaxName) : name;

    private static MlflowError Taken(string name, ModelKind kind) =>
        MlflowError.Exists($"{(kind == ModelKind.Prompt ? "Prompt" : "Registered Model")} (name={name}) already exists.");
}
