using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Squero.RunnerProtocol;

namespace Squero.Runner;

/// <summary>The runner's side of the protocol: one method per call, with the tries that a passing fault deserves.</summary>
internal sealed class ServerConnection : IDisposable
{
    private const int Tries = 5;
    private const long MaxPayloadBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);
    private readonly HttpClient client;
    private readonly RunnerOptions options;
    private readonly TimeProvider time;
    private readonly string system;

    public ServerConnection(RunnerOptions options, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        system = RunnerSelf.SystemId();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !options.Server.IsLoopback };
        client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MaxPayloadBytes };
        client.BaseAddress = new Uri(options.Server.AbsoluteUri.TrimEnd('/') + "/");
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("squero-runner", RunnerSelf.Version));
    }

    public async Task<JobOffer> RequestJobAsync(string? lastUpdate, CancellationToken cancel)
    {
        var body = new JobRequest { Token = options.Token, SystemId = system, LastUpdate = lastUpdate, Info = RunnerSelf.Describe(options) };
        using var limit = Limit(cancel);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, RunnerPaths.RequestJob);
            request.Headers.Add(RunnerHeaders.RunnerToken, options.Token);
            request.Content = JsonContent.Create(body, ProtocolJson.Default.JobRequest);
            using var response = await client.SendAsync(request, limit.Token).ConfigureAwait(false);
            return await ReadOfferAsync(response, lastUpdate, limit.Token).ConfigureAwait(false);
        }
        catch (Exception problem) when (IsPassing(problem, cancel))
        {
            return new JobOffer.Failed(problem.Message);
        }
    }

    public Task<ServerAnswer> UpdateAsync(JobPayload job, JobUpdate update, CancellationToken cancel) =>
        AskAsync(() => ForJob(HttpMethod.Put, RunnerPaths.Job(job.Id), job.Token, JsonContent.Create(update with { Token = job.Token }, ProtocolJson.Default.JobUpdate)), cancel);

    /// <summary>Sends a piece of log that begins at <paramref name="start"/>.</summary>
    public Task<ServerAnswer> PatchTraceAsync(JobPayload job, long start, ReadOnlyMemory<byte> bytes, CancellationToken cancel) =>
        AskAsync(() => ForJob(HttpMethod.Patch, RunnerPaths.Trace(job.Id) + "?debug_trace=false", job.Token, TracePiece(start, bytes)), cancel);

    /// <summary>Streams one artifact file. It may take long: only <paramref name="cancel"/> ends it.</summary>
    public async Task<HttpStatusCode> UploadAsync(JobPayload job, JobArtifact artifact, string path, string fileName, CancellationToken cancel)
    {
        var query = $"?{ArtifactParameters.Type}={Uri.EscapeDataString(artifact.ArtifactType ?? ArtifactTypes.Archive)}"
            + $"&{ArtifactParameters.Format}={Uri.EscapeDataString(artifact.ArtifactFormat ?? ArtifactFormats.Zip)}"
            + (artifact.ExpireIn is { } expiry ? $"&{ArtifactParameters.ExpireIn}={Uri.EscapeDataString(expiry)}" : "");
        using var response = await SendAsync(
            () => ForJob(HttpMethod.Post, RunnerPaths.Artifacts(job.Id) + query, job.Token, FileForm(path, fileName)), Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
        return response?.StatusCode ?? 0;
    }

    /// <summary>Streams a dependency's archive into a file.</summary>
    public async Task<HttpStatusCode> DownloadAsync(JobDependency dependency, string path, long limit, CancellationToken cancel)
    {
        using var response = await SendAsync(
            () => ForJob(HttpMethod.Get, RunnerPaths.Artifacts(dependency.Id), dependency.Token, null), Timeout.InfiniteTimeSpan, cancel).ConfigureAwait(false);
        if (response is not { StatusCode: HttpStatusCode.OK })
        {
            return response?.StatusCode ?? 0;
        }

        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
        await using var body = await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
        return await BoundedCopy.TryAsync(body, file, limit, cancel).ConfigureAwait(false) is null
            ? HttpStatusCode.RequestEntityTooLarge
            : HttpStatusCode.OK;
    }

    public void Dispose() => client.Dispose();

    private static async Task<JobOffer> ReadOfferAsync(HttpResponseMessage response, string? lastUpdate, CancellationToken cancel)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.Created:
                var job = await response.Content.ReadFromJsonAsync(ProtocolJson.Default.JobPayload, cancel).ConfigureAwait(false);
                return job is null ? new JobOffer.Failed("The server's job is empty.") : new JobOffer.Taken(job);
            case HttpStatusCode.NoContent:
                return new JobOffer.Nothing(ServerAnswer.First(response, RunnerHeaders.LastUpdate) ?? lastUpdate);
            case HttpStatusCode.Conflict:
                return new JobOffer.Nothing(lastUpdate);
            case HttpStatusCode.Forbidden:
                return new JobOffer.Unknown();
            default:
                return new JobOffer.Failed($"The server answered {(int)response.StatusCode}.");
        }
    }

    private static HttpRequestMessage ForJob(HttpMethod method, string path, string token, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Add(RunnerHeaders.JobToken, token);
        return request;
    }

    private static ReadOnlyMemoryContent TracePiece(long start, ReadOnlyMemory<byte> bytes)
    {
        var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        content.Headers.TryAddWithoutValidation("Content-Range", TraceRange.ForPatch(start, bytes.Length));
        return content;
    }

    private static MultipartFormDataContent FileForm(string path, string fileName)
    {
        var content = new StreamContent(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return new MultipartFormDataContent { { content, ArtifactParameters.FilePart, fileName } };
    }

    private async Task<ServerAnswer> AskAsync(Func<HttpRequestMessage> make, CancellationToken cancel)
    {
        using var response = await SendAsync(make, CallTimeout, cancel).ConfigureAwait(false);
        return response is null ? ServerAnswer.Unreachable : ServerAnswer.From(response);
    }

    /// <summary>Repeats a call after passing faults, waiting as long as the server asks. Null: it could not be reached.</summary>
    private async Task<HttpResponseMessage?> SendAsync(Func<HttpRequestMessage> make, TimeSpan timeout, CancellationToken cancel)
    {
        var wait = TimeSpan.FromSeconds(0.1);
        for (var turn = 1; ; turn++)
        {
            HttpResponseMessage? response = null;
            using var request = make();
            using var limit = Limit(cancel, timeout);
            try
            {
                response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            }
            catch (Exception problem) when (IsPassing(problem, cancel))
            {
                // The next turn may find the server again.
            }

            if (turn == Tries || (response is not null && !IsPassing(response.StatusCode)))
            {
                return response;
            }

            var asked = response?.Headers.RetryAfter?.Delta;
            response?.Dispose();
            await Task.Delay(asked < LongestWait ? asked.Value : wait, time, cancel).ConfigureAwait(false);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private static CancellationTokenSource Limit(CancellationToken cancel, TimeSpan? timeout = null)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout ?? CallTimeout);
        return limit;
    }

    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status is >= 500 and not 501;

    private static bool IsPassing(Exception problem, CancellationToken cancel) =>
        !cancel.IsCancellationRequested && (problem is HttpRequestException or IOException or OperationCanceledException or JsonException);
}
