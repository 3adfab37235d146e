using Microsoft.AspNetCore.Http;
using Squero.Kernel;
using Squero.Projects;

namespace Squero.Repositories;

/// <summary>Reading of route and query values that the repository calls share.</summary>
internal static class ApiPlace
{
    public static GitRepository Open(GitRepositories repositories, ProjectAccess access)
    {
        access.RequireCode();
        return repositories.Open(access.Project);
    }

    /// <summary>The ref asked for, the default branch else. HEAD means the default branch.</summary>
    public static string Ref(string? given, Project project) => string.IsNullOrEmpty(given) || given == "HEAD" ? project.DefaultBranch : given;

    public static IReadOnlyList<TOut> Page<TIn, TOut>(HttpContext context, ServerAddress address, IReadOnlyList<TIn> all, Func<TIn, TOut> shape)
    {
        var request = ApiPage.Request(context);
        return ApiPage.Write(context, address, new Page<TIn>([.. all.Skip(request.Skip).Take(request.Size)], all.Count, request), shape);
    }
}
