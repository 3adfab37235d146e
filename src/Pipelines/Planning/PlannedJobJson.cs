using System.Text.Json;
using System.Text.Json.Serialization;

namespace Squero.Pipelines;

/// <summary>A planned job as one text, for a column of its row.</summary>
internal static class PlannedJobJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Write(PlannedJob job) => JsonSerializer.Serialize(job, Options);

    public static PlannedJob Read(string json) =>
        JsonSerializer.Deserialize<PlannedJob>(json, Options) ?? throw new JsonException("A planned job is stored as null.");
}
