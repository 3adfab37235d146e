using Squero.Experiments;
using Squero.Kernel;
using Squero.Registry;

namespace Squero.Tests.Registry;

public sealed class PromotionTests(SharedServer shared) : IClassFixture<SharedServer>, IAsyncLifetime
{
    private static readonly byte[] Onnx = OnnxBytes.Logistic([1], 0);
    private CandidateMaker maker = null!;
    private TestPerson owner = null!;
    private long projectId;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        owner = await shared.PersonAsync("owner");
        projectId = (await owner.CreateProjectAsync("churn")).GetProperty("id").GetInt64();
        maker = new CandidateMaker(shared.Server.Services, projectId, owner.Person.Id);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Promoted_candidates_become_versions_one_after_another()
    {
        var candidate = await maker.CandidateAsync(Onnx);
        var first = Assert.IsType<PromotionOutcome.Promoted>(await maker.PromoteAsync(candidate)).Version;
        Assert.Equal((1L, "1.0.0", (long?)candidate.Id, "model.onnx"), (first.Number, first.Label, first.CandidateId, first.ModelPath));
        var second = await maker.PromotedAsync(Onnx);
        Assert.Equal((2L, "1.1.0"), (second.Number, second.Label));
        Assert.Equal(second.Id, (await Models.AliasedAsync(second.ModelId, Model.Production, Cancel))!.Id);
    }

    [Fact]
    public async Task The_same_candidate_promoted_twice_makes_one_version()
    {
        var candidate = await maker.CandidateAsync(Onnx);
        var first = Assert.IsType<PromotionOutcome.Promoted>(await maker.PromoteAsync(candidate)).Version;
        var again = Assert.IsType<PromotionOutcome.AlreadyPromoted>(await maker.PromoteAsync(candidate)).Version;
        Assert.Equal(first.Id, again.Id);
        Assert.Single((await Models.VersionsAsync(first.ModelId, PageRequest.First, Cancel)).Rows);
        Assert.Single(await Models.HistoryAsync(first.ModelId, Model.Production, Cancel));
    }

    [Fact]
    public async Task Going_back_to_an_earlier_candidate_moves_the_alias_and_is_history()
    {
        var early = await maker.CandidateAsync(Onnx);
        await maker.PromoteAsync(early);
        var late = await maker.PromotedAsync(Onnx);
        var back = Assert.IsType<PromotionOutcome.AlreadyPromoted>(await maker.PromoteAsync(early)).Version;
        Assert.Equal(back.Id, (await Models.AliasedAsync(back.ModelId, Model.Production, Cancel))!.Id);
        var history = await Models.HistoryAsync(back.ModelId, Model.Production, Cancel);
        Assert.Equal([back.Id, late.Id, back.Id], history.Select(move => move.VersionId));
        Assert.All(history, move => Assert.Equal((owner.Person.Id, (long?)7), (move.PersonId, move.MergeRequestIid)));
    }

    [Theory]
    [InlineData(null, "has not finished")]
    [InlineData(CandidateStatus.Failed, "has not finished")]
    [InlineData(CandidateStatus.Killed, "has not finished")]
    public async Task An_unfinished_candidate_is_blocked(CandidateStatus? status, string sentence) =>
        await BlockedAsync(await maker.CandidateAsync(Onnx, status), sentence);

    [Fact]
    public async Task A_deleted_candidate_is_blocked()
    {
        var candidate = await maker.CandidateAsync(Onnx);
        await shared.Get<CandidateEdits>().SetDeletedAsync(candidate, true, Cancel);
        await BlockedAsync(candidate, "has been deleted");
    }

    [Fact]
    public async Task A_candidate_of_another_project_is_blocked_as_if_it_were_not_there()
    {
        var other = (await owner.CreateProjectAsync("other")).GetProperty("id").GetInt64();
        var foreign = await new CandidateMaker(shared.Server.Services, other, owner.Person.Id).CandidateAsync(Onnx);
        await BlockedAsync(foreign, "not there");
        await BlockedAsync(foreign with { Id = 999_999 }, "not there");
    }

    [Fact]
    public async Task A_candidate_without_a_model_file_is_blocked() => await BlockedAsync(await maker.CandidateAsync(null), "has no ONNX file");

    [Fact]
    public async Task A_file_that_is_no_model_is_blocked_by_name() => await BlockedAsync(await maker.CandidateAsync("not a model"u8.ToArray()), "model.onnx");

    [Fact]
    public async Task Of_several_models_the_one_called_model_serves()
    {
        var candidate = await maker.CandidateAsync(Onnx, null, "a.onnx");
        var files = shared.Get<CandidateFiles>();
        await files.PutAsync(projectId, candidate.Id, "b.onnx", new MemoryStream(Onnx), Cancel);
        candidate = await shared.Get<CandidateEdits>().UpdateAsync(candidate, CandidateStatus.Finished, 1, null, Cancel);
        await BlockedAsync(candidate, "2 ONNX files");
        await files.PutAsync(projectId, candidate.Id, "model/model.onnx", new MemoryStream(Onnx), Cancel);
        Assert.Equal("model/model.onnx", Assert.IsType<PromotionOutcome.Promoted>(await maker.PromoteAsync(candidate)).Version.ModelPath);
    }

    [Fact]
    public async Task A_versions_files_outlive_those_of_its_candidate()
    {
        var candidate = await maker.CandidateAsync(Onnx);
        var version = Assert.IsType<PromotionOutcome.Promoted>(await maker.PromoteAsync(candidate)).Version;
        await shared.Get<CandidateFiles>().DeleteAsync(projectId, candidate.Id, "model.onnx", Cancel);
        await shared.Get<CandidateEdits>().SetDeletedAsync(candidate, true, Cancel);
        var file = Assert.Single(await Models.FilesAsync(version.Id, Cancel));
        await using var bytes = shared.Get<BlobStore>().OpenRead(file.Hash)!;
        Assert.Equal(Onnx.Length, bytes.Length);
    }

    [Fact]
    public async Task Promotions_at_the_same_moment_get_numbers_of_their_own()
    {
        var candidates = new List<Candidate>();
        for (var number = 0; number < 6; number++)
        {
            candidates.Add(await maker.CandidateAsync(Onnx));
        }

        var outcomes = await Task.WhenAll(candidates.Concat(candidates).Select(candidate => Task.Run(() => maker.PromoteAsync(candidate))));
        var versions = outcomes.OfType<PromotionOutcome.Promoted>().Select(outcome => outcome.Version.Number).Order();
        Assert.Equal([1, 2, 3, 4, 5, 6], versions);
        Assert.Equal(6, outcomes.OfType<PromotionOutcome.AlreadyPromoted>().Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("a\n")]
    public async Task A_name_that_could_not_stand_in_an_address_is_refused(string name)
    {
        var candidate = await maker.CandidateAsync(Onnx);
        var refusal = await Assert.ThrowsAsync<Refusal>(() => shared.Get<PromoteCandidate>().PromoteAsync(
            new Promotion(projectId, name, candidate.Id, owner.Person.Id, null), Cancel));
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
    }

    [Fact]
    public async Task Models_and_versions_are_read_over_the_api()
    {
        await maker.PromotedAsync(Onnx);
        await maker.PromotedAsync(Onnx);
        var model = await owner.GetAsync($"/api/v4/projects/{projectId}/models/{CandidateMaker.ModelName}");
        Assert.Equal(2, model.GetProperty("aliases").GetProperty("production").GetInt64());
        var versions = await owner.GetAsync($"/api/v4/projects/{projectId}/models/{CandidateMaker.ModelName}/versions");
        Assert.Equal(["1.1.0", "1.0.0"], versions.EnumerateArray().Select(row => row.GetProperty("label").GetString()));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await owner.Http.GetAsync($"/{owner.Username}/churn/-/models/churn", Cancel)).StatusCode);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await owner.Http.GetAsync($"/api/v4/projects/{projectId}/models/none", Cancel)).StatusCode);
    }

    private ModelStore Models => shared.Get<ModelStore>();

    private async Task BlockedAsync(Candidate candidate, string sentence)
    {
        var blocked = Assert.IsType<PromotionOutcome.Blocked>(await maker.PromoteAsync(candidate));
        Assert.Contains(sentence, Assert.Single(blocked.Reasons), StringComparison.Ordinal);
        Assert.Null(await Models.FindAsync(projectId, CandidateMaker.ModelName, Cancel));
    }
}
