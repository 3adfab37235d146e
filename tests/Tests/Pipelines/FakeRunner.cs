using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Squero.RunnerProtocol;

namespace Squero.Tests.Pipelines;

/// <summary>Speaks the runner's side of the protocol over HTTP, without executing anything.</summary>
internal sealed class FakeRunner(HttpClient http, string token)
{
    private string? lastUpdate;

    public string Token { get; } = token;

    public string SystemId { get; init; } = "s_0123456789ab";

    public bool EndsGracefully { get; init; } = true;

    /// <summary>Null when there is nothing to do.</summary>
    public async Task<FakeJob?> AskAsync(bool wait = false)
    {
        var request = new JobRequest
        {
            Token = Token,
            SystemId = SystemId,
            LastUpdate = wait ? lastUpdate : null,
            Info = new RunnerDetails
            {
                Name = "fake",
                Features = new Dictionary<string, JsonElement>
                {
                    ["cancel_gracefully"] = JsonSerializer.SerializeToElement(EndsGracefully),
                },
            },
        };
        using var answer = await http.PostAsJsonAsync("/api/v4/jobs/request", request, ProtocolJson.Default.JobRequest);
        if (answer.StatusCode == HttpStatusCode.NoContent)
        {
            lastUpdate = answer.Headers.GetValues(RunnerHeaders.LastUpdate).Single();
            return null;
        }

        if (answer.StatusCode == HttpStatusCode.Conflict)
        {
            return null;
        }

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var payload = await answer.Content.ReadFromJsonAsync(ProtocolJson.Default.JobPayload);
        return new FakeJob(http, payload!);
    }

    /// <summary>The next job, which must have this name.</summary>
    public async Task<FakeJob> TakeAsync(string name)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if (await AskAsync() is { } job)
            {
                Assert.Equal(name, job.Name);
                return job;
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"The job {name} never came.");
    }
}

/// <summary>A job in the hands of the fake runner.</summary>
internal sealed class FakeJob(HttpClient http, JobPayload payload)
{
    public JobPayload Payload { get; } = payload;

    public long Id => Payload.Id;

    public string Name => Payload.JobInfo.Name;

    public string? Variable(string key) => Payload.Variables.LastOrDefault(variable => variable.Key == key)?.Value;

    public Task<HttpResponseMessage> TouchAsync() => PutAsync(new JobUpdate { Token = Payload.Token, State = JobStates.Running });

    public Task<HttpResponseMessage> SucceedAsync() => PutAsync(new JobUpdate { Token = Payload.Token, State = JobStates.Success });

    public Task<HttpResponseMessage> FailAsync(string reason = FailureReasons.Script, int? exitCode = 1) =>
        PutAsync(new JobUpdate { Token = Payload.Token, State = JobStates.Failed, FailureReason = reason, ExitCode = exitCode });

    public Task<HttpResponseMessage> PutAsync(JobUpdate update) =>
        http.PutAsJsonAsync(RunnerPaths.Job(Id), update, ProtocolJson.Default.JobUpdate);

    public Task<HttpResponseMessage> LogAsync(long start, string text) => LogAsync(start, Encoding.UTF8.GetBytes(text));

    public async Task<HttpResponseMessage> LogAsync(long start, byte[] bytes)
    {
        using var request = Call(HttpMethod.Patch, RunnerPaths.Trace(Id));
        request.Content = new ByteArrayContent(bytes);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        request.Content.Headers.TryAddWithoutValidation("Content-Range", TraceRange.ForPatch(start, bytes.Length));
        return await http.SendAsync(request);
    }

    public async Task<HttpResponseMessage> UploadAsync(string type, string format, string filename, byte[] bytes, string? expireIn = null)
    {
        using var request = Call(HttpMethod.Post, $"{RunnerPaths.Artifacts(Id)}?artifact_type={type}&artifact_format={format}&expire_in={expireIn}");
        var form = new MultipartFormDataContent();
        form.Add(new StreamContent(new MemoryStream(bytes)), "file", filename);
        request.Content = form;
        request.Headers.TransferEncodingChunked = true;
        return await http.SendAsync(request);
    }

    public async Task<HttpResponseMessage> DownloadAsync(long otherJob)
    {
        using var request = Call(HttpMethod.Get, RunnerPaths.Artifacts(otherJob));
        return await http.SendAsync(request);
    }

    public HttpRequestMessage Call(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add(RunnerHeaders.JobToken, Payload.Token);
        return request;
    }
}
