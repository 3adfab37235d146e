using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Projects;
using Squero.Ui;

namespace Squero.Experiments;

/// <summary>Table of contents of the module: what it registers and what it maps.</summary>
public static class ExperimentsModule
{
    public static IServiceCollection AddExperiments(this IServiceCollection services)
    {
        services.AddMigrations(typeof(ExperimentsModule).Assembly);
        services.AddSingleton<ExperimentStore>();
        services.AddSingleton<ExperimentSearch>();
        services.AddSingleton<CandidateStore>();
        services.AddSingleton<CandidateSearch>();
        services.AddSingleton<CandidatePages>();
        services.AddSingleton<CandidateCells>();
        services.AddSingleton<ColumnNames>();
        services.AddSingleton<LoadCompared>();
        services.AddSingleton<SavedViewStore>();
        services.AddSingleton<StartCandidate>();
        services.AddSingleton<CandidateEdits>();
        services.AddSingleton(provider => new RemoveForGood(provider.GetRequiredService<Database>(), provider.GetRequiredService<PointTail>()));
        services.AddSingleton<CandidateInputs>();
        services.AddSingleton<CandidateFiles>();
        services.AddSingleton<FileUploads>();
        services.AddSingleton<CheckpointStore>();
        services.AddSingleton<CheckpointMetrics>();
        services.AddSingleton<CheckpointSearch>();
        services.AddSingleton<TraceStore>();
        services.AddSingleton<SpanStore>();
        services.AddSingleton<AssessmentStore>();
        services.AddSingleton<TraceSearch>();
        services.AddSingleton<Scorers>();
        services.AddSingleton<QuestionSets>();
        services.AddSingleton<QuestionStore>();
        services.AddSingleton(provider => new MetricHistory(provider.GetRequiredService<Database>(), provider.GetRequiredService<PointTail>()));
        services.AddSingleton<PointTail>();
        services.AddSingleton(provider => new PointBacklog(provider.GetRequiredService<Database>(), provider.GetRequiredService<PointTail>()));
        services.AddSingleton<TailCompactor>();
        services.AddHostedService(provider => provider.GetRequiredService<TailCompactor>());
        services.AddSingleton(provider => new CandidateLog(provider.GetRequiredService<Database>(), provider.GetRequiredService<PointTail>(), provider.GetRequiredService<CandidatePulse>(), provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService(provider => provider.GetRequiredService<CandidateLog>());
        services.TryAddSingleton(new ExperimentLimits());
        services.AddSingleton<FindLostCandidates>();
        services.AddHostedService(provider => provider.GetRequiredService<FindLostCandidates>());
        services.AddSingleton<OriginSource>();
        services.AddSingleton<ReadClaims>();
        services.TryAddSingleton(TagMeanings.None);
        services.AddSingleton<CandidatePulse>();
        services.TryAddSingleton(new LiveLimits());
        services.AddSingleton<FollowCandidate>();
        services.AddSingleton<ReadNews>();
        services.AddJoin<CandidateFinished, BeatOnEnd>();
        services.AddHandler<JobFinished, CloseCandidatesOfJob>();
        services.AddJoin<ProjectCreated, GiveDefaultExperiment>();
        services.AddSlot<JobPageContext, JobCandidates>(order: 30);
        services.AddProjectArea(new ProjectArea("Experiments", 30, "experiments", Role.None));
        return services;
    }

    public static IEndpointRouteBuilder MapExperiments(this IEndpointRouteBuilder app)
    {
        CandidateEndpoints.Map(app);
        TableEndpoints.Map(app);
        ViewForms.Map(app);
        RemovalApi.Map(app);
        return app;
    }
}
