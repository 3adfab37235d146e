using Squero.Kernel;

namespace Squero.Deployments;

public sealed class DeploymentStore(Database database)
{
    private const string Columns = "id, project_id, model_id, version_id, environment, state, sentence, person_id, created_us, serving_us, ended_us";

    public Task<Page<Deployment>> ListAsync(long projectId, PageRequest page, CancellationToken cancel) =>
        database.ReadAsync(
            async session => new Page<Deployment>(
                await session.ListAsync<Deployment>(
                    $"SELECT {Columns} FROM deployments_deployments WHERE project_id = @projectId ORDER BY id DESC LIMIT @Size OFFSET @Skip",
                    new { projectId, page.Size, page.Skip }),
                await session.CountAsync("SELECT count(*) FROM deployments_deployments WHERE project_id = @projectId", new { projectId }),
                page),
            cancel);

    /// <summary>The newest act of deploying a version; null when there was none.</summary>
    internal Task<Deployment?> NewestAsync(long versionId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Deployment>(
                $"SELECT {Columns} FROM deployments_deployments WHERE version_id = @versionId ORDER BY id DESC LIMIT 1", new { versionId }),
            cancel);

    /// <summary>What answers for a model at present; null when nothing does.</summary>
    internal Task<Deployment?> ServingAsync(long modelId, CancellationToken cancel) =>
        database.ReadAsync(
            session => session.FirstAsync<Deployment>(
                $"SELECT {Columns} FROM deployments_deployments WHERE model_id = @modelId AND state = @serving ORDER BY id DESC LIMIT 1",
                new { modelId, serving = (int)DeploymentState.Serving }),
            cancel);

    /// <summary>What should serve now: the newest deployment of every model that has not failed or been replaced.</summary>
    internal Task<IReadOnlyList<Deployment>> WantedAsync(CancellationToken cancel) =>
        database.ReadAsync(
            session => session.ListAsync<Deployment>(
                $"""
                SELECT {Columns} FROM deployments_deployments d
                WHERE state IN (1, 2) AND id = (
                    SELECT max(id) FROM deployments_deployments n
                    WHERE n.model_id = d.model_id AND n.environment = d.environment AND n.state IN (1, 2))
                ORDER BY id
                """),
            cancel);

    /// <summary>Asks for a version to serve. Asked again for what is wanted already, nothing happens.</summary>
    internal Task RequestAsync(long projectId, long modelId, long versionId, long personId, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                var present = await session.FirstAsync<Deployment>(
                    $"SELECT {Columns} FROM deployments_deployments WHERE model_id = @modelId AND environment = @Production ORDER BY id DESC LIMIT 1",
                    new { modelId, Deployment.Production });
                if (present?.VersionId == versionId && present.State is DeploymentState.Starting or DeploymentState.Serving)
                {
                    return;
                }

                await session.ExecuteAsync(
                    """
                    INSERT INTO deployments_deployments (project_id, model_id, version_id, environment, state, person_id, created_us)
                    VALUES (@projectId, @modelId, @versionId, @Production, 1, @personId, @NowMicros)
                    """,
                    new { projectId, modelId, versionId, Deployment.Production, personId, session.NowMicros });
            },
            cancel);

    /// <summary>The version serves: what served before is replaced.</summary>
    internal Task ServesAsync(Deployment deployment, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    """
                    UPDATE deployments_deployments SET state = 4, ended_us = @NowMicros
                    WHERE model_id = @ModelId AND environment = @Environment AND id < @Id AND state IN (1, 2)
                    """,
                    new { deployment.ModelId, deployment.Environment, deployment.Id, session.NowMicros });
                var wanted = await session.ExecuteAsync(
                    "UPDATE deployments_deployments SET state = 2, serving_us = COALESCE(serving_us, @NowMicros), sentence = NULL WHERE id = @Id AND state <> 5",
                    new { deployment.Id, session.NowMicros });
                if (wanted > 0 && deployment.State == DeploymentState.Starting)
                {
                    await session.PublishAsync(new DeploymentSettled(deployment.ProjectId, deployment.Id, DeploymentState.Serving));
                }
            },
            cancel);

    /// <summary>Nothing is wanted of a model any more: what serves, or is about to, ends.</summary>
    internal Task EndAsync(long modelId, CancellationToken cancel) =>
        database.WriteAsync(
            session => session.ExecuteAsync(
                "UPDATE deployments_deployments SET state = 5, ended_us = @NowMicros WHERE model_id = @modelId AND state IN (1, 2)", new { modelId, session.NowMicros }),
            cancel);

    internal Task FailedAsync(Deployment deployment, string sentence, CancellationToken cancel) =>
        database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(
                    "UPDATE deployments_deployments SET state = 3, sentence = @sentence, ended_us = @NowMicros WHERE id = @Id",
                    new { deployment.Id, sentence, session.NowMicros });
                await session.PublishAsync(new DeploymentSettled(deployment.ProjectId, deployment.Id, DeploymentState.Failed));
            },
            cancel);
}
