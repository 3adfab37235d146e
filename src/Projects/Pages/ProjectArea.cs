using Microsoft.Extensions.DependencyInjection;

namespace Squero.Projects;

/// <summary>An entry of a project's navigation row, contributed by the module that has the pages.</summary>
/// <param name="Word">A word of the domain: "Experiments".</param>
/// <param name="Path">Below the project: "experiments"; empty for the project's own page.</param>
/// <param name="Role">Who sees it.</param>
public sealed record ProjectArea(string Word, int Order, string Path, Role Role);

public static class ProjectAreaRegistration
{
    public static IServiceCollection AddProjectArea(this IServiceCollection services, ProjectArea area) => services.AddSingleton(area);
}
