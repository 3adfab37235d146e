namespace Squero.Pipelines;

/// <summary>Where a project says what its pipelines do.</summary>
internal static class PipelineFile
{
    /// <summary>Looked for in this order; the first that exists is taken.</summary>
    public static IReadOnlyList<string> Names { get; } = [".squero-ci.yml", ".gitlab-ci.yml"];
}
