using Microsoft.Extensions.DependencyInjection;
using Squero.Experiments;
using Squero.Registry;

namespace Squero.Tests.Registry;

/// <summary>Candidates with a model file, made through the stores, and their promotion.</summary>
internal sealed class CandidateMaker(IServiceProvider services, long projectId, long personId)
{
    public const string ModelName = "churn";

    public async Task<Candidate> CandidateAsync(byte[]? model, CandidateStatus? status = CandidateStatus.Finished, string path = "model.onnx")
    {
        var experiments = services.GetRequiredService<ExperimentStore>();
        var experiment = await experiments.FindByNameAsync(projectId, "tests", CancellationToken.None)
            ?? await experiments.CreateAsync(projectId, "tests", null, [], CancellationToken.None)
            ?? (await experiments.FindByNameAsync(projectId, "tests", CancellationToken.None))!;
        var candidate = await services.GetRequiredService<StartCandidate>().StartAsync(
            new NewCandidate(experiment, "attempt", 0, personId, "tests", [], null), CancellationToken.None);
        if (model is not null)
        {
            await services.GetRequiredService<CandidateFiles>().PutAsync(projectId, candidate.Id, path, new MemoryStream(model), CancellationToken.None);
        }

        return status is null ? candidate : await services.GetRequiredService<CandidateEdits>().UpdateAsync(candidate, status, 1, null, CancellationToken.None);
    }

    public Task<PromotionOutcome> PromoteAsync(Candidate candidate, long? project = null) =>
        services.GetRequiredService<PromoteCandidate>().PromoteAsync(
            new Promotion(project ?? projectId, ModelName, candidate.Id, personId, 7), CancellationToken.None);

    public async Task<ModelVersion> PromotedAsync(byte[] model) =>
        Assert.IsType<PromotionOutcome.Promoted>(await PromoteAsync(await CandidateAsync(model))).Version;
}
