using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Discussions;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Projects;
using Squero.Repositories;
using Squero.Ui;

namespace Squero.MergeRequests;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class MergeRequestsModule
{
    public static IServiceCollection AddMergeRequests(this IServiceCollection services)
    {
        services.AddMigrations(typeof(MergeRequestsModule).Assembly);
        services.AddSingleton<MergeRequestStore>();

        services.AddSingleton<KeepHeads>();
        services.AddSingleton<OpenMergeRequest>();
        services.AddSingleton<EditMergeRequest>();
        services.AddSingleton<AddVersion>();
        services.AddSingleton<IPushObserver, ObservePush>();
        services.AddHandler<BranchPushed, AddVersion>();

        services.AddSingleton<ChangeLists>();
        services.AddSingleton<FindPlace>();
        services.AddSingleton<FollowThreads>();
        services.AddSingleton<StartReview>();
        services.AddSingleton<SuggestionStore>();
        services.AddSingleton<FindSuggestions>();
        services.AddSingleton<ApplySuggestions>();
        services.AddSingleton<ApplyThroughApi>();
        services.AddJoin<CommentAdded, TouchRequest>();

        services.AddSingleton<NotebookMerges>();
        services.AddSingleton<SuspectNotebooks>();
        services.AddSingleton<JudgeConflicts>();
        services.AddSingleton<LoadConflicts>();
        services.AddSingleton<ResolveConflicts>();
        services.AddSingleton<SignCommit>();
        services.AddSingleton(provider => new CheckMergeability(
            provider.GetRequiredService<GitRepositories>(), provider.GetRequiredService<ThreadStore>(), provider.GetRequiredService<JudgeConflicts>()));
        services.AddSingleton<FinishMerge>();
        services.AddHostedService(provider => provider.GetRequiredService<FinishMerge>());
        services.AddSingleton<MergeBranches>();
        services.AddHandler<MergeRequestMerged, PromoteChoice>();

        services.AddSingleton<BuildReport>();
        services.AddSingleton<ChooseCandidate>();

        services.AddSingleton<NotebookCounts>();
        services.AddSingleton<LoadRequest>();
        services.AddSingleton<PrepareComment>();
        services.AddSingleton<DrawFiles>();
        services.AddSingleton<ShapeRequest>();
        services.AddSingleton<ShapeThread>();
        services.AddSlot<CandidatePageContext, RequestsOfCandidate>(order: 10);
        services.AddSlot<JobPageContext, RequestsOfJob>(order: 10);
        services.AddProjectArea(new ProjectArea("Merge requests", 20, "merge_requests", Role.None));
        return services;
    }

    public static IEndpointRouteBuilder MapMergeRequests(this IEndpointRouteBuilder app)
    {
        RequestForms.Map(app);
        ThreadForms.Map(app);
        SuggestionForms.Map(app);
        ConflictForms.Map(app);
        MergeRequestApi.Map(app);
        ChangesApi.Map(app);
        DiscussionApi.Map(app);
        NoteApi.Map(app);
        SuggestionApi.Map(app);
        ConflictApi.Map(app);
        ChoiceApi.Map(app);
        return app;
    }
}
