using System.Globalization;
using System.Text.Json;
using Squero.Experiments;

namespace Squero.Mlflow;

/// <summary>experiments/*: an experiment's id is its number within the project, as text.</summary>
internal static class ExperimentCalls
{
    private const int MaxResults = 50_000;

    public static void Map(MlflowRoutes routes)
    {
        routes.Read("GET", "experiments/get", GetAsync);
        routes.Read("GET", "experiments/get-by-name", GetByNameAsync);
        routes.Read("GET", "experiments/search", SearchAsync);
        routes.Read("POST", "experiments/search", SearchAsync);
        routes.Read("POST", "experiments/search-datasets", SearchDatasetsAsync);
        routes.Read("GET", "server-features", call => call.WriteAsync(writer => writer.WriteBoolean("workspaces_enabled", false)));
        routes.Write("POST", "experiments/create", CreateAsync);
        routes.Write("POST", "experiments/update", UpdateAsync);
        routes.Write("POST", "experiments/delete", DeleteAsync);
        routes.Write("POST", "experiments/restore", RestoreAsync);
        routes.Write("POST", "experiments/set-experiment-tag", SetTagAsync);
        routes.Write("POST", "experiments/delete-experiment-tag", DeleteTagAsync);
    }

    private static async Task GetAsync(MlflowCall call) => await WriteAsync(call, await call.ExperimentAsync(call.Fields.RequiredId("experiment_id")));

    private static async Task GetByNameAsync(MlflowCall call)
    {
        var name = call.Fields.Required("experiment_name");
        await WriteAsync(
            call,
            await call.Get<ExperimentStore>().FindByNameAsync(call.ProjectId, name, call.Cancel)
                ?? throw MlflowError.NotFound($"Could not find experiment with name '{name}'"));
    }

    private static async Task SearchAsync(MlflowCall call)
    {
        var fields = call.Fields;
        var take = Limit(fields.Long("max_results") ?? 0);
        var skip = PageToken.Read(fields.Text("page_token"));
        var found = await call.Get<ExperimentSearch>().FindAsync(
            call.ProjectId, fields.Text("filter"), fields.Texts("order_by"), fields.Word("view_type", Words.View) ?? Existence.Active, skip, take + 1, call.Cancel);
        var page = found.Take(take).ToList();
        var tags = await call.Get<ExperimentStore>().TagsAsync([.. page.Select(experiment => experiment.Id)], call.Cancel);
        await call.WriteAsync(writer =>
        {
            WriteArray(writer, "experiments", page, experiment => WriteObject(writer, experiment, tags.GetValueOrDefault(experiment.Id) ?? []));
            if (found.Count > take)
            {
                writer.WriteString("next_page_token", PageToken.Write(skip + take));
            }
        });
    }

    private static async Task SearchDatasetsAsync(MlflowCall call)
    {
        var ids = call.Fields.Texts("experiment_ids");
        if (ids.Count == 0)
        {
            throw MlflowError.Invalid("SearchDatasets request must specify at least one experiment_id.");
        }

        if (ids.Count > 20)
        {
            throw MlflowError.Invalid($"SearchDatasets request cannot specify more than 20 experiment_ids. Received {ids.Count} experiment_ids.");
        }

        var experiments = await RunCalls.ExperimentsAsync(call, ids);
        var summaries = await call.Get<CandidateInputs>().SummariesAsync([.. experiments.Keys], call.Cancel);
        await call.WriteAsync(writer => WriteArray(writer, "dataset_summaries", summaries, summary =>
        {
            writer.WriteStartObject();
            writer.WriteString("experiment_id", Text(experiments[summary.ExperimentId].Iid));
            writer.WriteString("name", summary.Name);
            writer.WriteString("digest", summary.Digest);
            if (summary.Context is { } context)
            {
                writer.WriteString("context", context);
            }

            writer.WriteEndObject();
        }));
    }

    private static async Task CreateAsync(MlflowCall call)
    {
        var name = CheckName(call.Fields.Required("name"), "name");
        var location = CheckLocation(call.Fields.Text("artifact_location"));
        var tags = call.Fields.Objects("tags").Select(tag => ExperimentTag(tag)).ToList();
        var created = await call.Get<ExperimentStore>().CreateAsync(call.ProjectId, name, location, tags, call.Access.Caller.Job?.PipelineId, call.Cancel)
            ?? throw MlflowError.Exists($"Experiment(name={name}) already exists. If it was deleted, restore it or choose another name.");
        await call.WriteAsync(writer => writer.WriteString("experiment_id", Text(created.Iid)));
    }

    private static async Task UpdateAsync(MlflowCall call)
    {
        var experiment = await call.ExperimentAsync(call.Fields.RequiredId("experiment_id"));
        var name = CheckName(call.Fields.Required("new_name"), "new_name");
        CheckOwner(call, experiment);
        if (experiment.Deleted)
        {
            throw MlflowError.Invalid("Cannot rename a non-active experiment.");
        }

        if (!await call.Get<ExperimentStore>().RenameAsync(experiment, name, call.Cancel))
        {
            throw new MlflowError(400, "BAD_REQUEST", $"Experiment(name={name}) already exists: choose another name.");
        }

        await call.DoneAsync();
    }

    private static Task DeleteAsync(MlflowCall call) => SetDeletedAsync(call, true);

    private static Task RestoreAsync(MlflowCall call) => SetDeletedAsync(call, false);

    private static async Task SetDeletedAsync(MlflowCall call, bool deleted)
    {
        if (call.Access.Caller.Job is not null)
        {
            throw MlflowError.Denied("A job may not delete or restore experiments.");
        }

        var id = call.Fields.RequiredId("experiment_id");
        var experiment = await call.ExperimentAsync(id);
        if (experiment.Deleted == deleted)
        {
            throw MlflowError.NotFound($"No Experiment with id={id} exists");
        }

        await call.Get<ExperimentStore>().SetDeletedAsync(experiment, deleted, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task SetTagAsync(MlflowCall call)
    {
        var id = call.Fields.RequiredId("experiment_id");
        var tag = ExperimentTag(call.Fields);
        Names.CheckKey(tag.Name, "key", "key");
        var experiment = await call.ExperimentAsync(id);
        CheckOwner(call, experiment);
        CheckActive(experiment);
        await call.Get<ExperimentStore>().SetTagAsync(experiment.Id, tag, call.Cancel);
        await call.DoneAsync();
    }

    private static async Task DeleteTagAsync(MlflowCall call)
    {
        var id = call.Fields.RequiredId("experiment_id");
        var key = call.Fields.Required("key");
        var experiment = await call.ExperimentAsync(id);
        CheckOwner(call, experiment);
        CheckActive(experiment);
        if (!await call.Get<ExperimentStore>().DeleteTagAsync(experiment.Id, key, call.Cancel))
        {
            throw MlflowError.NotFound($"No tag with name: {key} in experiment with id {id}");
        }

        await call.DoneAsync();
    }

    /// <summary>A job adds runs to any experiment; it renames and tags those that its own pipeline made.</summary>
    private static void CheckOwner(MlflowCall call, Experiment experiment)
    {
        if (call.Access.Caller.Job is { } job && experiment.PipelineId != job.PipelineId)
        {
            throw MlflowError.Denied($"A job changes the experiments that its own pipeline made only; `{experiment.Name}` is not one of them.");
        }
    }

    public static void CheckActive(Experiment experiment)
    {
        if (experiment.Deleted)
        {
            throw MlflowError.Invalid($"The experiment {experiment.Iid} must be in the 'active' state. Current state is deleted.");
        }
    }

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static int Limit(long maxResults) =>
        maxResults <= 0 ? throw MlflowError.Invalid($"Invalid value {maxResults} for parameter 'max_results' supplied. It must be a positive integer")
        : maxResults > MaxResults ? throw MlflowError.Invalid($"Invalid value {maxResults} for parameter 'max_results' supplied. It must be at most {MaxResults}")
        : (int)maxResults;

    /// <summary>Empty arrays are left out.</summary>
    public static void WriteArray<T>(Utf8JsonWriter writer, string name, IReadOnlyCollection<T> entries, Action<T> write)
    {
        if (entries.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var entry in entries)
        {
            write(entry);
        }

        writer.WriteEndArray();
    }

    public static void WriteTags(Utf8JsonWriter writer, string name, IReadOnlyCollection<NamedText> tags) =>
        WriteArray(writer, name, tags, tag =>
        {
            writer.WriteStartObject();
            writer.WriteString("key", tag.Name);
            writer.WriteString("value", tag.Value);
            writer.WriteEndObject();
        });

    private static async Task WriteAsync(MlflowCall call, Experiment experiment)
    {
        var tags = await call.Get<ExperimentStore>().TagsAsync([experiment.Id], call.Cancel);
        await call.WriteAsync(writer =>
        {
            writer.WritePropertyName("experiment");
            WriteObject(writer, experiment, tags.GetValueOrDefault(experiment.Id) ?? []);
        });
    }

    private static void WriteObject(Utf8JsonWriter writer, Experiment experiment, IReadOnlyList<NamedText> tags)
    {
        writer.WriteStartObject();
        writer.WriteString("experiment_id", Text(experiment.Iid));
        writer.WriteString("name", experiment.Name);
        writer.WriteString("artifact_location", experiment.Location ?? $"{Words.ArtifactScheme}{Text(experiment.Iid)}");
        writer.WriteString("lifecycle_stage", Words.Lifecycle(experiment.Deleted));
        writer.WriteNumber("last_update_time", experiment.UpdatedUs / 1000);
        writer.WriteNumber("creation_time", experiment.CreatedUs / 1000);
        WriteTags(writer, "tags", tags);
        writer.WriteEndObject();
    }

    private static NamedText ExperimentTag(Fields fields)
    {
        var key = fields.Required("key");
        var value = fields.Text("value") ?? "";
        return key.Length > Names.MaxKey ? throw MlflowError.TooLong("key", Names.MaxKey)
            : value.Length > Names.MaxExperimentTagValue ? throw MlflowError.TooLong("value", Names.MaxExperimentTagValue)
            : new NamedText(key, value);
    }

    private static string CheckName(string name, string field) =>
        name.Length > Experiment.MaxNameLength ? throw MlflowError.TooLong(field, Experiment.MaxNameLength) : name;

    /// <summary>The location is kept as text and never used; what the original server refuses is refused here too.</summary>
    private static string? CheckLocation(string? location)
    {
        if (string.IsNullOrEmpty(location))
        {
            return null;
        }

        if (location.Length > 2048)
        {
            throw MlflowError.Invalid("'artifact_location' exceeds the maximum length of 2048 characters");
        }

        if (location.Contains('#', StringComparison.Ordinal) || location.Contains(';', StringComparison.Ordinal))
        {
            throw MlflowError.Invalid("'artifact_location' URL can't include fragments or params.");
        }

        var query = location.IndexOf('?', StringComparison.Ordinal);
        return query >= 0 && location[query..].Contains("..", StringComparison.Ordinal) ? throw MlflowError.Invalid("Invalid query string") : location;
    }
}
