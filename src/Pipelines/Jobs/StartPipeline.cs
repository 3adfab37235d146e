using Squero.Kernel;
using Squero.Repositories;

namespace Squero.Pipelines;

/// <summary>Keeps the commit of a new pipeline alive with a ref of its own, then lets its first jobs take their turn. Harmless when repeated.</summary>
internal sealed class StartPipeline(Database database, JobBoard board, GitRepositories repositories) : IHandle<PipelineToStart>
{
    public static string RefOf(long pipelineId) => $"refs/pipelines/{pipelineId}";

    public Task HandleAsync(PipelineToStart fact, CancellationToken cancel) => StartAsync(fact.PipelineId, cancel);

    public async Task StartAsync(long pipelineId, CancellationToken cancel)
    {
        var pipeline = await database.ReadAsync(
            session => session.FirstAsync<Pipeline>(
                $"SELECT {PipelineStore.Columns} FROM pipelines_pipelines WHERE id = @pipelineId", new { pipelineId }),
            cancel);
        if (pipeline is not { Errors: null, Status: JobStatus.Created })
        {
            return;
        }

        // False when the ref is already there: an earlier attempt got so far.
        await repositories.Open(pipeline.ProjectId).UpdateRefAsync(RefOf(pipelineId), pipeline.Sha, RefUpdate.Nothing, cancel);
        await board.ChangeAsync(
            session =>
            {
                session.Touch(pipelineId);
                return Task.CompletedTask;
            },
            cancel);
    }
}
