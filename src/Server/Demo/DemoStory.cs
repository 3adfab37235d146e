using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>
/// The main job, played by two people with what people have: git, and the web API with their tokens. Every step looks first
/// whether it has been done, so that an interrupted story goes on where it was.
/// </summary>
internal sealed class DemoStory(DemoCast cast, DataFolder folder, ServerAddress address, int until, TextWriter output)
{
    public const string Project = "demo/churn";
    public const string ProjectId = "demo%2Fchurn";
    public const string ModelName = "churn";
    public const string ServePath = $"/serve/{Project}/v2/models/{ModelName}";
    private const string Title = "Let support calls count by contract";

    private const string Description =
        """
        A support call makes somebody on a monthly contract likely to leave, and says nothing about somebody who is bound for two years (see the table in analysis.ipynb). The model adds up its columns, so it could not know.

        * features.py: logarithms of tenure and charge, and three products; FEATURES chooses plain, log or crossed
        * onnx_writer.py: the same inside the ONNX graph, callers send the six raw columns as before
        * the pipeline trains all three, with and without L2; plain is the control

        Does crossed earn its five more weights?
        """;

    public async Task TellAsync(CancellationToken cancel)
    {
        using var author = new StoryClient(cast.Author, address);
        using var reviewer = new StoryClient(cast.Reviewer, address);
        using var desk = new TemporaryFolder();
        var repository = new StoryRepository(cast.Author, address, desk.Path);
        var pipelines = new StoryPipelines(author, output);
        Begin();
        await CreateProjectAsync(author, reviewer, cancel);
        var mergeRequest = 0L;
        (int Number, Func<Task> Play)[] steps =
        [
            (2, () => TrainBaselineAsync(author, repository, pipelines, cancel)),
            (3, async () => mergeRequest = await ProposeAsync(author, repository, cancel)),
            (5, () => TrainCandidatesAsync(mergeRequest, pipelines, cancel)),
            (7, () => ReviewAsync(author, reviewer, mergeRequest, cancel)),
            (8, () => ChooseAndMergeAsync(author, reviewer, mergeRequest, cancel)),
            (9, () => AskModelAsync(author, mergeRequest, cancel)),
        ];
        foreach (var (_, play) in steps.TakeWhile(step => step.Number <= until))
        {
            await play();
        }

        if (until < 9)
        {
            output.WriteLine($"\nThe story stops here, as asked. Go on by hand, or run the command again without --until. Sign in as author or reviewer:\n  {address.Link("/-/sign-in")}");
        }
    }

    private void Begin()
    {
        output.WriteLine($"Squero {ProductVersion.Text} serves {address.Link("/")}");
        Step(1, "Two people get accounts. These passwords are printed this once:", null);
        foreach (var person in new[] { cast.Author, cast.Reviewer })
        {
            output.WriteLine($"     {person.Username,-9} {person.Password}");
        }
    }

    private async Task CreateProjectAsync(StoryClient author, StoryClient reviewer, CancellationToken cancel)
    {
        if (await author.FindAsync($"/api/v4/projects/{ProjectId}", cancel) is null)
        {
            var spaces = await author.GetAsync("/api/v4/namespaces", cancel);
            var space = spaces.EnumerateArray().FirstOrDefault(row => row.GetProperty("full_path").GetString() == "demo");
            if (space.ValueKind == JsonValueKind.Undefined)
            {
                space = await author.PostAsync("/api/v4/groups", new { name = "Demo", path = "demo", visibility = "private" }, cancel);
            }

            await author.PostAsync(
                "/api/v4/projects",
                new { name = "churn", namespace_id = space.GetProperty("id").GetInt64(), description = "Who is about to leave us, and why", visibility = "private" },
                cancel);
        }

        var self = await reviewer.GetAsync("/api/v4/user", cancel);
        await author.PostAsync($"/api/v4/projects/{ProjectId}/members", new { user_id = self.GetProperty("id").GetInt64(), access_level = 40 }, cancel);
        output.WriteLine($"     and the project {Project}.");
    }

    private async Task TrainBaselineAsync(StoryClient author, StoryRepository repository, StoryPipelines pipelines, CancellationToken cancel)
    {
        Step(2, "author pushes main: a notebook, training code, a pipeline. It trains the baseline.", $"/{Project}");
        if (await author.FindAsync($"/api/v4/projects/{ProjectId}/repository/branches/main", cancel) is null)
        {
            await repository.PushMainAsync(cast.Seed, cancel);
        }
        else
        {
            await repository.CloneAsync(cancel);
        }

        var pipeline = await pipelines.OfBranchAsync("main", cancel);
        Page($"/{Project}/-/pipelines/{pipeline}");
        await pipelines.FollowAsync(pipeline, cancel);
        Page($"/{Project}/-/experiments");
    }

    private async Task<long> ProposeAsync(StoryClient author, StoryRepository repository, CancellationToken cancel)
    {
        Step(3, "author pushes a branch that changes the notebook and the model, and opens a merge request.", null);
        var opened = await author.GetAsync($"/api/v4/projects/{ProjectId}/merge_requests?state=all&source_branch={StoryRepository.Branch}", cancel);
        if (opened.GetArrayLength() == 0)
        {
            await PushProposalAsync(author, repository, cancel);
            opened = await author.GetAsync($"/api/v4/projects/{ProjectId}/merge_requests?state=all&source_branch={StoryRepository.Branch}", cancel);
        }

        if (opened.GetArrayLength() == 0)
        {
            throw new StoryFailed("The push did not open a merge request.");
        }

        var number = opened[0].GetProperty("iid").GetInt64();
        await author.PutAsync($"/api/v4/projects/{ProjectId}/merge_requests/{number}", new { description = Description }, cancel);
        Step(4, $"!{number} shows the clean notebook diff with both plots, and the pipeline with live logs.", $"/{Project}/-/merge_requests/{number}/changes");
        return number;
    }

    /// <summary>An interrupted push may have moved the branch without opening the merge request; then it is opened by hand.</summary>
    private static async Task PushProposalAsync(StoryClient author, StoryRepository repository, CancellationToken cancel)
    {
        if (await author.FindAsync($"/api/v4/projects/{ProjectId}/repository/branches/{StoryRepository.Branch}", cancel) is null)
        {
            await repository.PushBranchAsync(Title, cancel);
        }
        else
        {
            var wish = new { source_branch = StoryRepository.Branch, target_branch = "main", title = Title };
            await author.PostAsync($"/api/v4/projects/{ProjectId}/merge_requests", wish, cancel);
        }
    }

    private async Task TrainCandidatesAsync(long mergeRequest, StoryPipelines pipelines, CancellationToken cancel)
    {
        Step(5, "The pipeline of the branch trains six candidates; nothing but two environment variables links them to it.", null);
        var pipeline = await pipelines.OfBranchAsync(StoryRepository.Branch, cancel);
        Page($"/{Project}/-/pipelines/{pipeline}");
        await pipelines.FollowAsync(pipeline, cancel);
        Step(6, "The merge request shows what the change does to the model, compared with main.", $"/{Project}/-/merge_requests/{mergeRequest}/candidates");
    }

    private async Task ReviewAsync(StoryClient author, StoryClient reviewer, long mergeRequest, CancellationToken cancel)
    {
        Step(7, "reviewer comments on a line of a cell and on a plot; author answers and resolves.", $"/{Project}/-/merge_requests/{mergeRequest}/changes");
        var raw = $"/api/v4/projects/{ProjectId}/repository/files/analysis.ipynb/raw?ref={StoryRepository.Branch}";
        await new StoryReview(author, reviewer, mergeRequest).TalkAsync(await reviewer.TextAsync(raw, cancel), cancel);
    }

    private async Task ChooseAndMergeAsync(StoryClient author, StoryClient reviewer, long mergeRequest, CancellationToken cancel)
    {
        var path = $"/api/v4/projects/{ProjectId}/merge_requests/{mergeRequest}";
        Step(8, "reviewer chooses a candidate for production; author merges: exactly that one becomes a version and is deployed.", $"/{Project}/-/models/{ModelName}");
        if ((await author.GetAsync(path, cancel)).GetProperty("state").GetString() != "merged")
        {
            var report = await reviewer.GetAsync($"{path}/candidates", cancel);
            var best = StoryReview.BestOf(report);
            await reviewer.PutAsync($"{path}/choice", new { candidate_id = best.Id, model = ModelName }, cancel);
            output.WriteLine($"     chosen: {best.Label}, auc {best.Auc.ToString("0.000", CultureInfo.InvariantCulture)}");
            await author.PutAsync($"{path}/merge", new { }, cancel);
        }

        for (var tries = 0; tries < 300 && !await author.IsReadyAsync($"{ServePath}/ready", cancel); tries++)
        {
            await Task.Delay(200, cancel);
        }
    }

    private async Task AskModelAsync(StoryClient author, long mergeRequest, CancellationToken cancel)
    {
        Step(9, "The model answers, computed by ONNX Runtime:", $"/{Project}/-/deployments");
        var example = JsonNode.Parse("""{"inputs":[{"name":"features","shape":[1,6],"datatype":"FP32","data":[2,89.5,4,1,1,1]}]}""")!;
        var answer = await author.PostAsync($"{ServePath}/infer", example, cancel);
        var version = long.Parse(answer.GetProperty("model_version").GetString()!, CultureInfo.InvariantCulture);
        output.WriteLine($"     {answer}");
        DemoResult.Write(folder, address, cast.Author, mergeRequest, version, example);
        DemoCast.Forget(folder);
        output.WriteLine();
        output.WriteLine($"Ask it yourself:\n\n  curl -H \"Authorization: Bearer {cast.Author.Token}\" -H 'Content-Type: application/json' \\\n    -d '{example.ToJsonString()}' \\\n    {address.Link($"{ServePath}/infer")}\n");
        output.WriteLine($"Done in {DemoResult.SecondsSinceCommand():0} s. The server keeps running; Ctrl+C ends it. Sign in as author or reviewer:\n  {address.Link("/-/sign-in")}");
    }

    private void Step(int number, string sentence, string? page)
    {
        output.WriteLine($"\n{number,2}.  {sentence}");
        if (page is not null)
        {
            Page(page);
        }
    }

    private void Page(string path) => output.WriteLine($"     → {address.Link(path)}");
}
