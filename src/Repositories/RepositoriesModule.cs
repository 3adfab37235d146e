using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>Git: repositories, transport, pushes, and the pages to look at them.</summary>
public static class RepositoriesModule
{
    public static IServiceCollection AddRepositories(this IServiceCollection services)
    {
        services.AddMigrations(typeof(RepositoriesModule).Assembly);
        services.TryAddSingleton(new RepositoryLimits());
        services.AddSingleton<GitProcess>();
        services.AddSingleton(provider => new GitRepositories(provider.GetRequiredService<DataFolder>(), provider.GetRequiredService<GitProcess>()));
        AddPushes(services);
        AddTransport(services);
        AddBrowsing(services);
        return services;
    }

    public static IEndpointRouteBuilder MapRepositories(this IEndpointRouteBuilder app)
    {
        GitTransport.Map(app);
        RawFiles.Map(app);
        OutputFrames.Map(app);
        RepositoryApi.Map(app);
        return app;
    }

    private static void AddPushes(IServiceCollection services)
    {
        services.AddSingleton<PushLedger>();
        services.AddSingleton<DefaultBranch>();
        services.AddSingleton(provider => new MoveBranch(
            provider.GetRequiredService<GitRepositories>(), provider.GetRequiredService<PushLedger>(), provider.GetRequiredService<DefaultBranch>()));
        services.AddSingleton(provider => new CommitFiles(provider.GetRequiredService<GitRepositories>(), provider.GetRequiredService<MoveBranch>()));
        services.AddSingleton<RecordPush>();
        services.AddHostedService<SettlePushes>();
        services.AddHandler<BranchPushed, TidyRepository>();
    }

    private static void AddTransport(IServiceCollection services)
    {
        services.AddSingleton<TransferTurns>();
        services.AddSingleton<ReceiveSettings>();
        services.AddSingleton<ReceivePack>();
        services.AddSingleton<GitDoor>();
        services.AddSingleton<ServeRefs>();
        services.AddSingleton<ServeFetch>();
        services.AddSingleton<ServePush>();
    }

    private static void AddBrowsing(IServiceCollection services)
    {
        services.AddSingleton<RenderCache>();
        services.AddSingleton<NotebookFiles>();
        services.AddSingleton<LastChanges>();
        services.AddSingleton<WriteCommit>();
        services.AddSingleton(provider => new ChangedFileSource(
            provider.GetRequiredService<GitRepositories>(), provider.GetRequiredService<RenderCache>(), provider.GetRequiredService<NotebookFiles>()));
        services.AddProjectArea(new ProjectArea("Code", 10, "", Role.None));
    }
}
