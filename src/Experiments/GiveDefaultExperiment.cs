using Squero.Kernel;
using Squero.Projects;

namespace Squero.Experiments;

/// <summary>Every project has experiment 0 from the start, for clients that name none.</summary>
internal sealed class GiveDefaultExperiment : IJoin<ProjectCreated>
{
    public async Task JoinAsync(ProjectCreated fact, WriteSession session) =>
        await ExperimentStore.InsertAsync(session, fact.ProjectId, Experiment.DefaultName, null);
}
