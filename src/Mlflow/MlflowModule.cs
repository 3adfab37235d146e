using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Squero.Accounts;
using Squero.Experiments;
using Squero.Kernel;
using Squero.Pipelines;
using Squero.Projects;
using Squero.Registry;

namespace Squero.Mlflow;

/// <summary>Table of contents of the module: the MLflow protocol over Experiments and Registry. It owns no tables.</summary>
public static class MlflowModule
{
    /// <summary>What clients are told to speak to.</summary>
    public const string ProtocolVersion = "3.6.0";

    public static IServiceCollection AddMlflow(this IServiceCollection services)
    {
        services.AddSingleton<IJobContribution, TrackingVariables>();
        services.AddSingleton<IConnectHint, ConnectHint>();
        services.AddSingleton(new TagMeanings(Words.RunName, "mlflow.note.content", "mlflow.parentRunId", "gitlab.CI_JOB_ID", "mlflow.source.git.commit"));
        services.AddSingleton<IHookMessage, HookMessage>();
        services.AddJoin<RegistryChanged, QueueHooks>();
        return services;
    }

    public static IEndpointRouteBuilder MapMlflow(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/v4/projects/{project}/ml/mlflow");
        group.WithMetadata(MlflowDialect.Instance).OpenToJobs();
        var tracking = new MlflowRoutes(group, "mlflow", "2.0");
        ExperimentCalls.Map(tracking);
        RunCalls.Map(tracking);
        LogCalls.Map(tracking);
        HistoryCalls.Map(tracking);
        LoggedModelCalls.Map(tracking);
        ModelCalls.Map(tracking);
        VersionCalls.Map(tracking);
        AliasCalls.Map(tracking);
        WebhookCalls.Map(tracking);
        TraceCalls.Map(new MlflowRoutes(group, "mlflow", "3.0"), new MlflowRoutes(group, "mlflow", "2.0", "3.0"));
        TraceV2Calls.Map(tracking);
        AssessmentCalls.Map(new MlflowRoutes(group, "mlflow", "3.0"));
        ScorerCalls.Map(new MlflowRoutes(group, "mlflow", "3.0"));
        DatasetCalls.Map(new MlflowRoutes(group, "mlflow", "3.0"));
        group.MapPost("/v1/traces", (RequestDelegate)OtlpIngest.AnswerAsync).ForProject(Role.None, Scope.Api).WithMetadata(new AnySize());
        ArtifactCalls.Map(group, tracking);
        MultipartCalls.Map(app, group);
        MapIngest(group);
        group.MapGet("/health", (RequestDelegate)(context => context.Response.WriteAsync("OK", context.RequestAborted))).ForProject(Role.None, Scope.ReadApi);
        group.MapGet("/version", (RequestDelegate)(context => context.Response.WriteAsync(ProtocolVersion, context.RequestAborted)))
            .ForProject(Role.None, Scope.ReadApi);
        group.MapFallback("{**rest}", (RequestDelegate)UnknownAsync).ForProject(Role.None, Scope.ReadApi);
        return app;
    }

    private static void MapIngest(RouteGroupBuilder group)
    {
        foreach (var prefix in (string[])["/api/2.0/mlflow", "/ajax-api/2.0/mlflow"])
        {
            group.MapPost($"{prefix}/runs/log-metric", MlflowRoutes.Answer(MetricCalls.LogMetricAsync, writes: true, readsFields: false))
                .ForProject(Role.None, Scope.Api);
            group.MapPost($"{prefix}/runs/log-batch", MlflowRoutes.Answer(MetricCalls.LogBatchAsync, writes: true, readsFields: false))
                .ForProject(Role.None, Scope.Api);
        }
    }

    private static Task UnknownAsync(HttpContext context) =>
        ArtifactPlace.HasDotSegments(context)
            ? MlflowError.WriteAsync(context, 400, "INVALID_PARAMETER_VALUE", "Invalid path")
            : MlflowError.WriteAsync(context, 404, "ENDPOINT_NOT_FOUND", $"There is no call {context.Request.Method} {context.GetRouteValue("rest")} here.");
}
