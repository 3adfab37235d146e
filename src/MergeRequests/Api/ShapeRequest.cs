using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Squero.Accounts;
using Squero.Discussions;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Projects;

namespace Squero.MergeRequests;

/// <summary>Merge requests in the shapes of the REST API.</summary>
internal sealed class ShapeRequest(
    PersonStore people, ThreadStore threads, CheckMergeability mergeability, MergeRequestStore requests, ChangeLists changes, PipelineStore pipelines,
    ServerAddress address, IOptions<JsonOptions> json)
{
    public async Task<ApiMergeRequest> PlainAsync(ProjectAccess access, MergeRequest request, CancellationToken cancel) =>
        (await ListAsync(access, [request], cancel))[0];

    /// <summary>For lists; whether each could be merged is worked out too, from remembered tries where there are any.</summary>
    public async Task<IReadOnlyList<ApiMergeRequest>> ListAsync(ProjectAccess access, IReadOnlyList<MergeRequest> rows, CancellationToken cancel)
    {
        var known = await people.FindAllAsync(rows.SelectMany(row => new[] { row.PersonId, row.MergedBy ?? 0, row.ClosedBy ?? 0 }).Where(id => id > 0), cancel);
        var shaped = new List<ApiMergeRequest>();
        foreach (var row in rows)
        {
            var newest = (await requests.VersionsAsync(row.Id, cancel))[0];
            var check = await mergeability.CheckAsync(access.Project, row, newest, cancel, rows.Count > 1 ? TimeSpan.FromMilliseconds(100) : null);
            var said = await threads.ListAsync(row.Subject, cancel);
            shaped.Add(Shape(access.Project, row, check, said, id => id is { } one && known.TryGetValue(one, out var person) ? ApiPerson.From(person, address) : null));
        }

        return shaped;
    }

    /// <summary>The whole answer for one: the fields of lists and those of its own, side by side.</summary>
    public async Task<JsonObject> WholeAsync(ProjectAccess access, MergeRequest request, CancellationToken cancel)
    {
        var newest = (await requests.VersionsAsync(request.Id, cancel))[0];
        var files = await changes.BetweenAsync(access.Project.Id, newest.BaseSha, newest.HeadSha, cancel);
        var head = (await pipelines.ForCommitsAsync(access.Project.Id, [request.HeadSha], cancel)).FirstOrDefault();
        var pipeline = head is null ? null : Pipeline(access.Project, head);
        var whole = new ApiWholeMergeRequest(
            await PlainAsync(access, request, cancel), false, files.Count.ToString(CultureInfo.InvariantCulture), pipeline, pipeline,
            new ApiDiffRefs(newest.BaseSha, newest.HeadSha, newest.StartSha), null, false,
            new ApiMergeRights(MergeRequestRules.MayMerge(access)), Choice(request, await requests.ChoiceAsync(request.Id, cancel)));
        var options = json.Value.SerializerOptions;
        var answer = JsonSerializer.SerializeToNode(whole.Plain, options)!.AsObject();
        foreach (var (name, value) in JsonSerializer.SerializeToNode(whole, options)!.AsObject().Where(pair => pair.Key != "plain").ToList())
        {
            answer[name] = value?.DeepClone();
        }

        return answer;
    }

    public ApiMergePipeline Pipeline(Project project, Pipeline pipeline) =>
        new(
            pipeline.Id, pipeline.Iid, pipeline.ProjectId, pipeline.Sha, pipeline.Ref, pipeline.Status.ToWord(), pipeline.Source,
            Micros.ToIso(pipeline.CreatedUs), Micros.ToIso(pipeline.UpdatedUs),
            address.Link(project.Area(string.Create(CultureInfo.InvariantCulture, $"pipelines/{pipeline.Id}"))));

    public static ApiChoice? Choice(MergeRequest request, RequestChoice? choice) =>
        choice is null
            ? null
            : new ApiChoice(
                choice.CandidateId, choice.CandidateIid, choice.Label, choice.ModelName, choice.HeadSha, choice.IsCurrent(request), Micros.ToIso(choice.ChosenUs));

    public static string StateWord(MergeRequestState state) =>
        state switch { MergeRequestState.Opened => "opened", MergeRequestState.Merging => "locked", MergeRequestState.Merged => "merged", _ => "closed" };

    private ApiMergeRequest Shape(
        Project project, MergeRequest row, Mergeability check, IReadOnlyList<DiscussionThread> said, Func<long?, ApiPerson?> person)
    {
        var status = check.Word switch
        {
            "mergeable" or "draft_status" => "can_be_merged",
            "not_open" when row.State == MergeRequestState.Merged => "can_be_merged",
            "conflict" or "commits_status" => "cannot_be_merged",
            "discussions_not_resolved" => "can_be_merged",
            _ => "unchecked",
        };
        var isCommit = row.MergedSha is not null && row.MergedSha != row.HeadSha;
        return new ApiMergeRequest(
            row.Id, row.Iid, row.ProjectId, row.Title, row.Description, StateWord(row.State), Micros.ToIso(row.CreatedUs), Micros.ToIso(row.UpdatedUs),
            row.SourceBranch, row.TargetBranch, person(row.PersonId), row.HeadSha, address.Link(row.Href(project)), Micros.ToIso(row.MergedUs),
            person(row.MergedBy), person(row.MergedBy), Micros.ToIso(row.ClosedUs), person(row.ClosedBy), [], null, [], row.ProjectId, row.ProjectId, [],
            row.Draft, row.Draft, null, false, status, check.Word, isCommit ? row.MergedSha : null, null, said.Sum(thread => thread.Comments.Count), null,
            false, false, new ApiReferences(row.Label, row.Label, project.FullPath + row.Label), new ApiTimeStats(0, 0, null, null), false, false,
            new ApiTaskStatus(0, 0), check.Word == "conflict", !said.Any(thread => thread.Blocks), 0, 0, Micros.ToIso(row.CreatedUs), false, "none");
    }
}
