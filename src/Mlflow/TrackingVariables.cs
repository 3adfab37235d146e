using System.Globalization;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Projects;

namespace Squero.Mlflow;

/// <summary>Jobs log without any setup: the client reads these two variables.</summary>
internal sealed class TrackingVariables(ServerAddress address) : IJobContribution
{
    public ValueTask<IReadOnlyList<JobVariable>> ForAsync(Job job, Project project, string jobToken, CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<JobVariable>>(
        [
            new JobVariable("MLFLOW_TRACKING_URI", TrackingAddress.Of(address, project), Raw: true),
            new JobVariable("MLFLOW_TRACKING_TOKEN", jobToken, Public: false, Masked: true, Raw: true),
        ]);
}

/// <summary>Where a project's tracking is reached.</summary>
internal static class TrackingAddress
{
    public static string Of(ServerAddress address, Project project) =>
        address.Link(string.Create(CultureInfo.InvariantCulture, $"/api/v4/projects/{project.Id}/ml/mlflow"));
}

/// <summary>The two variables that a training on one's own machine needs.</summary>
internal sealed class ConnectHint(ServerAddress address) : IConnectHint
{
    public string CommandFor(Project project) =>
        $"""
        export MLFLOW_TRACKING_URI={TrackingAddress.Of(address, project)}
        export MLFLOW_TRACKING_TOKEN=<a token from {address.Link("/-/settings/tokens")}>
        """;
}
