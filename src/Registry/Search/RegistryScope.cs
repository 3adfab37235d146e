namespace Squero.Registry;

/// <summary>What a search of the registry may ask for: its attributes by name, as columns, and what it may be ordered by.</summary>
internal sealed record RegistryScope(
    IReadOnlyDictionary<string, string> Attributes, string? Number, string? List, IReadOnlyDictionary<string, string> Order, string OrderFault, string TagTable, string TagOwner)
{
    public static RegistryScope Models { get; } = new(
        Named(("name", "m.name")),
        null,
        null,
        Named(("name", "m.name"), ("timestamp", "m.updated_us"), ("last_updated_timestamp", "m.updated_us")),
        "Invalid order by key '{0}' specified. Valid keys are '{{'timestamp', 'name'}}'",
        "registry_model_tags",
        "t.model_id = m.id");

    public static RegistryScope Versions { get; } = new(
        Named(("name", "m.name"), ("run_id", "v.candidate_uid"), ("source_path", "v.source"), ("version_number", "v.number")),
        "version_number",
        "run_id",
        Named(("name", "m.name"), ("version_number", "v.number"), ("creation_timestamp", "v.created_us"), ("last_updated_timestamp", "v.updated_us")),
        "Invalid attribute key '{0}' specified. Valid keys are '{{'name', 'version_number', 'creation_timestamp', 'last_updated_timestamp'}}'",
        "registry_version_tags",
        "t.version_id = v.id");

    private static Dictionary<string, string> Named(params (string Name, string Column)[] pairs) =>
        pairs.ToDictionary(pair => pair.Name, pair => pair.Column, StringComparer.Ordinal);
}
