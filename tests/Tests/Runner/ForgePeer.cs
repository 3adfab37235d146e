using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Squero.RunnerProtocol;

namespace Squero.Tests.Runner;

/// <summary>The other end of the protocol: a small server that hands out prepared jobs and is strict about what comes back.</summary>
internal sealed class ForgePeer : IAsyncDisposable
{
    public const string RunnerToken = "glrt-peer-token";
    private readonly WebApplication app;
    private readonly ConcurrentQueue<JobPayload> waiting = new();
    private readonly ConcurrentDictionary<long, PeerJob> jobs = new();

    private ForgePeer(WebApplication app, PeerRepository repository)
    {
        this.app = app;
        Repository = repository;
    }

    public PeerRepository Repository { get; }

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<ForgePeer> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Logging.ClearProviders();
        var peer = new ForgePeer(builder.Build(), await PeerRepository.CreateAsync(folder));
        peer.Map();
        await peer.app.StartAsync();
        return peer;
    }

    public PeerJob Add(JobPayload job)
    {
        var added = jobs[job.Id] = new PeerJob(job);
        waiting.Enqueue(job);
        return added;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private void Map()
    {
        app.MapPost("/api/v4/jobs/request", OfferAsync);
        app.MapPut("/api/v4/jobs/{id:long}", UpdateAsync);
        app.MapPatch("/api/v4/jobs/{id:long}/trace", PatchAsync);
        app.MapPost("/api/v4/jobs/{id:long}/artifacts", UploadAsync);
        app.MapGet("/api/v4/jobs/{id:long}/artifacts", Download);
        app.Map("/acme/vision.git/{**rest}", Repository.ServeAsync);
    }

    private async Task OfferAsync(HttpContext http)
    {
        var request = await JsonSerializer.DeserializeAsync(http.Request.Body, ProtocolJson.Default.JobRequest);
        if (request?.Token != RunnerToken || http.Request.Headers[RunnerHeaders.RunnerToken] != RunnerToken)
        {
            http.Response.StatusCode = 403;
            return;
        }

        if (!waiting.TryDequeue(out var job))
        {
            http.Response.StatusCode = 204;
            http.Response.Headers[RunnerHeaders.LastUpdate] = "1";
            return;
        }

        http.Response.StatusCode = 201;
        await http.Response.WriteAsJsonAsync(job, ProtocolJson.Default.JobPayload);
    }

    private async Task UpdateAsync(HttpContext http, long id)
    {
        var update = await JsonSerializer.DeserializeAsync(http.Request.Body, ProtocolJson.Default.JobUpdate);
        var job = jobs[id];
        if (update!.Token != job.Payload.Token)
        {
            http.Response.StatusCode = 403;
            return;
        }

        job.Tell(http.Response, job.Take(update));
    }

    private async Task PatchAsync(HttpContext http, long id)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var job = jobs[id];
        var start = TraceRange.ParseStart(http.Request.Headers["Content-Range"]);
        var allowed = http.Request.Headers[RunnerHeaders.JobToken] == job.Payload.Token && start is not null;
        job.Tell(http.Response, allowed ? job.Append(start!.Value, body.ToArray()) : 403);
    }

    private async Task UploadAsync(HttpContext http, long id)
    {
        var job = jobs[id];
        if (http.Request.Headers[RunnerHeaders.JobToken] != job.Payload.Token)
        {
            http.Response.StatusCode = 403;
            return;
        }

        var form = await http.Request.ReadFormAsync();
        var file = form.Files.Single();
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes);
        job.Uploads.Add(new PeerUpload(http.Request.Query[ArtifactParameters.Type]!, http.Request.Query[ArtifactParameters.Format]!, file.FileName, bytes.ToArray()));
        http.Response.StatusCode = 201;
    }

    private IResult Download(HttpContext http, long id) =>
        jobs.TryGetValue(id, out var job) && job.Archive is { } bytes && !string.IsNullOrEmpty(http.Request.Headers[RunnerHeaders.JobToken])
            ? Results.Bytes(bytes, "application/zip")
            : Results.NotFound();
}

internal sealed record PeerUpload(string Type, string Format, string FileName, byte[] Bytes);

/// <summary>What the peer knows of one job, and the faults it is told to show.</summary>
internal sealed class PeerJob(JobPayload payload)
{
    private readonly List<byte> trace = [];
    private readonly TaskCompletionSource<JobUpdate> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource said = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private string awaited = "\0";

    public JobPayload Payload { get; } = payload;

    public List<PeerUpload> Uploads { get; } = [];

    /// <summary>The archive to hand out when another job depends on this one.</summary>
    public byte[]? Archive { get; set; }

    /// <summary>Value of Job-Status in the answers.</summary>
    public string Status { get; set; } = JobStates.Running;

    /// <summary>So many of the next patches are lost after a 500.</summary>
    public int FaultyPatches { get; set; }

    /// <summary>The next patch is answered by forgetting the stored log and 416.</summary>
    public bool ForgetOnce { get; set; }

    /// <summary>So many of the next final reports get a 500.</summary>
    public int FaultyReports { get; set; }

    public string Trace
    {
        get
        {
            lock (gate)
            {
                return Encoding.UTF8.GetString([.. trace]);
            }
        }
    }

    public Task<JobUpdate> EndAsync() => ended.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>Waits until the log holds a text.</summary>
    public Task SaysAsync(string text)
    {
        lock (gate)
        {
            awaited = text;
            Notice();
        }

        return said.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public int Take(JobUpdate update)
    {
        lock (gate)
        {
            if (Status == JobStates.Canceled)
            {
                return 403;
            }

            if (update.State == JobStates.Running)
            {
                return 200;
            }

            if (FaultyReports-- > 0)
            {
                return 500;
            }

            if (update.Output!.Size != trace.Count || update.Output.Checksum != default(Crc32).Append([.. trace]).ToChecksum())
            {
                return 412;
            }
        }

        ended.TrySetResult(update);
        return 200;
    }

    public int Append(long start, byte[] bytes)
    {
        lock (gate)
        {
            if (Status == JobStates.Canceled)
            {
                return 403;
            }

            if (FaultyPatches-- > 0)
            {
                return 500;
            }

            if (ForgetOnce && trace.Count > 0)
            {
                ForgetOnce = false;
                trace.Clear();
            }

            if (start != trace.Count)
            {
                return 416;
            }

            trace.AddRange(bytes);
            Notice();
            return 202;
        }
    }

    public void Tell(HttpResponse response, int status)
    {
        lock (gate)
        {
            response.StatusCode = status;
            response.Headers[RunnerHeaders.JobStatus] = Status;
            response.Headers[RunnerHeaders.TraceUpdateInterval] = "0.2";
            response.Headers["Range"] = string.Create(CultureInfo.InvariantCulture, $"0-{trace.Count}");
        }
    }

    private void Notice()
    {
        if (Encoding.UTF8.GetString([.. trace]).Contains(awaited, StringComparison.Ordinal))
        {
            said.TrySetResult();
        }
    }
}
