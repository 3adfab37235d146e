namespace Squero.Pipelines;

public sealed class CreatePipeline
{
    public Task<PipelineOutcome> CreateAsync(PipelineRequest request, CancellationToken cancel) => throw new NotImplementedException();
}
