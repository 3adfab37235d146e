namespace Squero.Pipelines;

public sealed class RunnerStore
{
    /// <summary>The token of the runner inside this process, kept in DATA/runner.token; made when it is not there.</summary>
    public Task<string> EnsureBuiltInAsync(CancellationToken cancel) => throw new NotImplementedException();
}
