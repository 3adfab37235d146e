using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Squero.Kernel;

namespace Squero.Server;

/// <summary>The web API as one of the two people uses it.</summary>
internal sealed class StoryClient : IDisposable
{
    private readonly HttpClient http;

    public StoryClient(DemoPerson person, ServerAddress address)
    {
        http = new HttpClient { BaseAddress = address.External, Timeout = TimeSpan.FromMinutes(2) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", person.Token);
    }

    /// <summary>Null when there is no such thing.</summary>
    public async Task<JsonElement?> FindAsync(string path, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(path, cancel);
        return answer.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync(answer, cancel);
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(path, cancel);
        return await ReadAsync(answer, cancel);
    }

    public async Task<JsonElement> PostAsync(string path, object body, CancellationToken cancel)
    {
        using var answer = await http.PostAsJsonAsync(path, body, cancel);
        return await ReadAsync(answer, cancel);
    }

    public async Task<JsonElement> PutAsync(string path, object body, CancellationToken cancel)
    {
        using var answer = await http.PutAsJsonAsync(path, body, cancel);
        return await ReadAsync(answer, cancel);
    }

    public async Task<string> TextAsync(string path, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(path, cancel);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadAsStringAsync(cancel)
            : throw new StoryFailed($"GET {path} answered {(int)answer.StatusCode}.");
    }

    public async Task<bool> IsReadyAsync(string path, CancellationToken cancel)
    {
        using var answer = await http.GetAsync(path, cancel);
        return answer.IsSuccessStatusCode;
    }

    public void Dispose() => http.Dispose();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new StoryFailed($"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery} answered {(int)answer.StatusCode}: {text}");
        }

        return JsonDocument.Parse(text.Length == 0 ? "null" : text).RootElement.Clone();
    }
}
