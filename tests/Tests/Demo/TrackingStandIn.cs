using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Squero.Tests.Demo;

/// <summary>Answers what training asks of a tracking server, and remembers it.</summary>
internal sealed class TrackingStandIn : IAsyncDisposable
{
    public const string Token = "stand-in-token";
    private const string Base = "/api/v4/projects/demo%2Fchurn/ml/mlflow";

    private readonly WebApplication app;
    private readonly TaskCompletionSource metricSeen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int failuresLeft;
    private bool exists;

    private TrackingStandIn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(Answer);
    }

    public ConcurrentQueue<Call> Calls { get; } = [];

    public ConcurrentDictionary<string, byte[]> Artifacts { get; } = [];

    /// <summary>Another job makes the experiment between our question and our wish to create it.</summary>
    public bool LosesTheRace { get; init; }

    /// <summary>This many requests, from the third on, are answered with 503.</summary>
    public int Failures { get => failuresLeft; init => failuresLeft = value; }

    public Task MetricSeen => metricSeen.Task;

    public string Uri => app.Urls.Single() + Base;

    public static async Task<TrackingStandIn> Start(
        CancellationToken cancel, bool losesTheRace = false, int failures = 0)
    {
        var server = new TrackingStandIn { LosesTheRace = losesTheRace, Failures = failures };
        await server.app.StartAsync(cancel);
        return server;
    }

    public IEnumerable<JsonNode> Bodies(string path) =>
        Calls.Where(call => call.Path == $"/api/2.0/mlflow/{path}").Select(call => call.Body!);

    /// <summary>Every point of one metric, in the order of arrival.</summary>
    public IReadOnlyList<(long Step, double Value)> Curve(string key) =>
        [.. Bodies("runs/log-batch")
            .SelectMany(body => body["metrics"]?.AsArray() ?? [])
            .Where(point => (string)point!["key"]! == key)
            .Select(point => ((long)point!["step"]!, (double)point["value"]!))];

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task Answer(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        if (http.Request.Headers.Authorization != $"Bearer {Token}")
        {
            await Refuse(http, 401, "UNAUTHENTICATED", "The token is not known.");
            return;
        }

        if (Calls.Count >= 2 && failuresLeft > 0)
        {
            failuresLeft--;
            http.Response.StatusCode = 503;
            return;
        }

        await AnswerKnown(http, buffer.ToArray());
    }

    private async Task AnswerKnown(HttpContext http, byte[] body)
    {
        const string artifacts = "/api/2.0/mlflow-artifacts/artifacts/";
        var path = http.Request.Path.Value!.Replace(Base, "", StringComparison.Ordinal);
        var isArtifact = path.StartsWith(artifacts, StringComparison.Ordinal);
        var json = isArtifact || body.Length == 0 ? null : JsonNode.Parse(body);
        Calls.Enqueue(new Call(http.Request.Method, path, json));
        if (isArtifact)
        {
            Artifacts[path[artifacts.Length..]] = body;
        }

        switch (path.Replace("/api/2.0/mlflow/", "", StringComparison.Ordinal))
        {
            case "experiments/get-by-name" when !exists:
                await Refuse(http, 404, "RESOURCE_DOES_NOT_EXIST", "Could not find experiment with name 'churn'");
                break;
            case "experiments/get-by-name":
                await Write(http, """{"experiment":{"experiment_id":"7","name":"churn"}}""");
                break;
            case "experiments/create":
                exists = true;
                await (LosesTheRace
                    ? Refuse(http, 400, "RESOURCE_ALREADY_EXISTS", "Experiment(name=churn) already exists.")
                    : Write(http, """{"experiment_id":"7"}"""));
                break;
            case "runs/create":
                await Write(http, """
                    {"run":{"info":{"run_id":"r1","run_uuid":"r1","artifact_uri":"mlflow-artifacts:/7/r1/artifacts"}}}
                    """);
                break;
            default:
                await Write(http, "{}");
                if (json?["metrics"] is not null)
                {
                    metricSeen.TrySetResult();
                }

                break;
        }
    }

    private static Task Refuse(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        return Write(http, JsonSerializer.Serialize(new { error_code = code, message }));
    }

    private static Task Write(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json, http.RequestAborted);
    }

    internal sealed record Call(string Method, string Path, JsonNode? Body);
}
