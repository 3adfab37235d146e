using Squero.Accounts;
using Squero.Deployments;
using Squero.Discussions;
using Squero.Experiments;
using Squero.Kernel;
using Squero.MergeRequests;
using Squero.Mlflow;
using Squero.Pipelines;
using Squero.Projects;
using Squero.Registry;
using Squero.Repositories;
using Squero.Ui;

namespace Squero.Server;

/// <summary>The modules, in reading order. Deleting a module is deleting its folder and its lines here.</summary>
internal static class Composition
{
    public static IServiceCollection AddModules(this IServiceCollection services) =>
        services
            .AddUi()
            .AddAccounts()
            .AddProjects()
            .AddRepositories()
            .AddDiscussions()
            .AddPipelines()
            .AddExperiments()
            .AddRegistry()
            .AddMergeRequests()
            .AddDeployments()
            .AddMlflow();

    public static void MapModules(this IEndpointRouteBuilder app)
    {
        app.MapGroup("").OpenToAll().MapUi();
        app.MapAccounts();
        app.MapProjects();
        app.MapRepositories();
        app.MapDiscussions();
        app.MapPipelines();
        app.MapExperiments();
        app.MapRegistry();
        app.MapMergeRequests();
        app.MapDeployments();
        app.MapMlflow();
    }

    /// <summary>Assemblies with pages.</summary>
    public static System.Reflection.Assembly[] PageAssemblies { get; } =
    [
        typeof(UiModule).Assembly,
        typeof(AccountsModule).Assembly,
        typeof(ProjectsModule).Assembly,
        typeof(RepositoriesModule).Assembly,
        typeof(DiscussionsModule).Assembly,
        typeof(PipelinesModule).Assembly,
        typeof(ExperimentsModule).Assembly,
        typeof(RegistryModule).Assembly,
        typeof(MergeRequestsModule).Assembly,
        typeof(DeploymentsModule).Assembly,
    ];
}
