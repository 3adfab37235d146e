using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Squero.Accounts;
using Squero.Projects;

namespace Squero.Mlflow;

/// <summary>Maps calls under both prefixes of the protocol, each either reading or writing.</summary>
/// <param name="versions">Of the protocol: 2.0 for most calls, 3.0 for younger ones, some under both.</param>
internal sealed class MlflowRoutes(RouteGroupBuilder group, string area, params string[] versions)
{
    private readonly string[] prefixes = [.. versions.SelectMany(version => new[] { $"/api/{version}/{area}", $"/ajax-api/{version}/{area}" })];

    /// <summary>Everybody who can see the project.</summary>
    public void Read(string method, string path, Func<MlflowCall, Task> answer) => Map(method, path, answer, false);

    /// <summary>Developers, and the project's own jobs.</summary>
    public void Write(string method, string path, Func<MlflowCall, Task> answer) => Map(method, path, answer, true);

    /// <summary>Maintainers alone, and no job.</summary>
    public void Maintain(string method, string path, Func<MlflowCall, Task> answer)
    {
        foreach (var prefix in prefixes)
        {
            group.MapMethods($"{prefix}/{path}", [method], Answer(answer, false)).ForProject(Role.Maintainer, Scope.Api);
        }
    }

    /// <summary>Runs a call and writes its failure.</summary>
    public static RequestDelegate Answer(Func<MlflowCall, Task> answer, bool writes, bool readsFields = true) =>
        async context =>
        {
            var access = ProjectAccess.Of(context)!;
            try
            {
                if (writes)
                {
                    CheckWriter(access);
                }

                var fields = readsFields ? await Fields.ReadAsync(context, context.RequestAborted) : null!;
                await answer(new MlflowCall(context, access, fields));
            }
            catch (MlflowError error) when (!context.Response.HasStarted)
            {
                await error.WriteAsync(context);
            }
        };

    private void Map(string method, string path, Func<MlflowCall, Task> answer, bool writes)
    {
        foreach (var prefix in prefixes)
        {
            group.MapMethods($"{prefix}/{path}", [method], Answer(answer, writes)).ForProject(Role.None, writes ? Scope.Api : Scope.ReadApi);
        }
    }

    /// <summary>Refuses whoever may not write experiments of the project.</summary>
    public static void CheckWriter(ProjectAccess access)
    {
        // The gate lets a job token into its own project only.
        if (access.Can(Role.Developer) || access.Caller.Kind == CallerKind.Job)
        {
            return;
        }

        throw access.Caller.IsSignedIn
            ? MlflowError.Denied("Permission denied: you need the role developer to write experiments of this project.")
            : new MlflowError(401, "UNAUTHENTICATED", "You are not authenticated. Set MLFLOW_TRACKING_TOKEN to an access token of yours.");
    }
}
