using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Squero.Accounts;
using Squero.Kernel;
using Squero.Projects;
using Squero.Repositories;
using Squero.Ui;

namespace Squero.Pipelines;

/// <summary>Pipelines and their jobs: read from a repository, planned, handed to runners, followed to their end.</summary>
public static class PipelinesModule
{
    public static IServiceCollection AddPipelines(this IServiceCollection services)
    {
        services.AddMigrations(typeof(PipelinesModule).Assembly);
        services.TryAddSingleton(new PipelineOptions());
        services.AddSingleton<PipelineStore>();
        services.AddSingleton<JobStore>();
        services.AddSingleton<RunnerStore>();
        services.AddSingleton<SecretBox>();
        services.AddSingleton<VariableStore>();
        AddJobs(services);
        AddRunnerApi(services);
        services.AddSingleton<IPushObserver, WarnPusher>();
        services.AddHandler<BranchPushed, PipelinesForPushes>();
        services.AddHandler<TagPushed, PipelinesForTags>();
        services.AddHandler<PipelineToStart, StartPipeline>();
        services.AddSlot<ProjectSettingsContext, VariablesLink>(order: 10);
        services.AddAdminArea(new AdminArea("Runners", 20, "runners"));
        services.AddProjectArea(new ProjectArea("Pipelines", 50, "pipelines", Role.None));
        return services;
    }

    public static IEndpointRouteBuilder MapPipelines(this IEndpointRouteBuilder app)
    {
        RunnerEndpoints.Map(app);
        JobEndpoints.Map(app);
        LogEndpoints.Map(app);
        ArtifactFiles.Map(app);
        PipelineApi.Map(app);
        JobApi.Map(app);
        RunnerApi.Map(app);
        LintApi.Map(app);
        VariableApi.Map(app);
        PipelineForms.Map(app);
        RunnerForms.Map(app);
        return app;
    }

    private static void AddJobs(IServiceCollection services)
    {
        services.AddSingleton<JobQueue>();
        services.AddSingleton<JobBoard>();
        services.AddSingleton<PipelineContexts>();
        services.AddSingleton<InsertPipeline>();
        services.AddSingleton<StartPipeline>();
        services.AddSingleton(provider => new CreatePipeline(
            provider.GetRequiredService<ProjectStore>(), provider.GetRequiredService<GitRepositories>(), provider.GetRequiredService<PipelineContexts>(),
            provider.GetRequiredService<PipelineStore>(), provider.GetRequiredService<InsertPipeline>(), provider.GetRequiredService<StartPipeline>()));
        services.AddSingleton(provider => new CancelJob(provider.GetRequiredService<JobBoard>()));
        services.AddSingleton(provider => new RetryJob(provider.GetRequiredService<JobBoard>()));
        services.AddSingleton(provider => new PlayJob(provider.GetRequiredService<JobBoard>()));
        services.AddSingleton<JobSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<JobSweep>());
    }

    private static void AddRunnerApi(IServiceCollection services)
    {
        services.AddSingleton(provider => new LogStore(
            provider.GetRequiredService<DataFolder>(), provider.GetRequiredService<Database>(), provider.GetRequiredService<PipelineOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ArtifactStore(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<BlobStore>(), provider.GetRequiredService<PipelineOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<JobSources>();
        services.AddSingleton<ClaimJob>();
        services.AddSingleton<JobPayloads>();
        services.AddSingleton<JobRequests>();
        services.AddSingleton<JobReports>();
        services.AddSingleton<ArtifactCalls>();
        services.AddSingleton<JobAnswers>();
        services.AddSingleton<JobWaits>();
        services.AddSingleton<ITokenSource, JobTokens>();
    }
}
