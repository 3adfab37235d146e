using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>scorers/*: kept and given back, never run.</summary>
internal static class ScorerCalls
{
    public static void Map(MlflowRoutes routes)
    {
        routes.Write("POST", "scorers/register", RegisterAsync);
        routes.Read("GET", "scorers/list", ListAsync);
        routes.Read("GET", "scorers/versions", VersionsAsync);
        routes.Read("GET", "scorers/get", GetAsync);
        routes.Write("DELETE", "scorers/delete", DeleteAsync);
    }

    private static async Task RegisterAsync(MlflowCall call)
    {
        call.RequirePerson("register scorers");
        var (experiment, name) = await NamedAsync(call);
        var body = call.Fields.Required("serialized_scorer");
        if (name.Length > Names.MaxKey)
        {
            throw MlflowError.TooLong("name", Names.MaxKey);
        }

        if (body.Length > ScorerVersion.MaxBody)
        {
            throw MlflowError.TooLong("serialized_scorer", ScorerVersion.MaxBody);
        }

        var version = await call.Get<Scorers>().RegisterAsync(experiment.Id, name, body, call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WriteNumber("version", version.Number);
            writer.WriteString("scorer_id", version.Uid);
            writer.WriteString("experiment_id", ExperimentCalls.Text(experiment.Iid));
            writer.WriteString("name", version.Name);
            writer.WriteString("serialized_scorer", version.Body);
            writer.WriteNumber("creation_time", version.CreatedMs);
        });
    }

    private static async Task ListAsync(MlflowCall call)
    {
        var experiment = await ExperimentAsync(call);
        var found = await call.Get<Scorers>().ListAsync(experiment.Id, call.Cancel);
        await call.WriteAsync(writer => ExperimentCalls.WriteArray(writer, "scorers", found, version => Write(writer, version, experiment)));
    }

    private static async Task VersionsAsync(MlflowCall call)
    {
        var (experiment, name) = await NamedAsync(call);
        var found = await call.Get<Scorers>().VersionsAsync(experiment.Id, name, call.Cancel);
        if (found.Count == 0)
        {
            throw Missing(experiment, name, null);
        }

        await call.WriteAsync(writer => ExperimentCalls.WriteArray(writer, "scorers", found, version => Write(writer, version, experiment)));
    }

    private static async Task GetAsync(MlflowCall call)
    {
        var (experiment, name) = await NamedAsync(call);
        var number = call.Fields.Long("version");
        var version = await call.Get<Scorers>().FindAsync(experiment.Id, name, number, call.Cancel) ?? throw Missing(experiment, name, number);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("scorer");
            Write(writer, version, experiment);
        });
    }

    private static async Task DeleteAsync(MlflowCall call)
    {
        call.RequirePerson("delete scorers");
        var (experiment, name) = await NamedAsync(call);
        var number = call.Fields.Long("version");
        if (await call.Get<Scorers>().DeleteAsync(experiment.Id, name, number, call.Cancel) == 0)
        {
            throw Missing(experiment, name, number);
        }

        await call.DoneAsync();
    }

    private static async Task<Experiment> ExperimentAsync(MlflowCall call)
    {
        var experiment = await call.ExperimentAsync(call.Fields.RequiredId("experiment_id"));
        ExperimentCalls.CheckActive(experiment);
        return experiment;
    }

    private static async Task<(Experiment Experiment, string Name)> NamedAsync(MlflowCall call)
    {
        var name = call.Fields.Required("name");
        return (await ExperimentAsync(call), name);
    }

    private static MlflowError Missing(Experiment experiment, string name, long? number) =>
        MlflowError.NotFound($"Scorer with name '{name}'{(number is null ? "" : $" and version {number}")} not found for experiment {experiment.Iid}.");

    private static void Write(Utf8JsonWriter writer, ScorerVersion version, Experiment experiment)
    {
        writer.WriteStartObject();
        writer.WriteNumber("experiment_id", experiment.Iid);
        writer.WriteString("scorer_name", version.Name);
        writer.WriteNumber("scorer_version", version.Number);
        writer.WriteString("serialized_scorer", version.Body);
        writer.WriteNumber("creation_time", version.CreatedMs);
        writer.WriteString("scorer_id", version.Uid);
        writer.WriteEndObject();
    }
}
