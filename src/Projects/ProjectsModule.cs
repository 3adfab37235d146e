using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;
using Squero.Kernel;

namespace Squero.Projects;

/// <summary>Namespaces, projects, visibility, members, roles: who may do what.</summary>
public static class ProjectsModule
{
    public static IServiceCollection AddProjects(this IServiceCollection services)
    {
        services.AddMigrations(typeof(ProjectsModule).Assembly);
        services.AddSingleton<ProjectStore>();
        services.AddSingleton<NamespaceStore>();
        services.AddSingleton<MemberStore>();
        services.AddSingleton<GroupMembers>();
        services.AddSingleton<ProjectDoor>();
        services.AddSingleton<ProjectListing>();
        services.AddSingleton<CreateProject>();
        services.AddJoin<PersonCreated, GiveNamespace>();
        services.AddProjectArea(new ProjectArea("Settings", 90, "settings", Role.Maintainer));
        return services;
    }

    /// <summary>Before routing: turns addresses of projects into routes.</summary>
    public static IApplicationBuilder UseProjectPaths(this IApplicationBuilder app) => app.UseMiddleware<ProjectPaths>();

    public static IEndpointRouteBuilder MapProjects(this IEndpointRouteBuilder app)
    {
        VersionApi.Map(app);
        PersonApi.Map(app);
        ProjectApi.Map(app);
        MemberApi.Map(app);
        GroupApi.Map(app);
        ProjectForms.Map(app);
        return app;
    }
}
