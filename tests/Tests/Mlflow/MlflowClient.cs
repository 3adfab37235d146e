using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Squero.Tests.Mlflow;

/// <summary>Calls of the protocol as one caller.</summary>
internal sealed class MlflowClient(HttpClient http, string project)
{
    public string Root { get; } = $"/api/v4/projects/{Uri.EscapeDataString(project)}/ml/mlflow";

    public HttpClient Http { get; } = http;

    public static MlflowClient With(TestServer server, string token, string project)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new MlflowClient(http, project);
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await SendAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path} answered {(int)answer.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    public Task<HttpResponseMessage> SendAsync(string path, object body) => Http.PostAsJsonAsync($"{Root}/api/2.0/mlflow/{path}", body);

    /// <summary>A body as its client wrote it, valid or not.</summary>
    public Task<HttpResponseMessage> SendTextAsync(string path, string body) =>
        Http.PostAsync($"{Root}/api/2.0/mlflow/{path}", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Http.GetAsync($"{Root}/api/2.0/mlflow/{path}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone();
    }

    public async Task<string> StartAsync(params (string Key, string Value)[] tags)
    {
        var answer = await PostAsync("runs/create", new { experiment_id = "0", tags = tags.Select(tag => new { key = tag.Key, value = tag.Value }) });
        return answer.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    public Task<HttpResponseMessage> PutFileAsync(string run, string path, string content) =>
        Http.PutAsync($"{Root}/api/2.0/mlflow-artifacts/artifacts/0/{run}/artifacts/{path}", new StringContent(content));
}
